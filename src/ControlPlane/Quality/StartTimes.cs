namespace Movento.ControlPlane.Quality;

/// <summary>
/// How many playbacks took how long to start, in bins that are each a quarter wider than the one before: a median or a percentile of them is right to a
/// quarter, and days can be added up.
/// </summary>
internal static class StartTimes
{
    /// <summary>Of the first bin, in seconds: sooner is all the same to a viewer.</summary>
    private const double FirstEnd = 0.1;

    private const double Ratio = 1.25;

    /// <summary>Bins; the last one, from 52 s, has no end.</summary>
    public const int Count = 30;

    /// <summary>The bin of a time in seconds.</summary>
    public static int BinOf(double seconds)
    {
        var bin = 0;
        while (bin < Count - 1 && seconds >= EndOf(bin)) bin++;
        return bin;
    }

    /// <summary>The time within which <paramref name="part"/> (0 to 1) of them had started, in seconds; null where there are none. In the
    /// last bin, where it begins: it took so long at least.</summary>
    public static double? Within(double part, IReadOnlyList<long> starts)
    {
        var all = starts.Sum();
        if (all == 0) return null;
        var sought = Math.Max(1, Math.Ceiling(part * all));
        var before = 0L;
        for (var bin = 0; ; bin++)
        {
            if (bin == Count - 1) return EndOf(bin - 1);
            if (before + starts[bin] >= sought)
            {
                var begin = bin == 0 ? 0 : EndOf(bin - 1);
                return begin + (EndOf(bin) - begin) * (sought - before) / starts[bin];
            }

            before += starts[bin];
        }
    }

    private static double EndOf(int bin) => FirstEnd * Math.Pow(Ratio, bin);
}
