using System.Globalization;
using Movento.Ingest.Encode;
using Movento.Ingest.Probe;
using Movento.Ingest.Tools;

namespace Movento.Ingest.Ladder;

/// <summary>
/// How it is measured how many bits a film needs, from a few seconds of it: samples spread over its length, each decoded once from a key frame on, and encoded in
/// three ways. What is measured depends on the film alone, never on how busy the machine is, so that the same film has the same ladder again. Pure.
/// </summary>
internal sealed class ComplexityProbe
{
    // Of the film's length: such a sample costs about two thirds of the ladder's encode of the same pictures, so that a short film's take a thirtieth of its encode.
    private const double Share = 0.05;

    // Of samples; four of two seconds take a few seconds of wall time, however long the film is.
    private const int MostSamples = 4;
    private static readonly TimeSpan LongestSample = TimeSpan.FromSeconds(2);

    // Of all samples together: a dozen pictures that follow a key frame.
    private static readonly TimeSpan ShortestTotal = TimeSpan.FromSeconds(0.5);

    // From here on, one place does not speak for the whole film.
    private static readonly TimeSpan TwoScenes = TimeSpan.FromSeconds(20);

    // Below, a sample would be a handful of frames.
    private static readonly TimeSpan ShortestFilm = TimeSpan.FromSeconds(4);

    private const int LargeSide = 1080;
    private const int SmallSide = 360;
    private const double LargeRateFactor = 24, FineRateFactor = 22, CoarseRateFactor = 32;

    private readonly VideoFacts _video;
    private readonly TimeSpan _duration;
    private readonly IngestOptions _options;

    private ComplexityProbe(VideoFacts video, TimeSpan duration, EncodingLadder ways, IngestOptions options)
    {
        (_video, _duration, Ways, _options) = (video, duration, ways, options);
        var total = Math.Clamp(Share * duration.TotalSeconds, ShortestTotal.TotalSeconds, MostSamples * LongestSample.TotalSeconds);
        Samples = Math.Max(duration < TwoScenes ? 1 : 2, (int)Math.Ceiling(total / LongestSample.TotalSeconds));
        Length = total / Samples;
    }

    /// <summary>How many samples there are.</summary>
    public int Samples { get; }

    /// <summary>Of each sample, in seconds.</summary>
    public double Length { get; }

    /// <summary>What each is encoded to.</summary>
    public EncodingLadder Ways { get; }

    /// <summary>How a film is measured; null where there is nothing to decide by it: a fixed ladder, a single rung, a film too short.</summary>
    public static ComplexityProbe? For(MediaFacts facts, IngestOptions options)
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
        return new ComplexityProbe(video, facts.Duration, shape with { Rungs = ways }, options);
    }

    /// <summary>ffmpeg's arguments for a sample, from 0: it decodes it, and writes of the packets that encoders make of it no more than their sizes.</summary>
    public IReadOnlyList<string> Arguments(int sample) =>
    [
        "-hide_banner", "-nostdin", "-nostats", "-loglevel", "info", "-threads", "1",
        // From the key frame before: what lies between would be decoded for nothing.
        "-noaccurate_seek", "-ss", Text(_duration.TotalSeconds * (sample + 0.5) / Samples),
        .. UntrustedInput.DecodingArguments(EncodePlan.SourceName, _options.MaxPixels),
        "-filter_complex", FilterGraph.For(_video, Ways, $"setpts=PTS-STARTPTS,trim=duration={Text(Length)}"),
        .. Ways.Rungs.SelectMany(way => (string[])["-map", $"[{way.Id}]"]),
        "-fps_mode", "passthrough", "-c:v", "libx264", "-preset", _options.X264Preset, "-threads", "1", "-ssim", "1",
        "-g", "99999", "-keyint_min", "1", "-sc_threshold", "0",
        .. Ways.Rungs.SelectMany((way, number) => (string[])[$"-crf:v:{number}", Text(way.ConstantRateFactor)]),
        "-f", "framecrc", "pipe:1",
    ];

    /// <summary>What the samples say together; null where there is none, as they could not be decoded.</summary>
    public Complexity? Measure(IReadOnlyCollection<ComplexitySample> samples)
    {
        if (samples.Count == 0) return null;
        var frameRate = _video.FrameRate.Value / Ways.FrameStep;
        ComplexityPoint Point(int way) => new(
            Ways.Rungs[way].Width, Ways.Rungs[way].Height, Ways.Rungs[way].ConstantRateFactor,
            samples.Average(sample => sample.Ways[way].Bitrate(frameRate, _options.KeyframeInterval)), samples.Average(sample => sample.Ways[way].Similarity));
        return new Complexity(Point(0), Point(1), Point(2));
    }

    private static Rung Below(List<Rung> rungs, int side) => rungs.LastOrDefault(rung => Math.Min(rung.Width, rung.Height) <= side) ?? rungs[0];

    private static string Text(double number) => number.ToString("0.###", CultureInfo.InvariantCulture);
}
