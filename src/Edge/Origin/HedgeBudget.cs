namespace Movento.Edge.Origin;

/// <summary>
/// When a second read may be sent for one that is slow (Dean and Barroso, "The Tail at Scale", 2013): once it has taken longer than 95 of a hundred did, and for no
/// more than a share of all reads, so that a store that is slow because it is busy is not made busier.
/// </summary>
/// <param name="share">Of all reads; 0 turns it off.</param>
internal sealed class HedgeBudget(double share)
{
    /// <summary>Sooner, a second read gains a viewer nothing.</summary>
    public static readonly TimeSpan Least = TimeSpan.FromMilliseconds(20);

    // Unspent rights do not pile up to a burst.
    private const double MaxSaved = 10;

    // A 95th percentile of fewer says little; of more, it forgets too slowly.
    private const int Window = 256;
    private const int Fewest = 64;
    private const int Recount = 32;

    private readonly Lock _lock = new();
    private readonly long[] _latest = new long[Window];
    private readonly long[] _sorted = new long[Window];
    private long _count;
    private long _high;
    private double _saved;

    /// <summary>How long to wait before a second read; null as long as too little is known.</summary>
    public TimeSpan? Delay
    {
        get
        {
            var high = Volatile.Read(ref _high);
            return share <= 0 || high == 0 ? null : TimeSpan.FromTicks(Math.Max(high, Least.Ticks));
        }
    }

    /// <summary>A read has given its first byte after so long.</summary>
    public void Took(TimeSpan latency)
    {
        lock (_lock)
        {
            _latest[_count++ % Window] = Math.Max(latency.Ticks, 1);
            _saved = Math.Min(_saved + share, MaxSaved);
            if (_count < Fewest || _count % Recount != 0) return;
            var known = (int)Math.Min(_count, Window);
            _latest.AsSpan(0, known).CopyTo(_sorted);
            _sorted.AsSpan(0, known).Sort();
            Volatile.Write(ref _high, _sorted[known * 95 / 100]);
        }
    }

    /// <summary>Takes the right to a second read, if there is one.</summary>
    public bool TrySpend()
    {
        lock (_lock)
        {
            if (_saved < 1) return false;
            _saved--;
            return true;
        }
    }
}
