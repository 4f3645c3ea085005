using System.Collections.Concurrent;

namespace Movento.Edge.Cache;

/// <summary>
/// Something made once for each key, however many ask, within a number of bytes. That there is none is remembered for a short while;
/// a failure is not. What has a lifetime is given out a little longer while it is made anew (stale while revalidate), and longer still where making it anew
/// fails (stale if error; RFC 5861).
/// </summary>
/// <param name="capacity">In bytes.</param>
/// <param name="missingLifetime">How long it is remembered that there is none.</param>
/// <param name="time">The clock for that.</param>
/// <param name="load">Makes the value, or says why there is none (<see cref="EdgeOutcome.NotFound"/> is remembered). Never throws.</param>
/// <param name="weigh">Bytes that the value keeps in memory.</param>
internal sealed class DocumentCache<TKey, TValue>(
    long capacity,
    TimeSpan missingLifetime,
    TimeProvider time,
    Func<TKey, Task<(TValue? Value, EdgeOutcome? Failure)>> load,
    Func<TValue, long> weigh)
    where TKey : notnull
    where TValue : class
{
    // What an entry costs besides its value: about what the runtime takes for the objects that make it up.
    private const long EntryBytes = 512;

    private const long Never = long.MinValue;

    private readonly ConcurrentDictionary<TKey, Entry> _entries = new();
    private readonly Lock _lock = new();
    private readonly SieveQueue<Entry> _queue = new();
    private long _bytes;

    /// <summary>How long the value may be given out before it is made anew, and as long again while it is; null for ever, and without this for all.</summary>
    public Func<TValue, TimeSpan?>? Lifetime { get; init; }

    /// <summary>How long after its lifetime a value may be given out whose making anew fails.</summary>
    public TimeSpan StaleIfError { get; init; }

    /// <summary>Told of every value given out after its lifetime; true where making it anew has failed.</summary>
    public Action<bool>? GivenStale { get; init; }

    /// <summary>Bytes of all that is remembered; never more than the capacity.</summary>
    public long Bytes => Volatile.Read(ref _bytes);

    /// <summary>The value if it is in memory: no allocation, no lock.</summary>
    public TValue? TryGet(TKey key)
    {
        if (!_entries.TryGetValue(key, out var entry) || !entry.Result.IsCompletedSuccessfully) return null;
        if (entry.CanExpire && !MayBeGivenWhileRenewed(entry)) return null;
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
                // Who waited for it to be made gets it, however short it lives.
                var isNew = !entry.Result.IsCompleted;
                var (value, failure) = await entry.Result.WaitAsync(cancellationToken);
                if (isNew || !entry.CanExpire || MayBeGivenWhileRenewed(entry)) return (value, failure);
                if (value is null)
                {
                    Remove(entry);
                    continue;
                }

                var (renewed, reason) = await Renew(entry).WaitAsync(cancellationToken);
                if (reason is null or EdgeOutcome.NotFound || AgeOf(entry) >= entry.Lifetime + StaleIfError) return (renewed, reason);
                GivenStale?.Invoke(true);
                return (value, null);
            }

            entry = new Entry(key);
            if (!_entries.TryAdd(key, entry)) continue;
            _ = Task.Run(() => LoadAsync(entry), CancellationToken.None);
            return await entry.Result.WaitAsync(cancellationToken);
        }
    }

    private TimeSpan AgeOf(Entry entry) => time.GetElapsedTime(entry.MadeAt);

    /// <summary>Whether the entry is fresh, or not long past it: then it is made anew behind the one who asks.</summary>
    private bool MayBeGivenWhileRenewed(Entry entry)
    {
        var age = AgeOf(entry);
        if (age < entry.Lifetime) return true;
        if (entry.Result.Result.Value is null) return false;

        // A renewal that has just failed is not tried again by everybody who asks.
        var hasFailed = entry.FailedAt != Never && time.GetElapsedTime(entry.FailedAt) < entry.Lifetime;
        if (hasFailed ? age >= entry.Lifetime + StaleIfError : age >= 2 * entry.Lifetime) return false;
        if (!hasFailed) _ = Renew(entry);
        GivenStale?.Invoke(hasFailed);
        return true;
    }

    /// <summary>Makes the entry's value anew, once however many ask; until that has succeeded the entry stays.</summary>
    private Task<(TValue? Value, EdgeOutcome? Failure)> Renew(Entry entry)
    {
        lock (_lock) return entry.Renewal ??= Task.Run(() => RenewAsync(entry));
    }

    private async Task<(TValue? Value, EdgeOutcome? Failure)> RenewAsync(Entry old)
    {
        var entry = new Entry(old.Key);
        var (value, failure) = await MakeAsync(entry);
        var isKnown = failure is null or EdgeOutcome.NotFound;
        if (!isKnown)
        {
            lock (_lock) (old.Renewal, old.FailedAt) = (null, time.GetTimestamp());
            return (value, failure);
        }

        Forget(old);
        if (entry.Weight <= capacity && _entries.TryUpdate(old.Key, entry, old)) Keep(entry);
        else _entries.TryRemove(new KeyValuePair<TKey, Entry>(old.Key, old));
        return (value, failure);
    }

    private async Task LoadAsync(Entry entry)
    {
        var (value, failure) = await MakeAsync(entry, complete: false);

        // What failed is made anew by the next who asks, and what is larger than the whole cache every time.
        if ((failure is null or EdgeOutcome.NotFound) && entry.Weight <= capacity) Keep(entry);
        else _entries.TryRemove(new KeyValuePair<TKey, Entry>(entry.Key, entry));
        entry.Complete(value, failure);
    }

    private async Task<(TValue? Value, EdgeOutcome? Failure)> MakeAsync(Entry entry, bool complete = true)
    {
        var (value, failure) = await load(entry.Key);
        entry.Weight = EntryBytes + (value is null ? 0 : weigh(value));
        entry.MadeAt = time.GetTimestamp();
        if (failure == EdgeOutcome.NotFound) entry.Lifetime = missingLifetime;
        else if (value is not null && Lifetime?.Invoke(value) is { } limit) entry.Lifetime = limit;
        if (complete) entry.Complete(value, failure);
        return (value, failure);
    }

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
        _entries.TryRemove(new KeyValuePair<TKey, Entry>(entry.Key, entry));
        Forget(entry);
    }

    private void Forget(Entry entry)
    {
        lock (_lock)
        {
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

        public TKey Key { get; } = key;

        public Task<(TValue? Value, EdgeOutcome? Failure)> Result => _result.Task;

        public long Weight { get; set; }

        /// <summary>Whether it is in the queue; under the cache's lock.</summary>
        public bool IsKept { get; set; }

        /// <summary>Set before it completes, and so are the lifetime and the weight.</summary>
        public long MadeAt { get; set; }

        public TimeSpan Lifetime { get; set; } = TimeSpan.MaxValue;

        // Most never expire: the clock is not asked for them.
        public bool CanExpire => Lifetime != TimeSpan.MaxValue;

        /// <summary>The making anew that is under way; under the cache's lock.</summary>
        public Task<(TValue? Value, EdgeOutcome? Failure)>? Renewal { get; set; }

        /// <summary>When the last one failed.</summary>
        public long FailedAt { get; set; } = Never;

        public void Complete(TValue? value, EdgeOutcome? failure) => _result.SetResult((value, failure));
    }
}
