using System.Numerics;

namespace Movento.Edge.Admission;

/// <summary>
/// What each of many has taken lately, in a table of fixed size: buckets as one time each, when the bucket will be full again (the generic cell
/// rate algorithm, ITU-T I.371 annex A). Nothing is allocated after the table is; a lock is shared by few and held for some dozen instructions.
/// </summary>
internal sealed class LimitTable
{
    private const int Ways = 8;
    private const int MaxLocks = 1024;

    private readonly Limit _limit;
    private readonly long _frequency;
    private readonly long _burst;
    private readonly Entry[] _entries;
    private readonly Lock[] _locks;
    private readonly int _lastSet;

    /// <param name="limit">What each may take.</param>
    /// <param name="burst">How much of a rate may be taken at once.</param>
    /// <param name="capacity">How many are kept count of; rounded up to a power of two.</param>
    /// <param name="frequency">Ticks a second of the times that the methods take.</param>
    public LimitTable(Limit limit, TimeSpan burst, int capacity, long frequency)
    {
        _limit = limit;
        _frequency = frequency;
        _burst = (long)(burst.TotalSeconds * frequency);
        var sets = (int)BitOperations.RoundUpToPowerOf2((uint)Math.Max(capacity, Ways)) / Ways;
        _entries = new Entry[sets * Ways];
        _locks = new Lock[Math.Min(sets, MaxLocks)];
        for (var index = 0; index < _locks.Length; index++) _locks[index] = new Lock();
        _lastSet = sets - 1;
    }

    /// <summary>Counts a request of <paramref name="key"/> that begins, or says what it has too many of.</summary>
    /// <param name="key">Not 0.</param>
    /// <param name="now">In ticks.</param>
    /// <param name="slot">To be handed to <see cref="Leave"/>; -1 where there is nothing to hand back.</param>
    /// <param name="wait">Ticks until it may try again.</param>
    public LimitVerdict Enter(UInt128 key, long now, out int slot, out long wait)
    {
        // Keyed with a secret of the process, so that nobody can choose who shares a set.
        var set = HashCode.Combine((ulong)(key >> 64), (ulong)key) & _lastSet;
        lock (_locks[set & (_locks.Length - 1)])
        {
            slot = Find(key, set * Ways);
            wait = 0;

            // Everybody in the set is at work: whoever comes now is not counted, rather than refused for others' requests.
            if (slot < 0) return LimitVerdict.Within;
            ref var entry = ref _entries[slot];
            var verdict = Check(entry, now, out wait);
            if (verdict != LimitVerdict.Within)
            {
                slot = -1;
                return verdict;
            }

            entry.AtOnce++;
            if (_limit.Requests > 0) entry.RequestsFull = Math.Max(entry.RequestsFull, now) + _frequency / _limit.Requests;
            return LimitVerdict.Within;
        }
    }

    /// <summary>The request ended, after so many bytes.</summary>
    public void Leave(int slot, long bytes, long now)
    {
        if (slot < 0) return;
        var set = slot / Ways;
        lock (_locks[set & (_locks.Length - 1)])
        {
            ref var entry = ref _entries[slot];
            entry.AtOnce--;
            if (_limit.Bytes > 0) entry.BytesFull = Math.Max(entry.BytesFull, now) + (long)((double)bytes / _limit.Bytes * _frequency);
        }
    }

    private LimitVerdict Check(in Entry entry, long now, out long wait)
    {
        // What is full again later than a burst from now is empty now.
        if (_limit.Requests > 0 && (wait = entry.RequestsFull - now - _burst) > 0) return LimitVerdict.TooManyRequests;
        if (_limit.Bytes > 0 && (wait = entry.BytesFull - now - _burst) > 0) return LimitVerdict.TooManyBytes;
        wait = _frequency;
        return _limit.Concurrency > 0 && entry.AtOnce >= _limit.Concurrency ? LimitVerdict.TooManyAtOnce : LimitVerdict.Within;
    }

    // The entry of the key; else the one whose buckets have been full longest, taken over; -1 where each has a request under way.
    private int Find(UInt128 key, int first)
    {
        var oldest = -1;
        var oldestFull = long.MaxValue;
        for (var slot = first; slot < first + Ways; slot++)
        {
            ref var entry = ref _entries[slot];
            if (entry.Key == key) return slot;
            var full = Math.Max(entry.RequestsFull, entry.BytesFull);
            if (entry.AtOnce > 0 || full >= oldestFull) continue;
            oldest = slot;
            oldestFull = full;
        }

        if (oldest >= 0) _entries[oldest] = new Entry { Key = key };
        return oldest;
    }

    private struct Entry
    {
        public UInt128 Key;

        /// <summary>When the bucket of requests is full again.</summary>
        public long RequestsFull;

        /// <summary>When the bucket of bytes is full again.</summary>
        public long BytesFull;

        public int AtOnce;
    }
}
