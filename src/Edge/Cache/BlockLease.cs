namespace Movento.Edge.Cache;

/// <summary>The right to read some bytes of a block until disposed, or why there is none.</summary>
internal readonly struct BlockLease : IDisposable
{
    private readonly BlockCache? _cache;
    private readonly Block? _block;

    /// <param name="cache">Takes the reference back.</param>
    /// <param name="block">With a reference for this lease.</param>
    /// <param name="from">The first byte that is read; it is there.</param>
    public BlockLease(BlockCache cache, Block block, int from)
    {
        _cache = cache;
        _block = block;
        Bytes = block.Buffer[from..block.Filled];
    }

    public BlockLease(EdgeOutcome failure) => Failure = failure;

    /// <summary>Null where the bytes are there.</summary>
    public EdgeOutcome? Failure { get; }

    /// <summary>
    /// The file's bytes from the asked position on, as far as they are in memory one after the other: at least one, at most to the block's end. Pinned, and
    /// valid until the lease is disposed.
    /// </summary>
    public ReadOnlyMemory<byte> Bytes { get; }

    public void Dispose()
    {
        if (_block is not null) _cache!.Release(_block);
    }
}
