using System.Buffers;
using System.Collections.Immutable;

namespace Movento.Packager.Presentations;

/// <summary>One track at one quality: one CMAF file (ISO/IEC 23000-19 §7.3.4, a CMAF track file with one sidx).</summary>
public sealed record Rendition
{
    private static readonly SearchValues<char> IdCharacters = SearchValues.Create("abcdefghijklmnopqrstuvwxyz0123456789-");

    /// <summary>
    /// Whether a rendition may be called so: 1 to 32 of <c>a-z 0-9 -</c>, and neither <c>master</c> nor <c>thumbnails</c>, which are files of the whole
    /// presentation (docs/formats/urls.md).
    /// </summary>
    public static bool IsId(ReadOnlySpan<char> id) =>
        id.Length is >= 1 and <= 32 && !id.ContainsAnyExcept(IdCharacters) && id is not ("master" or "thumbnails");

    /// <summary>Names the rendition and its file <c>{Id}.mp4</c>: see <see cref="IsId"/>.</summary>
    public required string Id { get; init; }

    /// <summary>Pictures, sound, subtitles or still pictures.</summary>
    public required TrackKind Kind { get; init; }

    /// <summary>The codec string of RFC 6381, read from the parameter sets, such as <c>avc1.64001f</c> or <c>mp4a.40.2</c>.</summary>
    public required string Codecs { get; init; }

    /// <summary>
    /// SUPPLEMENTAL-CODECS (RFC 8216bis §4.4.6.2): what the same bytes are to a decoder that knows more, such as <c>dvh1.08.07/db4h</c>; or null.
    /// </summary>
    public string? SupplementalCodecs { get; init; }

    /// <summary>Ticks a second of every time in this rendition.</summary>
    public required uint Timescale { get; init; }

    /// <summary>The bytes of the CMAF header (ftyp and moov).</summary>
    public required ByteRange Initialization { get; init; }

    /// <summary>The bytes of the one sidx; of size 0 where whole segments are encrypted and no byte of them can be told (AES-128).</summary>
    public required ByteRange SegmentIndex { get; init; }

    /// <summary>The segments in order; they touch one another in bytes and in time.</summary>
    public required ImmutableArray<Segment> Segments { get; init; }

    /// <summary>The sync samples of pictures, in order, one a fragment; empty for other kinds and where whole segments are encrypted.</summary>
    public ImmutableArray<AccessPoint> AccessPoints { get; init; } = [];

    /// <summary>
    /// For subtitles: the sizes of the WebVTT texts in <c>{Id}.segments.vtt</c>, one after another, each the cues of the segment with the same
    /// index (RFC 8216bis §3.1.4). Empty for other kinds.
    /// </summary>
    public ImmutableArray<long> TextSegmentSizes { get; init; } = [];

    /// <summary>Samples in all segments: frames of video, access units of audio.</summary>
    public required long SampleCount { get; init; }

    /// <summary>A BCP 47 language tag, or null where it is unknown.</summary>
    public string? Language { get; init; }

    /// <summary>What a person reads in a menu, or null.</summary>
    public string? Name { get; init; }

    /// <summary>Whether a player takes it unasked.</summary>
    public bool IsDefault { get; init; }

    /// <summary>What it is for.</summary>
    public TrackRole Role { get; init; }

    /// <summary>SCORE (RFC 8216bis §4.4.6.2): how good it is, the higher the better; null where the author did not say.</summary>
    public double? Score { get; init; }

    /// <summary>How it is encrypted; null for in the clear.</summary>
    public Encryption? Encryption { get; init; }

    /// <summary>What the pictures are like, also the still ones; null for sound and text.</summary>
    public VideoFormat? Video { get; init; }

    /// <summary>What the sound is like; null for other kinds.</summary>
    public AudioFormat? Audio { get; init; }

    /// <summary>Bytes of the whole file.</summary>
    public long FileSize => Segments[^1].Offset + Segments[^1].Size;

    /// <summary>The presentation time at which the last segment ends, in ticks.</summary>
    public long End => Segments[^1].Start + Segments[^1].Duration;

    /// <summary>From presentation time zero to the end of the last segment.</summary>
    public TimeSpan Duration => new((long)(((Int128)End * TimeSpan.TicksPerSecond + Timescale / 2) / Timescale));

    /// <summary>The longest segment in whole seconds, rounded, at least 1: EXT-X-TARGETDURATION of RFC 8216bis §4.4.3.1.</summary>
    public long TargetDuration => SegmentBitrate.TargetDuration(Segments.AsSpan(), Timescale);

    /// <summary>
    /// Bits a second, rounded up: the largest of any consecutive segments that last between half and one and a half target
    /// durations together (peak segment bit rate, RFC 8216bis §4.4.6.2). Where none do, of any one segment.
    /// </summary>
    public long PeakBitrate => PeakBitrateAt(TargetDuration);

    /// <summary>As <see cref="PeakBitrate"/>, with another target duration: that of the whole presentation.</summary>
    public long PeakBitrateAt(long targetDuration) => SegmentBitrate.Peak(Segments.AsSpan(), Timescale, targetDuration);

    /// <summary>Bits a second of all segments, rounded up (average segment bit rate, RFC 8216bis §4.4.6.2).</summary>
    public long AverageBitrate => SegmentBitrate.Average(Segments.AsSpan(), Timescale);
}
