namespace Movento.Edge.Delivery;

/// <summary>The media types of what the edge serves.</summary>
internal static class ContentTypes
{
    /// <summary>RFC 8216 §10.</summary>
    public const string Hls = "application/vnd.apple.mpegurl";

    /// <summary>ISO/IEC 23009-1 Annex C.</summary>
    public const string Dash = "application/dash+xml";

    public const string Video = "video/mp4";

    public const string Audio = "audio/mp4";

    public const string Jpeg = "image/jpeg";

    /// <summary>RFC 9457.</summary>
    public const string Problem = "application/problem+json";
}
