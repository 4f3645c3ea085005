using System.Collections.Immutable;
using Movento.Packager.IsoBmff;
using Movento.Packager.Presentations;

namespace Movento.Packager.Tracks;

/// <summary>What a source file has: see <see cref="SourceFile.ReadOutlineAsync"/>.</summary>
/// <param name="Tracks">In the order of the file, those that are not packaged among them.</param>
public sealed record SourceOutline(ImmutableArray<OutlinedTrack> Tracks);

/// <summary>One track of a source file.</summary>
public sealed record OutlinedTrack
{
    /// <summary>track_ID: what <see cref="Cmaf.CmafSettings.TrackId"/> wants.</summary>
    public required uint TrackId { get; init; }

    /// <summary>What it is packaged as; null for what is not packaged at all, such as time codes and metadata.</summary>
    public required TrackKind? Kind { get; init; }

    /// <summary>The handler type, such as <c>vide</c>.</summary>
    public required FourCC Handler { get; init; }

    /// <summary>The type of its first sample entry, such as <c>hvc1</c> or <c>tx3g</c>; null where it has none.</summary>
    public required FourCC? SampleEntry { get; init; }

    /// <summary>The codec string, RFC 6381; null where <see cref="Refusal"/> is there.</summary>
    public string? Codecs { get; init; }

    /// <summary>A BCP 47 tag, or null where it is unknown.</summary>
    public string? Language { get; init; }

    /// <summary>Ticks a second of its times.</summary>
    public required uint Timescale { get; init; }

    /// <summary>From presentation time zero to the end of the track; of a track that is refused, what its headers say, zero for nothing.</summary>
    public required TimeSpan Duration { get; init; }

    /// <summary>What the pictures are like, their frame rate measured; null for other kinds.</summary>
    public VideoFormat? Video { get; init; }

    /// <summary>What the sound is like; null for other kinds.</summary>
    public AudioFormat? Audio { get; init; }

    /// <summary>Why the track cannot be packaged; null where it can.</summary>
    public MediaFormatException? Refusal { get; init; }
}
