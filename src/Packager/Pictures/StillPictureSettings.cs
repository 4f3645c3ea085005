using Movento.Packager.Presentations;

namespace Movento.Packager.Pictures;

/// <summary>What the caller decides about still pictures; everything else is measured.</summary>
public sealed record StillPictureSettings
{
    /// <summary>See <see cref="Rendition.Id"/>.</summary>
    public string Id { get; init; } = "i0";

    /// <summary>From one picture to the next; the first is of presentation time zero. Whole milliseconds.</summary>
    public required TimeSpan Interval { get; init; }

    /// <summary>How long the presentation is: the last picture lasts until then, and later ones are left out.</summary>
    public required TimeSpan Duration { get; init; }

    /// <summary>A segment begins at the first picture at or after each multiple of this.</summary>
    public TimeSpan SegmentDuration { get; init; } = TimeSpan.FromSeconds(4);
}
