using System.Buffers;
using System.Runtime.InteropServices;

namespace Movento.Edge.Connections;

/// <summary>Small pinned buffers for the heads of responses, held from the first byte of a head to the end of its send.</summary>
internal sealed class HeadBufferPool
{
    /// <summary>A head of ours has at most 1 KB; problems and their texts fit too.</summary>
    public const int BufferSize = 4 << 10;

    // 4 MB: heads are held for microseconds, but for those of stalled clients.
    private const int MaxIdle = 1024;

    private readonly Lock _lock = new();
    private readonly Buffer[] _idle = new Buffer[MaxIdle];
    private int _idleCount;

    public IMemoryOwner<byte> Rent()
    {
        lock (_lock)
        {
            if (_idleCount > 0) return _idle[--_idleCount];
        }

        return new Buffer(this);
    }

    private void Return(Buffer buffer)
    {
        lock (_lock)
        {
            if (_idleCount < MaxIdle) _idle[_idleCount++] = buffer;
        }
    }

    private sealed class Buffer(HeadBufferPool pool) : IMemoryOwner<byte>
    {
        public Memory<byte> Memory { get; } =
            MemoryMarshal.CreateFromPinnedArray(GC.AllocateUninitializedArray<byte>(BufferSize, pinned: true), 0, BufferSize);

        public void Dispose() => pool.Return(this);
    }
}
