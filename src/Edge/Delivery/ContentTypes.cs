using Movento.Packager.Presentations;

namespace Movento.Edge.Delivery;

/// <summary>The media types of what the edge serves.</summary>
internal static class ContentTypes
{
    /// <summary>RFC 8216 §10.</summary>
    public const string Hls = "application/vnd.apple.mpegurl";

    /// <summary>ISO/IEC 23009-1 Annex C.</summary>
    public const string Dash = "application/dash+xml";

    /// <summary>RFC 8216 §3.5 and W3C WebVTT §9.</summary>
    public const string WebVtt = "text/vtt";

    public const string Video = "video/mp4";

    public const string Audio = "audio/mp4";

    /// <summary>RFC 4337: MP4 with neither pictures nor sound.</summary>
    public const string Text = "application/mp4";

    public const string Jpeg = "image/jpeg";

    /// <summary>A key's bytes.</summary>
    public const string Key = "application/octet-stream";

    /// <summary>A ClearKey licence.</summary>
    public const string Json = "application/json";

    /// <summary>RFC 9457.</summary>
    public const string Problem = "application/problem+json";

    /// <summary>Of a CMAF file.</summary>
    public static string Of(TrackKind kind) => kind switch
    {
        TrackKind.Audio => Audio,
        TrackKind.Text => Text,
        _ => Video,
    };
}
