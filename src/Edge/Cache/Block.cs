using Movento.Edge.Observation;

namespace Movento.Edge.Cache;

/// <summary>Names a block: which file, which of its blocks.</summary>
/// <param name="File">See <see cref="Delivery.MediaFile.Id"/>.</param>
/// <param name="Index">From 0.</param>
internal readonly record struct BlockKey(UInt128 File, int Index)
{
    // File is a part of a SHA-256: its low half is as good a hash as any.
    public override int GetHashCode() => (int)(ulong)File + Index * 0x5bd1e995;

    /// <summary>The key as 64 bits, in which two keys hardly ever agree.</summary>
    public ulong Name => (ulong)File + (ulong)Index * 0x9e3779b97f4a7c15;
}

/// <summary>Why a block is loaded.</summary>
internal enum BlockReason
{
    /// <summary>Somebody waits for it.</summary>
    Asked,

    /// <summary>A response that has come to it already, and still sends it.</summary>
    Again,

    /// <summary>A response will come to it.</summary>
    Ahead,

    /// <summary>A segment that is probably asked for next.</summary>
    Prefetched,

    /// <summary>It was worth keeping when the process ran before.</summary>
    Remembered,
}

/// <summary>
/// Some bytes of a file in memory, or on their way there: what has come can be read while the rest is awaited. Referenced once by the cache while it is in
/// it, and once by everybody who waits for it or reads it; a block that anybody else references is never evicted.
/// </summary>
/// <param name="storageKey">Where its file lies.</param>
/// <param name="length">Bytes of the file in it.</param>
internal sealed class Block(BlockKey key, string storageKey, int length, BlockReason reason, int references) : S3FifoEntry<Block>
{
    private readonly Lock _lock = new();
    private TaskCompletionSource? _more;
    private EdgeOutcome? _failure;
    private int _references = references;
    private volatile int _filled;
    private bool _aheadIsUsed;

    public BlockKey Key { get; } = key;

    /// <summary>Where its file lies in the object store.</summary>
    public string StorageKey => storageKey;

    public override ulong Name => Key.Name;

    public override bool WasAskedFor => reason is BlockReason.Asked or BlockReason.Again || _aheadIsUsed;

    public int Length { get; } = length;

    /// <summary>Set before the first byte is told of; longer than <see cref="Length"/> where the file ends in it.</summary>
    public Memory<byte> Buffer { get; set; }

    /// <summary>Where its bytes came from, once there are any.</summary>
    public CacheTier Source { get; set; } = CacheTier.Origin;

    /// <summary>How many bytes from its beginning are there.</summary>
    public int Filled => _filled;

    /// <summary>Whether all bytes are there.</summary>
    public bool IsWhole => _filled == Length;

    public BlockReason Reason => reason;

    /// <summary>
    /// Counts a use towards staying in memory; true for the first use of what was loaded before anybody asked. That does not count as a second one, but of
    /// what is remembered: those who asked for it the first time did so when the process ran before.
    /// </summary>
    public bool Count()
    {
        // A race of two first users loses one count: harmless.
        var isFirst = !WasAskedFor;
        if (isFirst) _aheadIsUsed = true;
        if (!isFirst || reason == BlockReason.Remembered) Use();
        return isFirst;
    }

    /// <summary>Completes with null once the byte at <paramref name="position"/> is there, else with what went wrong.</summary>
    public async ValueTask<EdgeOutcome?> WaitForAsync(int position, CancellationToken cancellationToken)
    {
        while (true)
        {
            Task more;
            lock (_lock)
            {
                if (_filled > position) return null;
                if (_failure is not null) return _failure;
                _more ??= new TaskCompletionSource(TaskCreationOptions.RunContinuationsAsynchronously);
                more = _more.Task;
            }

            await more.WaitAsync(cancellationToken);
        }
    }

    /// <summary>Tells those who wait that so many bytes are there.</summary>
    public void Publish(int filled)
    {
        lock (_lock) _filled = filled;
        Wake();
    }

    /// <summary>Tells those who wait that no more will come.</summary>
    public void Fail(EdgeOutcome failure)
    {
        lock (_lock) _failure = failure;
        Wake();
    }

    private void Wake()
    {
        TaskCompletionSource? more;
        lock (_lock) (more, _more) = (_more, null);
        more?.SetResult();
    }

    /// <summary>Takes a reference; false when the block is already gone.</summary>
    public bool TryAcquire()
    {
        var references = Volatile.Read(ref _references);
        while (references > 0)
        {
            var seen = Interlocked.CompareExchange(ref _references, references + 1, references);
            if (seen == references) return true;
            references = seen;
        }

        return false;
    }

    /// <summary>Gives a reference back; true for the last one, whose holder owns the buffer now.</summary>
    public bool Release() => Interlocked.Decrement(ref _references) == 0;

    /// <summary>Takes the cache's own reference, if it is the only one: from then on nobody can acquire the block.</summary>
    public bool TryRetire() => Interlocked.CompareExchange(ref _references, 0, 1) == 1;
}
