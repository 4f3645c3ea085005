using System.Collections.Immutable;
using Movento.Packager.IsoBmff;
using Movento.Packager.Presentations;
using Movento.Packager.Tracks.SampleEntries;

namespace Movento.Packager.Tracks;

/// <summary>How the samples of a track are coded: the one entry of its stsd (ISO/IEC 14496-12 §8.5.2), understood and cleaned.</summary>
public sealed record SampleEntry
{
    /// <summary>The codec string, RFC 6381.</summary>
    public required string Codecs { get; init; }

    /// <summary>See <see cref="Rendition.SupplementalCodecs"/>.</summary>
    public string? SupplementalCodecs { get; init; }

    /// <summary>The box to be written: what the decoder needs, and nothing of the source's own bookkeeping.</summary>
    public required ImmutableArray<byte> Box { get; init; }

    /// <summary>What the pictures are like, without their frame rate; null for sound.</summary>
    public VideoFormat? Video { get; init; }

    /// <summary>What the sound is like; null for pictures.</summary>
    public AudioFormat? Audio { get; init; }

    /// <summary>Bytes of the length before each NAL unit; 0 for codecs without NAL units.</summary>
    internal int NalLengthSize { get; init; }

    /// <summary>How long a decoder must run before what comes out is right; zero where every sample is.</summary>
    internal TimeSpan PreRoll { get; init; }

    /// <summary>The brands that a file with this entry must have, besides those of every file.</summary>
    internal ImmutableArray<FourCC> Brands { get; init; } = [];

    /// <summary>Reads an entry; each codec does so in a file of its own in SampleEntries/.</summary>
    /// <param name="entry">The body of the entry.</param>
    /// <exception cref="MediaFormatException">The codec is not packaged, or its parameters are wrong.</exception>
    public static SampleEntry Read(scoped ref BoxReader entry) => entry.Type switch
    {
        BoxType.Avc1 or BoxType.Avc3 => AvcSampleEntry.Read(ref entry),
        BoxType.Hvc1 or BoxType.Hev1 or BoxType.Dvh1 or BoxType.Dvhe => HevcSampleEntry.Read(ref entry),
        BoxType.Av01 => Av1SampleEntry.Read(ref entry),
        BoxType.Vp09 => Vp9SampleEntry.Read(ref entry),
        BoxType.Mp4a => AacSampleEntry.Read(ref entry),
        BoxType.Opus => OpusSampleEntry.Read(ref entry),
        BoxType.Ac3 or BoxType.Ec3 => Ac3SampleEntry.Read(ref entry),
        BoxType.Wvtt or BoxType.Tx3g => TextSampleEntry.Read(ref entry),
        _ => throw UnpackagedCodec.Error(entry),
    };
}
