using System.Globalization;
using Movento.Ingest.Probe;
using Movento.Ingest.Tools;

namespace Movento.Ingest.Ladder;

/// <summary>
/// Whether the source's own pictures can be a rung: then they are taken as they are, without the time and the loss of another encode. Pure.
/// </summary>
internal static class PassThrough
{
    /// <summary>The rung that the source could be by what its headers say; null for none.</summary>
    public static Rung? CandidateOf(MediaFacts facts, EncodingLadder ladder)
    {
        if (facts.Video is not { } video || !facts.IsSeekable || ladder.FrameStep != 1) return null;
        if (video.Rotation != 0 || video.IsInterlaced || video.IsFullRange || video.SampleAspect.Numerator != video.SampleAspect.Denominator) return null;
        return ladder.Rungs.LastOrDefault(rung =>
            // What is encoded before anything is known of the packets is encoded.
            rung != ladder.First
            && (rung.Width, rung.Height, rung.Range) == (video.Width, video.Height, video.Range)
            && video.Codec == Name(rung.Codec)
            && video.PixelFormat == (rung.IsTenBit ? "yuv420p10le" : "yuv420p"));
    }

    /// <summary>
    /// The rung that the source is: one of <see cref="CandidateOf"/> whose packets fit too. Its key frames lie where an encode's would, so that its
    /// segments begin with those of the other rungs; each can be decoded from on; and it takes no more bits than the rung may.
    /// </summary>
    /// <param name="facts">What the headers say.</param>
    /// <param name="packets">Every packet of the track.</param>
    /// <param name="ladder">The film's.</param>
    /// <param name="interval">At whose multiples, counted from the film's zero, a key frame is due.</param>
    public static Rung? RungOf(MediaFacts facts, PacketTable packets, EncodingLadder ladder, TimeSpan interval) =>
        CandidateOf(facts, ladder) is { } rung && packets.IsPlain && !packets.HasLeadingPictures
        && HasKeyframesAtEvery(interval, packets, facts)
        && PeakBitrate(packets, facts.Video!.TimeBase) <= rung.PeakBitrate
            ? rung : null;

    /// <summary>Everything after ffmpeg's name that makes of the source's packets the file of the rung.</summary>
    public static IReadOnlyList<string> Arguments(MediaFacts facts, Rung rung, string source, string destination, IngestOptions options) =>
    [
        "-hide_banner", "-nostdin", "-nostats", "-loglevel", "level+verbose",
        .. UntrustedInput.Arguments(source, options.MaxPixels),
        "-map", string.Create(CultureInfo.InvariantCulture, $"0:{facts.Video!.Stream}"), "-c", "copy",
        // Parameter sets stand in the sample entry alone.
        .. rung.Codec == VideoCodec.Hevc ? ["-tag:v", "hvc1"] : (string[])[],
        "-video_track_timescale", Timescale(facts), "-movie_timescale", Timescale(facts),
        "-map_metadata", "-1", "-map_chapters", "-1", "-fflags", "+bitexact", "-f", "mp4", "-y", $"file:{destination}",
    ];

    private static string Timescale(MediaFacts facts) => Encode.VideoArguments.Timescale(facts.Video!.TimeBase).ToString(CultureInfo.InvariantCulture);

    // The first picture at or after each multiple must be a key frame.
    private static bool HasKeyframesAtEvery(TimeSpan interval, PacketTable packets, MediaFacts facts)
    {
        var ticksASecond = 1 / facts.Video!.TimeBase.Value;
        var times = packets.Times.AsSpan();
        var keyframes = packets.Keyframes.AsSpan();
        if (times.IsEmpty) return false;
        for (var multiple = 0L; ; multiple++)
        {
            var due = (long)Math.Ceiling((facts.StartTime + multiple * interval).TotalSeconds * ticksASecond - 0.01);
            if (due > times[^1]) return true;
            var first = times.BinarySearch(due);
            if (keyframes.BinarySearch(times[first < 0 ? ~first : first]) < 0) return false;
        }
    }

    /// <summary>The most bits within any second.</summary>
    internal static double PeakBitrate(PacketTable packets, Ratio timeBase)
    {
        var second = 1 / timeBase.Value;
        var (bytes, most, start) = (0L, 0L, 0);
        for (var end = 0; end < packets.Times.Length; end++)
        {
            bytes += packets.Sizes[end];
            for (; packets.Times[end] - packets.Times[start] >= second; start++) bytes -= packets.Sizes[start];
            most = Math.Max(most, bytes);
        }
        return most * 8.0;
    }

    // As ffprobe names it.
    private static string Name(VideoCodec codec) => codec switch { VideoCodec.Hevc => "hevc", VideoCodec.Av1 => "av1", _ => "h264" };
}
