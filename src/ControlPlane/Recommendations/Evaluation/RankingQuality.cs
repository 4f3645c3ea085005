namespace Movento.ControlPlane.Recommendations.Evaluation;

/// <summary>
/// How high the hidden films came, among all films that their people had not seen. With one hidden film NDCG@10 is 1 / log₂(rank + 1) within the first ten
/// and 0 behind them, and Recall@k is the share within the first k.
/// </summary>
/// <param name="Ndcg10">0 to 1.</param>
/// <param name="Recall10">0 to 1.</param>
/// <param name="Recall20">0 to 1.</param>
internal readonly record struct RankingQuality(double Ndcg10, double Recall10, double Recall20)
{
    /// <summary>A scorer of histories: one score for each film, the higher the better.</summary>
    public delegate void Scorer(ReadOnlySpan<int> history, Span<float> scores);

    public static RankingQuality Of(LeaveLastOut split, Scorer score, CancellationToken cancellationToken)
    {
        var ranks = new int[split.Hidden.Length];
        Parallel.For(
            0,
            ranks.Length,
            new ParallelOptions { MaxDegreeOfParallelism = Environment.ProcessorCount, CancellationToken = cancellationToken },
            () => new float[split.Known.Films],
            (person, _, scores) =>
            {
                var history = split.Known.Histories[person];
                score(history, scores);
                ranks[person] = RankOf(split.Hidden[person], history, scores);
                return scores;
            },
            _ => { });
        return new RankingQuality(
            ranks.Average(rank => rank <= 10 ? 1 / Math.Log2(rank + 1) : 0), ranks.Average(rank => rank <= 10 ? 1.0 : 0), ranks.Average(rank => rank <= 20 ? 1.0 : 0));
    }

    // From 1. Behind those of the same score: a model that says the same of all films knows nothing.
    private static int RankOf(int hidden, ReadOnlySpan<int> history, Span<float> scores)
    {
        foreach (var seen in history) scores[seen] = float.NegativeInfinity;
        var rank = 0;
        foreach (var score in scores)
        {
            if (score >= scores[hidden]) rank++;
        }

        return rank;
    }
}
