using System.Buffers;
using System.Collections.Concurrent;

namespace Movento.Edge.Connections;

/// <summary>
/// The memory of the server's connections, in blocks of 128 KB instead of Kestrel's 4 KB: a segment then goes out in a few sends instead
/// of hundreds (measured: 1.25 to 1.5 times nginx instead of 0.65 to 1.25). What lies idle is given back to the system step by step.
/// </summary>
internal sealed class PinnedBlockPool : MemoryPool<byte>
{
    public const int BlockSize = 128 << 10;

    // 64 MB: what a thousand connections that send need between two pieces is far less.
    private const int MaxIdleBlocks = 512;

    private static readonly TimeSpan TrimPeriod = TimeSpan.FromSeconds(10);

    private readonly ConcurrentStack<PinnedBlock> _idle = new();
    private readonly ITimer _trimming;
    private int _idleCount;
    private int _fewestIdle;
    private int _blocks;
    private volatile bool _isDisposed;

    public PinnedBlockPool(TimeProvider time) =>
        _trimming = time.CreateTimer(static pool => ((PinnedBlockPool)pool!).Trim(), this, TrimPeriod, TrimPeriod);

    public override int MaxBufferSize => BlockSize;

    /// <summary>Blocks in use and idle.</summary>
    public int Blocks => Volatile.Read(ref _blocks);

    public override IMemoryOwner<byte> Rent(int minBufferSize = -1)
    {
        ArgumentOutOfRangeException.ThrowIfGreaterThan(minBufferSize, BlockSize);
        ObjectDisposedException.ThrowIf(_isDisposed, this);
        if (_idle.TryPop(out var block))
        {
            var idle = Interlocked.Decrement(ref _idleCount);
            if (idle < Volatile.Read(ref _fewestIdle)) Volatile.Write(ref _fewestIdle, idle);
            return block;
        }

        Volatile.Write(ref _fewestIdle, 0);
        Interlocked.Increment(ref _blocks);
        return new PinnedBlock(this);
    }

    internal void Return(PinnedBlock block)
    {
        // Dropping a block leaves it to the collector.
        if (_isDisposed || Volatile.Read(ref _idleCount) >= MaxIdleBlocks)
        {
            Interlocked.Decrement(ref _blocks);
            return;
        }

        Interlocked.Increment(ref _idleCount);
        _idle.Push(block);
    }

    /// <summary>Drops half of the blocks that nobody needed since the last time, rounded up.</summary>
    internal void Trim()
    {
        for (var drop = (Volatile.Read(ref _fewestIdle) + 1) / 2; drop > 0 && _idle.TryPop(out _); drop--)
        {
            Interlocked.Decrement(ref _idleCount);
            Interlocked.Decrement(ref _blocks);
        }

        Volatile.Write(ref _fewestIdle, Volatile.Read(ref _idleCount));
    }

    protected override void Dispose(bool disposing)
    {
        _isDisposed = true;
        _trimming.Dispose();
        _idle.Clear();
    }
}
