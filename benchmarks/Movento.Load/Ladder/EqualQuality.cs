namespace Movento.Load.Ladder;

/// <summary>
/// What two ladders of one film come to, compared where they look alike. A rung of the peer's is matched by the bits that our ladder takes for the same
/// similarity: between two of our rungs, by the straight line between them in decibels of similarity and the logarithm of bits, as Bjøntegaard's measure
/// does. Beyond what a viewer can see, no more is asked for.
/// </summary>
internal static class EqualQuality
{
    /// <summary>SSIM at the size of the film from which on more bits show nothing.</summary>
    public const double Transparent = 0.99;

    /// <summary>Our bits a second that look like one rung of the peer's.</summary>
    public static double BitsFor(double similarity, IReadOnlyList<MeasuredRung> ours)
    {
        var wanted = Decibels(Math.Min(similarity, Transparent));
        // A rung with more bits that looks worse than one before it is no choice.
        List<MeasuredRung> curve = [];
        foreach (var rung in ours.OrderBy(rung => rung.Bitrate))
        {
            if (curve.Count == 0 || rung.Similarity > curve[^1].Similarity) curve.Add(rung);
        }
        // What looks worse than our lowest costs as much as the lowest; what looks better than our highest, as the line goes on.
        if (curve.Count == 1 || wanted <= Decibels(curve[0].Similarity)) return curve[0].Bitrate;
        var above = curve.FindIndex(rung => Decibels(rung.Similarity) >= wanted);
        if (above < 0) above = curve.Count - 1;
        var (low, high) = (curve[above - 1], curve[above]);
        var along = (wanted - Decibels(low.Similarity)) / (Decibels(high.Similarity) - Decibels(low.Similarity));
        return low.Bitrate * Math.Pow(high.Bitrate / low.Bitrate, along);
    }

    /// <summary>All of the peer's rungs together: ours, and the peer's own.</summary>
    public static (double Ours, double Peer) Total(IReadOnlyList<MeasuredRung> ours, IReadOnlyList<MeasuredRung> peer) =>
        (peer.Sum(rung => BitsFor(rung.Similarity, ours)), peer.Sum(rung => rung.Bitrate));

    /// <summary>
    /// What a viewer sees whose line takes so many bits a second: the best rung that fits, else the lowest.
    /// </summary>
    public static double SimilarityAt(double bitrate, IReadOnlyList<MeasuredRung> ladder)
    {
        var fitting = ladder.Where(rung => rung.Bitrate <= bitrate).ToList();
        return fitting.Count > 0 ? fitting.Max(rung => rung.Similarity) : ladder.MinBy(rung => rung.Bitrate)!.Similarity;
    }

    /// <summary>The mean of <see cref="SimilarityAt"/> over lines from 150 kb/s to 10 Mb/s, each octave as much as the next.</summary>
    public static double MeanSimilarity(IReadOnlyList<MeasuredRung> ladder) =>
        Enumerable.Range(0, 100).Average(step => SimilarityAt(150_000 * Math.Pow(10_000_000 / 150_000.0, step / 99.0), ladder));

    private static double Decibels(double similarity) => -10 * Math.Log10(Math.Max(1 - similarity, 1e-6));
}
