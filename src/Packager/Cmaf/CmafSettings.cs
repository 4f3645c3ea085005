using Movento.Packager.Presentations;

namespace Movento.Packager.Cmaf;

/// <summary>What the caller decides about a rendition; everything else is measured.</summary>
public sealed record CmafSettings
{
    /// <summary>See <see cref="Rendition.Id"/>.</summary>
    public required string Id { get; init; }

    /// <summary>Which track of the source to take: the first of this kind.</summary>
    public required TrackKind Kind { get; init; }

    /// <summary>A segment ends at the first sync sample at or after this much time; audio segments end at the access unit nearest to it.</summary>
    public TimeSpan SegmentDuration { get; init; } = TimeSpan.FromSeconds(4);

    /// <summary>See <see cref="Rendition.Language"/>.</summary>
    public string? Language { get; init; }

    /// <summary>See <see cref="Rendition.Name"/>.</summary>
    public string? Name { get; init; }

    /// <summary>See <see cref="Rendition.IsDefault"/>.</summary>
    public bool IsDefault { get; init; }
}
