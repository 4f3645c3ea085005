namespace Movento.Edge.Cache;

/// <summary>Names a block: which file, which of its blocks.</summary>
/// <param name="File">See <see cref="Delivery.MediaFile.Id"/>.</param>
/// <param name="Index">From 0.</param>
internal readonly record struct BlockKey(UInt128 File, int Index)
{
    // File is a part of a SHA-256: its low half is as good a hash as any.
    public override int GetHashCode() => (int)(ulong)File + Index * 0x5bd1e995;
}

/// <summary>
/// Some bytes of a file in memory, or on their way there. Referenced once by the cache while it is in it, and once by everybody who waits
/// for it or reads it; a block that anybody else references is never evicted.
/// </summary>
internal sealed class Block(BlockKey key, int references) : SieveEntry<Block>
{
    private readonly TaskCompletionSource<EdgeOutcome?> _loaded = new(TaskCreationOptions.RunContinuationsAsynchronously);
    private int _references = references;
    private bool _aheadIsUsed;

    public BlockKey Key { get; } = key;

    /// <summary>Set before the load completes.</summary>
    public byte[]? Buffer { get; set; }

    /// <summary>Bytes of <see cref="Buffer"/> that are the file's.</summary>
    public int Length { get; set; }

    /// <summary>Loaded ahead of whoever will read it: that reader's first use does not count as a second one.</summary>
    public bool IsAhead { get; init; }

    /// <summary>Completes with null once the bytes are there, else with what went wrong. Never faults.</summary>
    public Task<EdgeOutcome?> Loaded => _loaded.Task;

    /// <summary>Whether the bytes are there.</summary>
    public bool IsLoaded => _loaded.Task.IsCompletedSuccessfully && _loaded.Task.Result is null;

    /// <summary>Counts a use towards staying in memory.</summary>
    public void Count()
    {
        // A race of two first users loses one count: harmless.
        if (IsAhead && !_aheadIsUsed) _aheadIsUsed = true;
        else Visited = true;
    }

    public void Complete(EdgeOutcome? failure) => _loaded.SetResult(failure);

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
