using System.Collections.Concurrent;

namespace Movento.Edge.Cache;

/// <summary>
/// Something made once for each key, however many ask, within a number of bytes. That there is none is remembered for a short while;
/// a failure is not.
/// </summary>
/// <param name="capacity">In bytes.</param>
/// <param name="missingLifetime">How long it is remembered that there is none.</param>
/// <param name="time">The clock for that.</param>
/// <param name="load">Makes the value, or says why there is none (<see cref="EdgeOutcome.NotFound"/> is remembered). Never throws.</param>
/// <param name="weigh">Bytes that the value keeps in memory.</param>
/// <param name="lifetime">How long the value may be given out before it is made anew; null for ever, and without this parameter for all.</param>
internal sealed class DocumentCache<TKey, TValue>(
    long capacity,
    TimeSpan missingLifetime,
    TimeProvider time,
    Func<TKey, Task<(TValue? Value, EdgeOutcome? Failure)>> load,
    Func<TValue, long> weigh,
    Func<TValue, TimeSpan?>? lifetime = null)
    where TKey : notnull
    where TValue : class
{
    // What an entry costs besides its value: about what the runtime takes for the objects that make it up.
    private const long EntryBytes = 512;

    private readonly ConcurrentDictionary<TKey, Entry> _entries = new();
    private readonly Lock _lock = new();
    private readonly SieveQueue<Entry> _queue = new();
    private long _bytes;

    /// <summary>Bytes of all that is remembered; never more than the capacity.</summary>
    public long Bytes => Volatile.Read(ref _bytes);

    /// <summary>The value if it is in memory: no allocation, no lock.</summary>
    public TValue? TryGet(TKey key)
    {
        if (!_entries.TryGetValue(key, out var entry) || !entry.Result.IsCompletedSuccessfully || HasExpired(entry)) return null;
        entry.Visited = true;
        return entry.Result.Result.Value;
    }

    /// <summary>The value, made now if need be. Cancelling ends the wait, not the making.</summary>
    public async ValueTask<(TValue? Value, EdgeOutcome? Failure)> GetAsync(TKey key, CancellationToken cancellationToken)
    {
        while (true)
        {
            if (_entries.TryGetValue(key, out var entry))
            {
                if (!HasExpired(entry)) return await entry.Result.WaitAsync(cancellationToken);
                Remove(entry);
                continue;
            }

            entry = new Entry(key);
            if (!_entries.TryAdd(key, entry)) continue;
            _ = Task.Run(() => LoadAsync(entry), CancellationToken.None);
            return await entry.Result.WaitAsync(cancellationToken);
        }
    }

    private async Task LoadAsync(Entry entry)
    {
        var (value, failure) = await load(entry.Key);
        entry.Weight = EntryBytes + (value is null ? 0 : weigh(value));
        if (failure == EdgeOutcome.NotFound)
            ExpireAfter(entry, missingLifetime);
        else if (value is not null && lifetime?.Invoke(value) is { } limit)
            ExpireAfter(entry, limit);

        // What failed is made anew by the next who asks, and what is larger than the whole cache every time.
        if ((failure is null or EdgeOutcome.NotFound) && entry.Weight <= capacity) Keep(entry);
        else _entries.TryRemove(new KeyValuePair<TKey, Entry>(entry.Key, entry));
        entry.Complete(value, failure);
    }

    // Most never expire: the clock is not asked for them.
    private bool HasExpired(Entry entry) => entry.CanExpire && entry.HasExpired(time.GetTimestamp());

    private void ExpireAfter(Entry entry, TimeSpan limit) => entry.ExpireAt(time.GetTimestamp() + (long)(limit.TotalSeconds * time.TimestampFrequency));

    private void Keep(Entry entry)
    {
        lock (_lock)
        {
            while (_bytes + entry.Weight > capacity)
            {
                var evicted = _queue.Evict(static _ => true)!;
                _entries.TryRemove(new KeyValuePair<TKey, Entry>(evicted.Key, evicted));
                evicted.IsKept = false;
                _bytes -= evicted.Weight;
            }

            _queue.Add(entry);
            entry.IsKept = true;
            _bytes += entry.Weight;
        }
    }

    private void Remove(Entry entry)
    {
        lock (_lock)
        {
            _entries.TryRemove(new KeyValuePair<TKey, Entry>(entry.Key, entry));
            if (!entry.IsKept) return;
            _queue.Remove(entry);
            entry.IsKept = false;
            _bytes -= entry.Weight;
        }
    }

    private sealed class Entry(TKey key) : SieveEntry<Entry>
    {
        private readonly TaskCompletionSource<(TValue? Value, EdgeOutcome? Failure)> _result =
            new(TaskCreationOptions.RunContinuationsAsynchronously);

        private long _expires = long.MaxValue;

        public TKey Key { get; } = key;

        public Task<(TValue? Value, EdgeOutcome? Failure)> Result => _result.Task;

        public long Weight { get; set; }

        /// <summary>Whether it is in the queue; under the cache's lock.</summary>
        public bool IsKept { get; set; }

        public void ExpireAt(long timestamp) => Volatile.Write(ref _expires, timestamp);

        public bool CanExpire => Volatile.Read(ref _expires) != long.MaxValue;

        public bool HasExpired(long timestamp) => timestamp >= Volatile.Read(ref _expires);

        public void Complete(TValue? value, EdgeOutcome? failure) => _result.SetResult((value, failure));
    }
}
