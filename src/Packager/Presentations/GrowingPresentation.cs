using System.Collections.Immutable;

namespace Movento.Packager.Presentations;

/// <summary>
/// A film that can be played while it is still made: as far as it goes, and what stays as it is until its end (docs/formats/presentation.md). Its
/// renditions are the same from the first time that it is given out; they only get longer. Its manifests name segments with URLs of their own, below
/// <c>segments/</c>, which the whole presentation has too.
/// </summary>
public sealed record GrowingPresentation
{
    /// <summary>Every rendition, with a segment at least each.</summary>
    public required ImmutableArray<GrowingRendition> Renditions { get; init; }

    /// <summary>EXT-X-TARGETDURATION from the first to the last time: no segment will be longer. Whole seconds.</summary>
    public required long TargetDuration { get; init; }

    /// <summary>How long the whole film will be, where that is known.</summary>
    public TimeSpan? ExpectedDuration { get; init; }

    /// <summary>See <see cref="Presentation.Chapters"/>: the same from the first time on, as dates in a playlist may neither come nor go.</summary>
    public ImmutableArray<Chapter> Chapters { get; init; } = [];

    /// <summary>When it was first given out.</summary>
    public required DateTimeOffset StartedAt { get; init; }

    /// <summary>When it grew last.</summary>
    public required DateTimeOffset GrownAt { get; init; }

    /// <summary>What can be played of it now.</summary>
    public Presentation Playable => new() { Renditions = [.. Renditions.Select(rendition => rendition.Rendition)] };
}
