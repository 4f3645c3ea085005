using System.Runtime.InteropServices;

namespace Movento.Edge.Cache;

/// <summary>
/// The cache's memory: slabs of pinned arrays, cut into blocks. It is taken from the system as it is needed and never given back, and never is more than
/// <paramref name="budget"/>. Pinned: the kernel reads into it and sends from it, and the collector neither copies nor looks into it. Not thread-safe: its
/// owner locks.
/// </summary>
/// <param name="budget">In bytes.</param>
/// <param name="blockSize">In bytes.</param>
internal sealed class PinnedSlabs(long budget, int blockSize)
{
    // Large enough that a cache of 64 GB is a few thousand objects, small enough that an idle edge takes little.
    private const int SlabBlocks = 32;

    // Blocks begin at pages: copies to and from them, and a store that reads past the page cache, want it so.
    private const int Alignment = 4096;

    private readonly Stack<Memory<byte>> _free = new();

    /// <summary>Taken from the system so far; at most the budget.</summary>
    public long Bytes { get; private set; }

    /// <summary>Whether so many blocks can be taken without anybody giving one back.</summary>
    public bool HasRoomFor(int blocks) => _free.Count + Math.Max(0, budget - Bytes - Alignment) / blockSize >= blocks;

    /// <summary>A block that nobody uses; false where the budget is spent.</summary>
    public bool TryTake(out Memory<byte> block)
    {
        if (_free.TryPop(out block)) return true;
        var blocks = (int)Math.Min(SlabBlocks, (budget - Bytes - Alignment) / blockSize);
        if (blocks <= 0) return false;

        var slab = GC.AllocateUninitializedArray<byte>(blocks * blockSize + Alignment, pinned: true);
        Bytes += slab.Length;
        var start = StartOf(slab);
        for (var number = blocks - 1; number >= 0; number--) _free.Push(MemoryMarshal.CreateFromPinnedArray(slab, start + number * blockSize, blockSize));
        block = _free.Pop();
        return true;
    }

    public void Return(Memory<byte> block) => _free.Push(block);

    private static int StartOf(byte[] slab) => (int)(-Marshal.UnsafeAddrOfPinnedArrayElement(slab, 0) & (Alignment - 1));
}
