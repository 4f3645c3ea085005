using System.Collections.Immutable;
using Movento.Packager.IsoBmff;
using Movento.Packager.IsoBmff.Boxes;
using Movento.Packager.Tracks;

namespace Movento.Packager.Verification.Media;

/// <summary>What an initialization segment says: ftyp and moov (ISO/IEC 14496-12 §8.8, ISO/IEC 23000-19 §7.3.1).</summary>
internal sealed class InitializationSegment
{
    public required string Address { get; init; }

    public required ImmutableArray<InitializationTrack> Tracks { get; init; }

    /// <summary>Key ids that pssh boxes in the moov list; those of version 0 list none.</summary>
    public required ImmutableArray<UInt128> SystemKeyIds { get; init; }

    /// <summary>The pictures where there are any, else the first track: whose times the segments follow.</summary>
    public InitializationTrack Leading => Tracks.FirstOrDefault(track => track.Handler == Hdlr.Video) ?? Tracks[0];

    public InitializationTrack? Find(uint trackId)
    {
        foreach (var track in Tracks)
        {
            if (track.Id == trackId)
                return track;
        }

        return null;
    }
}

/// <summary>One track of an initialization segment.</summary>
internal sealed record InitializationTrack
{
    private static readonly FourCC Text = FourCC.Of("text"u8);
    private static readonly FourCC Subtitles = FourCC.Of("subt"u8);

    public required uint Id { get; init; }

    public required FourCC Handler { get; init; }

    public required uint Timescale { get; init; }

    /// <summary>Of the sample entry, or of the one behind its encryption.</summary>
    public required FourCC Format { get; init; }

    /// <summary>The codec and its facts, where this library reads them.</summary>
    public SampleEntry? Entry { get; init; }

    /// <summary>Bytes of the length before each NAL unit; 0 where there are none.</summary>
    public int NalLengthSize { get; init; }

    public TrackProtection? Protection { get; init; }

    public Trex Defaults { get; init; }

    /// <summary>What the edit list adds to composition times, in ticks.</summary>
    public long PresentationShift { get; init; }

    /// <summary><c>video</c>, <c>audio</c>, <c>text</c>, or the handler.</summary>
    public string Kind => Handler == Hdlr.Video ? "video" : Handler == Hdlr.Audio ? "audio" : Handler == Text || Handler == Subtitles ? "text" : Handler.ToString();

    public bool IsVideo => Handler == Hdlr.Video;

    public double Seconds(long ticks) => (double)ticks / Timescale;
}

/// <summary>schm and tenc (ISO/IEC 14496-12 §8.12, ISO/IEC 23001-7 §8.2).</summary>
internal sealed record TrackProtection(FourCC Scheme, UInt128 KeyId, bool IsProtected, int VectorSize);
