using Movento.Packager.IsoBmff.Boxes;
using Movento.Packager.Presentations;

namespace Movento.Packager.Verification.Media;

/// <summary>A track that a manifest names, with what its bytes are.</summary>
internal sealed class MeasuredTrack(TrackDeclaration declaration)
{
    // In microseconds: for tracks whose bytes do not say their times.
    private const uint DeclaredTimescale = 1_000_000;

    public TrackDeclaration Declaration => declaration;

    /// <summary>Of the first segment; null where the track is not fragmented MP4, or cannot be read.</summary>
    public InitializationSegment? Initialization { get; set; }

    /// <summary>Beside <see cref="TrackDeclaration.Segments"/>; null where one cannot be read.</summary>
    public MeasuredSegment?[] Segments { get; set; } = [];

    /// <summary>Beside <see cref="TrackDeclaration.Segments"/>, in bytes; 0 where that is not known.</summary>
    public long[] Sizes { get; set; } = [];

    /// <summary>Whether every segment could be measured.</summary>
    public bool IsWhole => Initialization is not null && Segments.Length > 0 && Array.TrueForAll(Segments, segment => segment?.Find(Leading!.Id) is not null);

    /// <summary>The track of the initialization segment whose times count.</summary>
    public InitializationTrack? Leading => Initialization?.Leading;

    /// <summary>What the segment has of the leading track.</summary>
    public MeasuredRun? Run(int index) => Leading is { } leading && index < Segments.Length ? Segments[index]?.Find(leading.Id) : null;

    /// <summary><c>video</c>, <c>audio</c>, <c>text</c>, <c>iframes</c>, <c>image</c>.</summary>
    public string Kind => declaration.Kind switch
    {
        DeclaredKind.IFrames => "iframes",
        DeclaredKind.WebVtt => "text",
        DeclaredKind.Tiles => "image",
        _ => Leading?.Kind ?? "unknown",
    };

    public bool IsVideo => declaration.Kind == DeclaredKind.Fragments && Leading is { IsVideo: true };

    public bool IsAudio => declaration.Kind == DeclaredKind.Fragments && Leading?.Handler == Hdlr.Audio;

    public string Codecs => Initialization is null
        ? declaration.Kind == DeclaredKind.WebVtt ? "webvtt" : ""
        : string.Join(',', Initialization.Tracks.Select(track => track.Entry?.Codecs ?? track.Format.ToString()));

    /// <summary>When the first picture or sound is due, in seconds; 0 where the bytes do not say it.</summary>
    public double Start => Run(0)?.StartSeconds ?? 0;

    /// <summary>In seconds: measured, or as declared where the bytes do not say it.</summary>
    public double Duration => IsWhole ? Run(Segments.Length - 1)!.Track.Seconds(Run(Segments.Length - 1)!.LatestPresentationEnd) - Start : declaration.Segments.Sum(segment => segment.Duration);

    /// <summary>Bits a second, RFC 8216bis §4.4.6.2.</summary>
    public long Peak(long targetDuration)
    {
        // Windows of segments are compared in overlapping stretches: on a playlist of tiny segments all pairs would take minutes.
        const int Stretch = 1024, Overlap = 64;
        var (segments, timescale) = ToSegments();
        var peak = 0L;
        for (var first = 0; first < segments.Length; first += Stretch - Overlap)
            peak = Math.Max(peak, SegmentBitrate.Peak(segments.AsSpan(first, Math.Min(Stretch, segments.Length - first)), timescale, Math.Clamp(targetDuration, 1, 86_400)));
        return peak;
    }

    /// <summary>Bits a second, RFC 8216bis §4.4.6.2.</summary>
    public long Average()
    {
        var (segments, timescale) = ToSegments();
        return segments.Length == 0 ? 0 : SegmentBitrate.Average(segments, timescale);
    }

    /// <summary>Frames a second: on average, and of the shortest picture.</summary>
    public (double Average, double Highest)? FrameRate()
    {
        if (!IsVideo || !IsWhole)
            return null;
        var (samples, duration, shortest) = (0L, 0.0, uint.MaxValue);
        for (var index = 0; index < Segments.Length; index++)
        {
            var run = Run(index)!;
            samples += run.Samples;
            duration += run.DecodeDuration;
            shortest = Math.Min(shortest, run.ShortestDuration);
        }

        return duration > 0 ? (samples / duration, (double)Leading!.Timescale / shortest) : null;
    }

    private (Segment[] Segments, uint Timescale) ToSegments()
    {
        var isMeasured = IsWhole;
        var segments = new List<Segment>(Sizes.Length);
        for (var index = 0; index < Sizes.Length; index++)
        {
            var duration = isMeasured
                ? Run(index)!.DecodeEnd - Run(index)!.DecodeStart
                : (long)(declaration.Segments[index].Duration * DeclaredTimescale);
            // A sum of as many as there may be still fits.
            if (duration > 0)
                segments.Add(new Segment(0, Math.Min(Sizes[index], 1L << 44), 0, Math.Min(duration, 1L << 44)));
        }

        return ([.. segments], isMeasured ? Leading!.Timescale : DeclaredTimescale);
    }
}
