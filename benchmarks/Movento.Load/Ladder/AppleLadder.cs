using System.Globalization;
using Movento.Ingest;
using Movento.Ingest.Encode;
using Movento.Ingest.Ladder;
using Movento.Ingest.Probe;

namespace Movento.Load.Ladder;

/// <summary>
/// The peer: the fixed ladder of Apple's HLS Authoring Specification (§2, H.264), with its average bit rates, as far as the source's size goes; each
/// rung with a peak of twice its average, as Apple allows, and everything else as ours: x264, its preset, the key frames.
/// </summary>
internal static class AppleLadder
{
    private static readonly (int Long, int Short, int Kilobits)[] Table =
    [
        (416, 234, 145), (640, 360, 365), (768, 432, 730), (768, 432, 1100), (960, 540, 2000), (1280, 720, 3000), (1280, 720, 4500),
        (1920, 1080, 6000), (1920, 1080, 7800),
    ];

    /// <summary>Its rungs for a film; the peak bitrate of each is its average one here.</summary>
    public static EncodingLadder For(VideoFacts video, EncodingLadder ours)
    {
        var top = ours.Plain.Last();
        var rungs = new List<Rung>();
        foreach (var (@long, @short, kilobits) in Table)
        {
            var scale = Math.Min((double)@long / Math.Max(top.Width, top.Height), (double)@short / Math.Min(top.Width, top.Height));
            if (scale > 1.001) continue;
            rungs.Add(new Rung($"apple{kilobits}", Even(top.Width * scale), Even(top.Height * scale), kilobits * 1000));
        }
        return new EncodingLadder(rungs, ours.FrameStep);
    }

    /// <summary>As those of our rungs, but for the rate control.</summary>
    public static IEnumerable<string> Arguments(VideoFacts video, EncodingLadder ladder, Rung rung, IngestOptions options)
    {
        List<string> arguments = [.. VideoArguments.For(video, ladder, rung, options)];
        var index = arguments.IndexOf("-crf");
        arguments.RemoveRange(index, 2);
        arguments.InsertRange(index, ["-b:v", Text(rung.PeakBitrate)]);
        arguments[arguments.IndexOf("-maxrate") + 1] = Text(2 * rung.PeakBitrate);
        arguments[arguments.IndexOf("-bufsize") + 1] = Text(2 * rung.PeakBitrate);
        return arguments;
    }

    private static int Even(double pixels) => Math.Max(2, (int)(pixels + 0.5) / 2 * 2);

    private static string Text(int number) => number.ToString(CultureInfo.InvariantCulture);
}
