using Movento.Packager.Verification.Media;

namespace Movento.Packager.Verification.Playlists;

/// <summary>A tag with its attributes, of a multivariant playlist.</summary>
internal sealed record PlaylistEntry(string Tag, AttributeList Attributes, FindingLocation Location)
{
    /// <summary>Of the playlist that it names, below the root; null for none.</summary>
    public string? Playlist { get; set; }
}

/// <summary>A multivariant playlist (RFC 8216bis §4.4.6), read.</summary>
internal sealed class ParsedMultivariantPlaylist
{
    public required string Address { get; init; }

    public List<PlaylistEntry> Media { get; } = [];

    public List<PlaylistEntry> Variants { get; } = [];

    public List<PlaylistEntry> IFrameVariants { get; } = [];

    public bool HasIndependentSegments { get; set; }
}

/// <summary>A media playlist (§4.4.3), read.</summary>
internal sealed class ParsedMediaPlaylist
{
    public required TrackDeclaration Track { get; init; }

    public string Address => Track.Manifest;

    public int Version { get; set; } = 1;

    public int? TargetDuration { get; set; }

    public int TargetDurationLine { get; set; }

    public bool HasEndList { get; set; }

    public bool IsIFramesOnly { get; set; }

    public bool HasIndependentSegments { get; set; }
}
