namespace Movento.Edge.Cache;

/// <summary>The right to read a block until disposed, or why there is none.</summary>
internal readonly struct BlockLease : IDisposable
{
    private readonly BlockCache? _cache;
    private readonly Block? _block;

    public BlockLease(BlockCache cache, Block block)
    {
        _cache = cache;
        _block = block;
    }

    public BlockLease(EdgeOutcome failure) => Failure = failure;

    /// <summary>Null where the block is there.</summary>
    public EdgeOutcome? Failure { get; }

    /// <summary>The block's bytes; valid until the lease is disposed.</summary>
    public ReadOnlyMemory<byte> Bytes => _block is null ? default : _block.Buffer.AsMemory(0, _block.Length);

    public void Dispose()
    {
        if (_block is not null) _cache!.Release(_block);
    }
}
