namespace Movento.Edge.Cache;

/// <summary>
/// The cache's memory, cut into blocks. It is taken from the system as it is needed and never given back, and never is more than
/// <paramref name="budget"/>. Not thread-safe, but for <see cref="Renew"/>: its owner locks.
/// </summary>
/// <param name="budget">In bytes.</param>
/// <param name="blockSize">In bytes, a multiple of a page's 4096.</param>
internal sealed class MemorySlabs(long budget, int blockSize)
{
    // What has not been used yet takes address space alone, so slabs are as large as a Memory<byte> can well name.
    private const int MaxSlab = 1 << 30;

    private readonly Stack<Memory<byte>> _free = new();
    private SharedPages? _newest;
    private int _cut;

    /// <summary>Taken from the system so far; at most the budget.</summary>
    public long Bytes { get; private set; }

    /// <summary>Whether so many blocks can be taken without anybody giving one back.</summary>
    public bool HasRoomFor(int blocks) => _free.Count + (budget - Bytes) / blockSize >= blocks;

    /// <summary>A block that nobody uses; false where the budget is spent.</summary>
    public bool TryTake(out Memory<byte> block)
    {
        if (_free.TryPop(out block)) return true;
        if (budget - Bytes < blockSize) return false;
        if (_newest is null || _newest.Length - _cut < blockSize)
        {
            var length = Math.Min(MaxSlab, budget - Bytes);
            (_newest, _cut) = (new SharedPages((int)(length - length % blockSize)), 0);
        }

        block = _newest.Memory.Slice(_cut, blockSize);
        _cut += blockSize;
        Bytes += blockSize;
        return true;
    }

    public void Return(Memory<byte> block) => _free.Push(block);

    /// <summary>Gives a block other pages, full of zeros: of the old ones some may still be on their way to a client. From any thread.</summary>
    public static void Renew(Memory<byte> block)
    {
        var (pages, start) = SharedPages.Of(block);
        pages.Renew(start, block.Length);
    }
}
