namespace Movento.Ingest.Ladder;

/// <summary>From a film's complexity to the rungs of H.264 that fit it. Pure.</summary>
internal static class PerTitleRules
{
    /// <summary>
    /// SSIM of the luma from which on a viewer sees no difference at the size of the screen; x264 comes to about as much at its usual rate
    /// factors of 22 to 25. Bits beyond it are not spent.
    /// </summary>
    public const double Transparent = 0.988;

    // How far from the operator's rate factor a film may lead: a slide has nothing to lose, noise has nothing to win.
    private const double FinestStep = -4, CoarsestStep = 6;

    // What the first rung's is coarser, so that its bits stay near to Apple's at that size whatever the film is.
    private const double FirstStep = 4;
    private const double FirstPeak = 1.5;

    // Of two sizes with as many bits, the one whose rate factor is near to this is about the more similar when shown as large as the film.
    private const double Balanced = 28;

    // As far beyond the coarsest measured rate factor (32) as the model is believed. Grain goes at once somewhere between 30 and 40, and most of the bits with
    // it: the bench's grainy film came to a twentieth of the bits that the model told for 43, and to a rung that looked worse than the one below it.
    private const double Coarsest = 34;

    // Adjacent rungs are to be 1.5 to 2 times apart (Apple's HLS Authoring Specification §2); a tenth of an octave more is the same to an eye.
    private const double MostOctaves = 1.1;

    // A peak over a second of twice the average at most, as Apple asks; but room for a key frame even where a film needs next to nothing.
    private const double PeakToAverage = 2;

    // What Apple's table (§2) allows on the average: the short side of a 16:9 picture, and bits a second. Above 1080 on as the power of 0.75.
    private static readonly (int Side, double Bitrate)[] Table =
        [(234, 145_000), (360, 365_000), (432, 1_100_000), (540, 2_000_000), (720, 4_500_000), (1080, 7_800_000), (2160, 22_000_000)];

    /// <summary>The rung that is encoded before the film is measured.</summary>
    public static Rung First(Rung rung, IngestOptions options, double frameRate) => rung with
    {
        ConstantRateFactor = Math.Min(51, options.ConstantRateFactor + FirstStep),
        PeakBitrate = Thousands(FirstPeak * Cap(rung, frameRate)),
    };

    /// <summary>The rungs of a film.</summary>
    /// <param name="shape">Every size that it could have, from the lowest to the highest.</param>
    /// <param name="first">The rung that is being encoded already; one of them.</param>
    /// <param name="complexity">What was measured.</param>
    /// <param name="options">The rate factor that the operator has in mind.</param>
    /// <param name="frameRate">Frames a second.</param>
    public static List<Rung> For(IReadOnlyList<Rung> shape, Rung first, Complexity complexity, IngestOptions options, double frameRate)
    {
        var top = shape[^1];
        if (Pixels(top) <= Pixels(first)) return [.. shape.Where(rung => Pixels(rung) < Pixels(first)), first];

        // 1. The highest: no better than can be seen, and no more bits than the table has.
        var transparent = Math.Clamp(
            complexity.RateFactorOf(Transparent), options.ConstantRateFactor + FinestStep, options.ConstantRateFactor + CoarsestStep);
        var most = Math.Min(complexity.Bitrate(Pixels(top), transparent), Cap(top, frameRate));
        // 2. The first, whose parameters stand.
        var begun = Math.Min(complexity.Bitrate(Pixels(first), first.ConstantRateFactor), first.PeakBitrate);

        var rungs = new List<Rung>();
        // 3. Below it, one for the slowest connections, unless the first is that already.
        if (shape.LastOrDefault(rung => Pixels(rung) < Pixels(first)) is { } lowest && begun > Cap(lowest, frameRate))
            rungs.Add(With(lowest, Math.Min(begun / 2, Cap(lowest, frameRate))));
        rungs.Add(first);

        // 4. Between, as many as it takes for steps of at most twice the bits, each in the size that shows most for them.
        List<Rung> sizes = [.. shape.Where(rung => Pixels(rung) > Pixels(first) && Pixels(rung) < Pixels(top))];
        var octaves = Math.Log2(most / begun);
        var between = Math.Clamp((int)Math.Ceiling(octaves / MostOctaves) - 1, 0, sizes.Count);
        var next = 0;
        for (var step = 1; step <= between; step++)
        {
            var bitrate = begun * Math.Pow(2, octaves * step / (between + 1));
            var choices = sizes[next..(sizes.Count - between + step)];
            var size = choices.MinBy(choice => Math.Abs(complexity.RateFactor(Pixels(choice), bitrate) - Balanced))!;
            next = sizes.IndexOf(size) + 1;
            rungs.Add(With(size, Math.Min(bitrate, Cap(size, frameRate))));
        }
        rungs.Add(With(top, most));
        return rungs;

        Rung With(Rung rung, double bitrate)
        {
            // Half steps: a measure that is a little off leads to the same film.
            var factor = Math.Round(2 * Math.Max(complexity.RateFactor(Pixels(rung), bitrate), transparent)) / 2;
            // A film that would need a coarser one is held to its bits by the peak, at a finer one: at 34 the bench's grainy film lost its grain, and took 1.3 Mb/s
            // of the 7.8 that it may have.
            if (factor > Coarsest) return rung with { ConstantRateFactor = Balanced, PeakBitrate = Thousands(bitrate) };
            var peak = Math.Min(Math.Max(PeakToAverage * bitrate, rung.PeakBitrate / 2.0), PeakToAverage * Cap(rung, frameRate));
            return rung with { ConstantRateFactor = Math.Clamp(factor, 1, 51), PeakBitrate = Thousands(peak) };
        }
    }

    /// <summary>The most bits a second on the average: of Apple's table, between its sizes, and more of them above thirty frames a second.</summary>
    private static double Cap(Rung rung, double frameRate)
    {
        // The side of a 16:9 picture with as many pixels.
        var side = Math.Sqrt(Pixels(rung) * 9 / 16.0);
        var above = Math.Clamp(Array.FindIndex(Table, entry => entry.Side >= side), 1, Table.Length - 1);
        if (side > Table[^1].Side) above = Table.Length - 1;
        var (low, high) = (Table[above - 1], Table[above]);
        var power = Math.Log(high.Bitrate / low.Bitrate) / Math.Log((double)high.Side / low.Side);
        var frames = frameRate > 30 ? Math.Sqrt(frameRate / 30) : 1;
        return low.Bitrate * Math.Pow(side / low.Side, power) * frames;
    }

    private static long Pixels(Rung rung) => (long)rung.Width * rung.Height;

    private static int Thousands(double bitrate) => Math.Max(LadderRules.LeastPeakBitrate, (int)(bitrate / 1000) * 1000);
}
