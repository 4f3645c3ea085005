using Movento.Packager.Presentations;

namespace Movento.Ingest.Probe;

/// <summary>A track of subtitles that are text, as it lies in the file.</summary>
internal sealed record SubtitleFacts
{
    /// <summary>Its stream index in the file.</summary>
    public required int Stream { get; init; }

    /// <summary>As ffprobe names it.</summary>
    public required string Codec { get; init; }

    /// <summary>A BCP 47 language tag, or null.</summary>
    public string? Language { get; init; }

    /// <summary>What its author called it, or null.</summary>
    public string? Title { get; init; }

    /// <summary>Whether the file marks it as the one to show unasked.</summary>
    public bool IsDefault { get; init; }

    /// <summary>What it is for, as the file marks it.</summary>
    public TrackRole Role { get; init; } = TrackRole.Subtitle;
}
