namespace Movento.Edge.Cache;

/// <summary>
/// The cache's memory, cut into blocks. It is taken from the system as it is needed and never given back, and never is more than
/// <paramref name="budget"/>. Not thread-safe, but for <see cref="Renew"/> and <see cref="Write"/>: its owner locks.
/// </summary>
/// <param name="budget">In bytes.</param>
/// <param name="blockSize">In bytes, a multiple of a page's 4096.</param>
internal sealed class MemorySlabs(long budget, int blockSize)
{
    // To write to a file of memory or to renew a part of it locks all of it, so neighbours are in different ones: with a single one, a sixth of the processor's
    // time of an edge that serves from a cold disk was spent waiting for that lock. More are only needed where a Memory<byte> cannot name the whole of one.
    private const int LeastFiles = 16;
    private const int MaxFile = 1 << 30;

    private readonly Stack<Memory<byte>> _free = new();
    private readonly SharedPages?[] _files = new SharedPages?[(int)Math.Max(LeastFiles, (budget + MaxFile - 1) / MaxFile)];

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
        var (turn, number) = Math.DivRem(Bytes / blockSize, _files.Length);
        var file = _files[number] ??= new SharedPages((int)((budget / blockSize + _files.Length - 1) / _files.Length) * blockSize);
        block = file.Memory.Slice((int)turn * blockSize, blockSize);
        Bytes += blockSize;
        return true;
    }

    public void Return(Memory<byte> block) => _free.Push(block);

    /// <summary>Writes to a block that nobody reads there yet. From any thread.</summary>
    /// <param name="block">All of it.</param>
    /// <param name="start">In bytes, from its beginning.</param>
    /// <param name="bytes">What to write there.</param>
    public static void Write(Memory<byte> block, int start, ReadOnlySpan<byte> bytes)
    {
        ArgumentOutOfRangeException.ThrowIfGreaterThan(start + bytes.Length, block.Length, nameof(start));
        var (pages, at) = SharedPages.Of(block);
        pages.Write(at + start, bytes);
    }

    /// <summary>Gives a block other pages, full of zeros: of the old ones some may still be on their way to a client. From any thread.</summary>
    public static void Renew(Memory<byte> block)
    {
        var (pages, start) = SharedPages.Of(block);
        pages.Renew(start, block.Length);
    }
}
