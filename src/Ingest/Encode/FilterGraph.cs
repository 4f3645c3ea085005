using Movento.Ingest.Ladder;
using Movento.Ingest.Probe;

namespace Movento.Ingest.Encode;

/// <summary>What happens to a decoded picture before it is encoded; composed of numbers and our own words only.</summary>
internal static class FilterGraph
{
    // ITU-R BT.2100 to BT.709: to linear light, to the smaller gamut, Hable's curve, back. Nits of SDR white as in BT.2408.
    private const string ToneMap =
        "zscale=t=linear:npl=203,format=gbrpf32le,zscale=p=bt709,tonemap=hable:desat=0,zscale=t=bt709:m=bt709:r=tv,";

    /// <summary>From the source's track to one output pad for each rung, named by its id. Turning upright is ffmpeg's own doing.</summary>
    public static string For(VideoFacts video, EncodingLadder ladder)
    {
        var common = $"[0:{video.Stream}]";
        // One frame out for each frame in, whatever the fields; frames marked progressive pass unchanged.
        if (video.IsInterlaced) common += "bwdif=mode=send_frame:parity=auto:deint=interlaced,";
        if (ladder.FrameStep > 1) common += $"framestep={ladder.FrameStep},";
        if (video.IsHighDynamicRange) common += ToneMap;
        var rungs = ladder.Rungs;
        var pads = string.Concat(rungs.Select(rung => $"[s{rung.Id}]"));
        var split = $"{common}split={rungs.Count}{pads}";
        var scales = rungs.Select(rung =>
            $"[s{rung.Id}]scale={rung.Width}:{rung.Height}:flags=bicubic{Matrix(video)}:out_range=tv,setsar=1,format=yuv420p[{rung.Id}]");
        return $"{split};{string.Join(';', scales)}";
    }

    /// <summary>What the encoder writes about colour where filters have changed it.</summary>
    public static IEnumerable<string> ColourFlags(VideoFacts video) =>
        video.IsHighDynamicRange || IsRgb(video)
            ? ["-color_range", "tv", "-colorspace", "bt709", "-color_primaries", "bt709", "-color_trc", "bt709"]
            : ["-color_range", "tv"];

    private static string Matrix(VideoFacts video) => IsRgb(video) ? ":out_color_matrix=bt709" : "";

    private static bool IsRgb(VideoFacts video) =>
        video.PixelFormat.StartsWith("gbr", StringComparison.Ordinal) || video.PixelFormat.Contains("rgb", StringComparison.Ordinal)
        || video.PixelFormat.Contains("bgr", StringComparison.Ordinal) || video.PixelFormat is "pal8" or "argb" or "abgr";
}
