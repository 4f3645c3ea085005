using Movento.Packager.Presentations;

namespace Movento.Packager.Subtitles;

/// <summary>What the caller decides about subtitles; everything else is measured.</summary>
public sealed record SubtitleSettings
{
    /// <summary>See <see cref="Rendition.Id"/>.</summary>
    public required string Id { get; init; }

    /// <summary>How long the presentation is: the track lasts from presentation time zero until then, and what is shown later is left out.</summary>
    public required TimeSpan Duration { get; init; }

    /// <summary>Segments begin at the multiples of this.</summary>
    public TimeSpan SegmentDuration { get; init; } = TimeSpan.FromSeconds(4);

    /// <summary>See <see cref="Rendition.Language"/>.</summary>
    public string? Language { get; init; }

    /// <summary>See <see cref="Rendition.Name"/>.</summary>
    public string? Name { get; init; }

    /// <summary>See <see cref="Rendition.IsDefault"/>.</summary>
    public bool IsDefault { get; init; }

    /// <summary>See <see cref="Rendition.Role"/>.</summary>
    public TrackRole Role { get; init; } = TrackRole.Subtitle;
}

/// <summary>Where the three forms of one rendition's subtitles go; each is written front to back.</summary>
/// <param name="Track"><c>{id}.mp4</c>: a CMAF track file of WebVTT samples.</param>
/// <param name="Segments"><c>{id}.segments.vtt</c>: for HLS, a whole WebVTT text for each segment, one after another.</param>
/// <param name="Sidecar"><c>{id}.vtt</c>: all cues in one WebVTT text.</param>
public sealed record SubtitleOutputs(Stream Track, Stream Segments, Stream Sidecar);
