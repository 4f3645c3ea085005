namespace Movento.Edge.Cache;

/// <summary>Something that <see cref="SieveQueue{T}"/> can hold.</summary>
internal abstract class SieveEntry<T>
    where T : SieveEntry<T>
{
    private volatile bool _visited;

    /// <summary>Set by readers without a lock, when they use the entry.</summary>
    public bool Visited
    {
        get => _visited;
        // Written only when it changes, so that a popular entry's cache line stays shared between the cores.
        set { if (_visited != value) _visited = value; }
    }

    internal T? Newer { get; set; }

    internal T? Older { get; set; }
}

/// <summary>
/// Which entry leaves next: SIEVE (Zhang et al., NSDI 2024). A queue in the order of arrival and a hand that walks from the oldest to
/// the newest: what was visited since the hand's last visit is spared once, the first that was not leaves. A hit writes at most one flag,
/// so readers never contend; what is read only once leaves early. Not thread-safe: its owner locks.
/// </summary>
internal sealed class SieveQueue<T>
    where T : SieveEntry<T>
{
    private T? _newest;
    private T? _oldest;
    private T? _hand;

    public int Count { get; private set; }

    public void Add(T entry)
    {
        entry.Older = _newest;
        entry.Newer = null;
        if (_newest is not null) _newest.Newer = entry;
        _newest = entry;
        _oldest ??= entry;
        Count++;
    }

    public void Remove(T entry)
    {
        if (_hand == entry) _hand = entry.Newer;
        if (entry.Newer is null) _newest = entry.Older; else entry.Newer.Older = entry.Older;
        if (entry.Older is null) _oldest = entry.Newer; else entry.Older.Newer = entry.Newer;
        entry.Newer = entry.Older = null;
        Count--;
    }

    /// <summary>Removes and returns the next to leave; <paramref name="tryRetire"/> may refuse one that is in use. Null when all are.</summary>
    public T? Evict(Func<T, bool> tryRetire)
    {
        // Twice around: the first may only clear flags.
        for (var steps = 2 * Count; steps > 0; steps--)
        {
            var entry = _hand ?? _oldest!;
            _hand = entry.Newer;
            if (entry.Visited)
            {
                entry.Visited = false;
            }
            else if (tryRetire(entry))
            {
                Remove(entry);
                return entry;
            }
        }

        return null;
    }
}
