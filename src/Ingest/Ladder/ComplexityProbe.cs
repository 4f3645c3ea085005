using System.Globalization;
using Microsoft.Extensions.Logging;
using Movento.Ingest.Encode;
using Movento.Ingest.Probe;
using Movento.Ingest.Tools;

namespace Movento.Ingest.Ladder;

/// <summary>
/// Measures how many bits a film needs, from a few seconds of it: samples spread over its length, each decoded once from a key frame on, and encoded in
/// three ways. What is measured depends on the film alone, never on how busy the machine is, so that the same film has the same ladder again.
/// </summary>
internal sealed partial class ComplexityProbe(IngestOptions options, ToolRunner tools, ILogger<ComplexityProbe> logger)
{
    // Of the film's length: such a sample costs about two thirds of the ladder's encode of the same pictures.
    private const double Share = 0.1;

    // Of samples; four of two seconds take a few seconds of wall time, however long the film is.
    private const int MostSamples = 4;
    private static readonly TimeSpan LongestSample = TimeSpan.FromSeconds(2);

    // Below, a sample would be a handful of frames.
    private static readonly TimeSpan ShortestFilm = TimeSpan.FromSeconds(4);

    // A sample takes a second or two; a machine that is that busy has other worries, and a film has a ladder without it.
    private static readonly TimeSpan TimeLimit = TimeSpan.FromMinutes(2);

    private const int LargeSide = 1080;
    private const int SmallSide = 360;
    private const double LargeRateFactor = 24, FineRateFactor = 22, CoarseRateFactor = 32;

    /// <summary>Measures the source <paramref name="name"/> in <paramref name="folder"/>.</summary>
    /// <returns>Null where there is nothing to decide by it: a fixed ladder, a single rung, a film too short or that cannot be sampled.</returns>
    public async Task<Complexity?> MeasureAsync(MediaFacts facts, string folder, string name, CancellationToken cancellationToken)
    {
        if (facts.Video is not { } video || options.Ladder != IngestOptions.PerTitle || facts.Duration < ShortestFilm) return null;
        var shape = LadderRules.For(video, options);
        var plain = shape.Plain.ToList();
        if (plain.Count < 2) return null;

        var (large, small) = (Below(plain, LargeSide), Below(plain, SmallSide));
        Rung[] ways =
        [
            large with { Id = "large", ConstantRateFactor = LargeRateFactor },
            small with { Id = "fine", ConstantRateFactor = FineRateFactor },
            small with { Id = "coarse", ConstantRateFactor = CoarseRateFactor },
        ];
        var total = Math.Min(Share * facts.Duration.TotalSeconds, MostSamples * LongestSample.TotalSeconds);
        var count = (int)Math.Ceiling(total / LongestSample.TotalSeconds);
        var measured = new ComplexitySample?[count];
        // Each on one thread, as the encodes that they stand before.
        await Parallel.ForAsync(0, count, new ParallelOptions { MaxDegreeOfParallelism = options.Encodes, CancellationToken = cancellationToken }, async (number, stop) =>
        {
            var start = facts.Duration.TotalSeconds * (number + 0.5) / count;
            measured[number] = await SampleAsync(video, shape with { Rungs = ways }, start, total / count, folder, name, stop);
        });
        List<ComplexitySample> samples = [.. measured.OfType<ComplexitySample>()];
        if (samples.Count == 0) return null;
        var frameRate = video.FrameRate.Value / shape.FrameStep;
        ComplexityPoint Point(int way) => new(
            ways[way].Width, ways[way].Height, ways[way].ConstantRateFactor,
            samples.Average(sample => sample.Bitrate(way, frameRate, options.KeyframeInterval)), samples.Average(sample => sample.Similarity(way)));
        return new Complexity(Point(0), Point(1), Point(2));
    }

    private static Rung Below(List<Rung> rungs, int side) => rungs.LastOrDefault(rung => Math.Min(rung.Width, rung.Height) <= side) ?? rungs[0];

    private async Task<ComplexitySample?> SampleAsync(
        VideoFacts video, EncodingLadder ways, double start, double length, string folder, string name, CancellationToken cancellationToken)
    {
        var sample = new ComplexitySample(ways.Rungs.Count);
        try
        {
            var result = await tools.RunAsync(new ToolRun
            {
                Tool = options.FfmpegPath,
                Arguments = Arguments(video, ways, start, length, name, options),
                Folder = folder,
                TimeLimit = TimeLimit,
                MemoryBytes = options.ToolMemoryBytes,
                Niceness = options.ToolNiceness,
                OnOutputLine = sample.TakePacket,
                OnErrorLine = sample.TakeWords,
            }, cancellationToken);
            if (result.ExitCode == 0 && sample.IsWhole) return sample;
            Log.NoSample(logger, start, result.ErrorTail);
        }
        catch (ToolTimedOutException exception)
        {
            Log.NoSample(logger, start, exception.Message);
        }
        return null;
    }

    /// <summary>Decodes one sample, and writes of the packets that encoders make of it no more than their sizes. Pure.</summary>
    internal static IReadOnlyList<string> Arguments(VideoFacts video, EncodingLadder ways, double start, double length, string name, IngestOptions options) =>
    [
        "-hide_banner", "-nostdin", "-nostats", "-loglevel", "info",
        // From the key frame before: what lies between would be decoded for nothing.
        "-noaccurate_seek", "-ss", Text(start), .. UntrustedInput.DecodingArguments(name, options.MaxPixels),
        "-filter_complex", FilterGraph.For(video, ways, $"setpts=PTS-STARTPTS,trim=duration={Text(length)}"),
        .. ways.Rungs.SelectMany(way => (string[])["-map", $"[{way.Id}]"]),
        "-fps_mode", "passthrough", "-c:v", "libx264", "-preset", options.X264Preset, "-threads", "1", "-ssim", "1",
        "-g", "99999", "-keyint_min", "1", "-sc_threshold", "0",
        .. ways.Rungs.SelectMany((way, number) => (string[])[$"-crf:v:{number}", Text(way.ConstantRateFactor)]),
        "-f", "framecrc", "pipe:1",
    ];

    private static string Text(double number) => number.ToString("0.###", CultureInfo.InvariantCulture);

    private static partial class Log
    {
        [LoggerMessage(3301, LogLevel.Warning, "No sample of the film could be measured at {Start} seconds: {Detail}")]
        public static partial void NoSample(ILogger logger, double start, string detail);
    }
}
