using System.Buffers;
using System.Collections.Concurrent;
using System.Diagnostics.Metrics;
using Microsoft.AspNetCore.Connections;

namespace Movento.Edge.Connections;

/// <summary>Gives Kestrel its memory, one pool for each of the transport's queues.</summary>
internal sealed class PinnedBlockPoolFactory : IMemoryPoolFactory<byte>
{
    private readonly ConcurrentBag<WeakReference<PinnedBlockPool>> _pools = [];
    private readonly TimeProvider _time;

    public PinnedBlockPoolFactory(TimeProvider time, IMeterFactory meters)
    {
        _time = time;
        meters.Create(EdgeMetrics.MeterName).CreateObservableUpDownCounter(
            "movento.edge.connections.memory", () => Bytes, "By", "Memory of the server's connections, in use and idle.");
    }

    /// <summary>Bytes of every pool, in use and idle.</summary>
    public long Bytes
    {
        get
        {
            var blocks = 0L;
            foreach (var reference in _pools)
            {
                if (reference.TryGetTarget(out var pool)) blocks += pool.Blocks;
            }

            return blocks * PinnedBlockPool.BlockSize;
        }
    }

    public MemoryPool<byte> Create(MemoryPoolOptions? options = null)
    {
        var pool = new PinnedBlockPool(_time);
        _pools.Add(new WeakReference<PinnedBlockPool>(pool));
        return pool;
    }
}
