namespace Movento.Edge.Cache;

/// <summary>Something that <see cref="S3FifoQueue{T}"/> can hold.</summary>
internal abstract class S3FifoEntry<T>
    where T : S3FifoEntry<T>
{
    /// <summary>More uses than this say nothing more: Yang et al. found two bits enough.</summary>
    public const int MaxUses = 3;

    // Uses in the small queue that prove an entry.
    private const int Proof = 1;

    private volatile int _uses;

    /// <summary>A hash of its key; two keys of one name cost nothing but a place in the wrong queue.</summary>
    public abstract ulong Name { get; }

    /// <summary>Whether anybody has come for it: who comes first for what was loaded ahead, and has left again, does not come back for it.</summary>
    public virtual bool WasAskedFor => true;

    /// <summary>Uses since it came into its queue, as far as they are counted.</summary>
    public int Uses => _uses;

    /// <summary>
    /// Whether it is worth keeping: it is in the main queue, or would go there if it had to leave the small one now. In a cache that was never full
    /// nothing had to.
    /// </summary>
    public bool IsHot => IsProven || HasProof;

    internal T? Newer { get; set; }

    /// <summary>Whether it has been found worth keeping.</summary>
    internal bool IsProven { get; set; }

    internal bool HasProof => _uses >= Proof;

    /// <summary>
    /// Counts a use; without a lock. A race loses a count, which is harmless; and nothing is written once there are enough, so that a popular entry's cache
    /// line stays shared between the cores.
    /// </summary>
    public void Use()
    {
        var uses = _uses;
        if (uses < MaxUses) _uses = uses + 1;
    }

    internal void Forget(int uses) => _uses = uses;
}

/// <summary>
/// Which entry leaves next: S3-FIFO (Yang et al., SOSP 2023). Newcomers wait in a small queue, a tenth of all; those used again meanwhile go on to the main
/// queue, the others leave, and are remembered by name for as long as the main queue is: who comes back in that time goes to the main queue at once. So what
/// passes once, however much of it, never pushes out what is used again. A hit writes one counter at most. Not thread-safe: its owner locks.
/// </summary>
/// <param name="capacity">Entries that there is room for, about: the names remembered are as many.</param>
internal sealed class S3FifoQueue<T>(int capacity)
    where T : S3FifoEntry<T>
{
    // The paper's tenth.
    private const int SmallShare = 10;

    // A cache of 256 GiB; beyond it, names are forgotten sooner.
    private const int MaxNames = 1 << 20;

    private readonly Fifo _small = new();
    private readonly Fifo _main = new();
    private readonly NameRing _left = new(Math.Min(capacity, MaxNames));

    public int Count => _small.Count + _main.Count;

    /// <summary>Whether an entry of this name left unproven a short while ago.</summary>
    public bool HasLeft(ulong name) => _left.Contains(name);

    /// <param name="entry">In no queue.</param>
    /// <param name="isProven">Whether it is known to be worth keeping: see <see cref="HasLeft"/>.</param>
    public void Add(T entry, bool isProven)
    {
        entry.Forget(0);
        Queue(entry, isProven);
    }

    /// <summary>Removes and returns the next to leave; <paramref name="tryRetire"/> may refuse one that is in use. Null when all are.</summary>
    public T? Evict(Func<T, bool> tryRetire)
    {
        // Every entry of the main queue may be spared as often as it counts uses. One that is refused goes around too.
        var refusedSmall = 0;
        for (var steps = _small.Count + 5 * Count; steps > 0; steps--)
        {
            if (_small.Count > refusedSmall && (_small.Count * SmallShare > Count || _main.Count == 0))
            {
                var entry = _small.RemoveOldest();
                if (entry.HasProof)
                {
                    entry.Forget(0);
                    Queue(entry, isProven: true);
                }
                else if (tryRetire(entry))
                {
                    if (entry.WasAskedFor) _left.Add(entry.Name);
                    return entry;
                }
                else
                {
                    refusedSmall++;
                    _small.Add(entry);
                }
            }
            else if (_main.Count > 0)
            {
                var entry = _main.RemoveOldest();
                if (entry.Uses == 0 && tryRetire(entry)) return entry;
                if (entry.Uses > 0) entry.Forget(entry.Uses - 1);
                _main.Add(entry);
            }
            else
            {
                return null;
            }
        }

        return null;
    }

    private void Queue(T entry, bool isProven)
    {
        entry.IsProven = isProven;
        (isProven ? _main : _small).Add(entry);
    }

    private sealed class Fifo
    {
        private T? _newest;
        private T? _oldest;

        public int Count { get; private set; }

        public void Add(T entry)
        {
            entry.Newer = null;
            if (_newest is not null) _newest.Newer = entry;
            _newest = entry;
            _oldest ??= entry;
            Count++;
        }

        public T RemoveOldest()
        {
            var entry = _oldest!;
            _oldest = entry.Newer;
            if (_oldest is null) _newest = null;
            entry.Newer = null;
            Count--;
            return entry;
        }
    }
}
