namespace Movento.Edge.Cache;

/// <summary>
/// The cache's memory, cut into blocks. It is taken from the system as it is needed and never given back, and never is more than
/// <paramref name="budget"/>. Not thread-safe: its owner locks.
/// </summary>
/// <param name="budget">In bytes.</param>
/// <param name="blockSize">In bytes.</param>
internal sealed class MemorySlabs(long budget, int blockSize)
{
    // More than one only where a Memory<byte> cannot name the whole.
    private const int MaxSlab = 1 << 30;

    private readonly int _blocksInSlab = (int)Math.Max(1, Math.Min(budget, MaxSlab) / blockSize);
    private readonly Stack<Memory<byte>> _free = new();
    private readonly List<CacheMemory> _slabs = [];

    /// <summary>Taken from the system so far; at most the budget.</summary>
    public long Bytes { get; private set; }

    /// <summary>Whether so many blocks can be taken without anybody giving one back.</summary>
    public bool HasRoomFor(int blocks) => _free.Count + (budget - Bytes) / blockSize >= blocks;

    /// <summary>A block that nobody uses; false where the budget is spent.</summary>
    public bool TryTake(out Memory<byte> block)
    {
        if (_free.TryPop(out block)) return true;
        if (budget - Bytes < blockSize) return false;
        // What has not been used yet takes address space alone.
        var (slab, place) = Math.DivRem(Bytes / blockSize, _blocksInSlab);
        if (slab == _slabs.Count) _slabs.Add(new CacheMemory(_blocksInSlab * blockSize));
        block = _slabs[(int)slab].Memory.Slice((int)place * blockSize, blockSize);
        Bytes += blockSize;
        return true;
    }

    public void Return(Memory<byte> block) => _free.Push(block);
}
