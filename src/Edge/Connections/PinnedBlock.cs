using System.Buffers;
using System.Runtime.InteropServices;

namespace Movento.Edge.Connections;

/// <summary>One block of <see cref="PinnedBlockPool"/>: an array that never moves.</summary>
internal sealed class PinnedBlock : IMemoryOwner<byte>
{
    private readonly PinnedBlockPool _pool;

    public PinnedBlock(PinnedBlockPool pool)
    {
        _pool = pool;
        var array = GC.AllocateUninitializedArray<byte>(PinnedBlockPool.BlockSize, pinned: true);
        Memory = MemoryMarshal.CreateFromPinnedArray(array, 0, array.Length);
    }

    public Memory<byte> Memory { get; }

    /// <summary>Gives the block back.</summary>
    public void Dispose() => _pool.Return(this);
}
