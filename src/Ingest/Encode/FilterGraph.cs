using Movento.Ingest.Ladder;
using Movento.Ingest.Probe;
using Movento.Packager.Presentations;

namespace Movento.Ingest.Encode;

/// <summary>What happens to a decoded picture before it is encoded; composed of numbers and our own words only.</summary>
internal static class FilterGraph
{
    // ITU-R BT.2100 to BT.709: to linear light, to the smaller gamut, Hable's curve, back. Nits of SDR white as in BT.2408.
    private const string ToneMap =
        "zscale=t=linear:npl=203,format=gbrpf32le,zscale=p=bt709,tonemap=hable:desat=0,zscale=t=bt709:m=bt709:r=tv";

    /// <summary>From the source's track to one output pad for each rung, named by its id. Turning upright is ffmpeg's own doing.</summary>
    /// <param name="video">The track.</param>
    /// <param name="ladder">The rungs to make, which may be some of a ladder's.</param>
    /// <param name="prefix">
    /// Filters that pick frames and set their times, right after deinterlacing, which wants the frames before and after those that are picked.
    /// </param>
    public static string For(VideoFacts video, EncodingLadder ladder, string? prefix = null)
    {
        List<string> common = [];
        // One frame out for each frame in, whatever the fields; frames marked progressive pass unchanged.
        if (video.IsInterlaced) common.Add("bwdif=mode=send_frame:parity=auto:deint=interlaced");
        if (prefix is not null) common.Add(prefix);
        if (ladder.FrameStep > 1) common.Add($"framestep={ladder.FrameStep}");
        var source = $"[0:{video.Stream}]";
        List<Rung> standard = [.. ladder.Rungs.Where(rung => rung.Range == VideoRange.Sdr)];
        List<Rung> high = [.. ladder.Rungs.Where(rung => rung.Range != VideoRange.Sdr)];
        if (high.Count > 0 && standard.Count > 0)
        {
            // The wide range is made small once, for all of the rungs that lose it.
            var graph = $"{source}{string.Join(',', [.. common, "split=2[high][toned]"])};";
            return $"{graph}{Split("[high]", [], high, video)};{Split("[toned]", [ToneMap], standard, video)}";
        }
        if (standard.Count > 0 && video.IsHighDynamicRange) common.Add(ToneMap);
        return Split(source, common, ladder.Rungs, video);
    }

    /// <summary>What the encoder writes about colour: what filters have made of it, or what they have left.</summary>
    public static IEnumerable<string> ColourFlags(VideoFacts video, Rung rung) => rung.Range switch
    {
        VideoRange.Pq => ["-color_range", "tv", "-colorspace", "bt2020nc", "-color_primaries", "bt2020", "-color_trc", "smpte2084"],
        VideoRange.Hlg => ["-color_range", "tv", "-colorspace", "bt2020nc", "-color_primaries", "bt2020", "-color_trc", "arib-std-b67"],
        _ when video.IsHighDynamicRange || IsRgb(video) =>
            ["-color_range", "tv", "-colorspace", "bt709", "-color_primaries", "bt709", "-color_trc", "bt709"],
        _ => ["-color_range", "tv"],
    };

    private static string Split(string source, IEnumerable<string> common, IReadOnlyList<Rung> rungs, VideoFacts video)
    {
        var pads = string.Concat(rungs.Select(rung => $"[s{rung.Id}]"));
        var scales = rungs.Select(rung =>
            $"[s{rung.Id}]scale={rung.Width}:{rung.Height}:flags=bicubic{Matrix(video, rung)}:out_range=tv,setsar=1,format={(rung.IsTenBit ? "yuv420p10le" : "yuv420p")}[{rung.Id}]");
        return $"{source}{string.Join(',', [.. common, $"split={rungs.Count}{pads}"])};{string.Join(';', scales)}";
    }

    private static string Matrix(VideoFacts video, Rung rung) => !IsRgb(video) ? "" : rung.IsTenBit ? ":out_color_matrix=bt2020" : ":out_color_matrix=bt709";

    private static bool IsRgb(VideoFacts video) =>
        video.PixelFormat.StartsWith("gbr", StringComparison.Ordinal) || video.PixelFormat.Contains("rgb", StringComparison.Ordinal)
        || video.PixelFormat.Contains("bgr", StringComparison.Ordinal) || video.PixelFormat is "pal8" or "argb" or "abgr";
}
