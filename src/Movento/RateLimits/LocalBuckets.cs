using System.Numerics;

namespace Movento.RateLimits;

/// <summary>
/// What each of many has taken of its bucket, in this process, in a table of fixed size: a bucket is the time at which it will be full again (the generic cell
/// rate algorithm, ITU-T I.371 annex A). Of more than it holds, the one that is nearest to full begins anew: it has the least to forget.
/// </summary>
internal sealed class LocalBuckets
{
    private const int Ways = 8;
    private const int MaxLocks = 1024;

    private readonly TimeProvider _time;
    private readonly Entry[] _entries;
    private readonly Lock[] _locks;
    private readonly int _lastSet;

    /// <param name="capacity">How many are kept count of; rounded up to a power of two.</param>
    /// <param name="time">The clock.</param>
    public LocalBuckets(int capacity, TimeProvider time)
    {
        _time = time;
        var sets = (int)BitOperations.RoundUpToPowerOf2((uint)Math.Max(capacity, Ways)) / Ways;
        _entries = new Entry[sets * Ways];
        _locks = new Lock[Math.Min(sets, MaxLocks)];
        for (var index = 0; index < _locks.Length; index++) _locks[index] = new Lock();
        _lastSet = sets - 1;
    }

    /// <summary>Takes one request out of a bucket, or says how long until there is one.</summary>
    public bool TryTake(Partition partition, RequestRate rate, out TimeSpan wait)
    {
        // Keyed with a secret of the process, so that nobody can choose who shares a set.
        var set = HashCode.Combine(partition.Kind, partition.Of, partition.Id) & _lastSet;
        lock (_locks[set & (_locks.Length - 1)])
        {
            var now = _time.GetTimestamp();
            ref var entry = ref Find(partition, set * Ways, now);
            var period = rate.Period.TotalSeconds * _time.TimestampFrequency;
            var full = Math.Max(entry.Full, now) + (long)(period / rate.Requests);
            var late = full - now - (long)period;
            wait = late > 0 ? TimeSpan.FromSeconds((double)late / _time.TimestampFrequency) : TimeSpan.Zero;
            if (late > 0) return false;
            entry.Full = full;
            return true;
        }
    }

    private ref Entry Find(Partition partition, int first, long now)
    {
        var fullest = first;
        for (var slot = first; slot < first + Ways; slot++)
        {
            if (_entries[slot].Partition == partition) return ref _entries[slot];
            if (_entries[slot].Full < _entries[fullest].Full) fullest = slot;
        }

        _entries[fullest] = new Entry { Partition = partition, Full = now };
        return ref _entries[fullest];
    }

    private struct Entry
    {
        public Partition Partition;

        /// <summary>When the bucket is full again, as a timestamp of the clock.</summary>
        public long Full;
    }
}
