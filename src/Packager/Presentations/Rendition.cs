using System.Collections.Immutable;

namespace Movento.Packager.Presentations;

/// <summary>What a rendition carries.</summary>
public enum TrackKind
{
    /// <summary>Pictures.</summary>
    Video,

    /// <summary>Sound.</summary>
    Audio,
}

/// <summary>One track at one quality: one CMAF file (ISO/IEC 23000-19 §7.3.4, a CMAF track file with one sidx).</summary>
public sealed record Rendition
{
    /// <summary>Names the rendition and its file <c>{Id}.mp4</c>: 1 to 32 of <c>a-z 0-9 -</c>.</summary>
    public required string Id { get; init; }

    /// <summary>Pictures or sound.</summary>
    public required TrackKind Kind { get; init; }

    /// <summary>The codec string of RFC 6381, read from the parameter sets, such as <c>avc1.64001f</c> or <c>mp4a.40.2</c>.</summary>
    public required string Codecs { get; init; }

    /// <summary>Ticks a second of every time in this rendition.</summary>
    public required uint Timescale { get; init; }

    /// <summary>The bytes of the CMAF header (ftyp and moov).</summary>
    public required ByteRange Initialization { get; init; }

    /// <summary>The bytes of the one sidx.</summary>
    public required ByteRange SegmentIndex { get; init; }

    /// <summary>The segments in order; they touch one another in bytes and in time.</summary>
    public required ImmutableArray<Segment> Segments { get; init; }

    /// <summary>Samples in all segments: frames of video, access units of audio.</summary>
    public required long SampleCount { get; init; }

    /// <summary>A BCP 47 language tag, or null where it is unknown.</summary>
    public string? Language { get; init; }

    /// <summary>What a person reads in a menu, or null.</summary>
    public string? Name { get; init; }

    /// <summary>Whether a player takes it unasked.</summary>
    public bool IsDefault { get; init; }

    /// <summary>What the pictures are like; null for sound.</summary>
    public VideoFormat? Video { get; init; }

    /// <summary>What the sound is like; null for pictures.</summary>
    public AudioFormat? Audio { get; init; }

    /// <summary>Bytes of the whole file.</summary>
    public long FileSize => Segments[^1].Offset + Segments[^1].Size;

    /// <summary>From presentation time zero to the end of the last segment.</summary>
    public TimeSpan Duration => new((long)(((Int128)(Segments[^1].Start + Segments[^1].Duration) * TimeSpan.TicksPerSecond + Timescale / 2) / Timescale));

    /// <summary>The longest segment in whole seconds, rounded, at least 1: EXT-X-TARGETDURATION of RFC 8216bis §4.4.3.1.</summary>
    public long TargetDuration
    {
        get
        {
            var longest = 0L;
            foreach (var segment in Segments)
                longest = Math.Max(longest, segment.Duration);
            return Math.Max(1, (longest + Timescale / 2) / Timescale);
        }
    }

    /// <summary>
    /// Bits a second, rounded up: the largest of any consecutive segments that last between half and one and a half target
    /// durations together (peak segment bit rate, RFC 8216bis §4.4.6.2). Where none do, of any one segment.
    /// </summary>
    public long PeakBitrate => SegmentBitrate.Peak(Segments.AsSpan(), Timescale, TargetDuration);

    /// <summary>Bits a second of all segments, rounded up (average segment bit rate, RFC 8216bis §4.4.6.2).</summary>
    public long AverageBitrate => SegmentBitrate.Average(Segments.AsSpan(), Timescale);
}
