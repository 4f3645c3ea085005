using System.Net;
using System.Net.Sockets;
using Microsoft.AspNetCore.Connections;
using Microsoft.Extensions.Logging;

namespace Movento.Edge.Connections;

/// <summary>
/// The transport under the edge's Kestrel: a few <see cref="EventLoop"/>s that share the connections. Kestrel's own parses requests and
/// writes heads; only how bytes come and go is ours, because its pipes copy every body twice.
/// </summary>
internal sealed class EventLoopTransport : IConnectionListenerFactory, IConnectionListenerFactorySelector, IDisposable
{
    private readonly PinnedBlockPoolFactory _pools;
    private readonly EdgeMetrics _metrics;
    private readonly ILogger<EventLoopTransport> _logger;
    private readonly HeadBufferPool _heads = new();
    private readonly Lazy<EventLoop[]> _loops;
    private int _next;

    public EventLoopTransport(PinnedBlockPoolFactory pools, EdgeMetrics metrics, TimeProvider time, ILogger<EventLoopTransport> logger)
    {
        (_pools, _metrics, _logger) = (pools, metrics, logger);
        _loops = new Lazy<EventLoop[]>(() => [.. Enumerable.Range(0, Environment.ProcessorCount).Select(index => new EventLoop(index, time, logger))]);
    }

    public bool CanBind(EndPoint endpoint) => endpoint is IPEndPoint;

    public ValueTask<IConnectionListener> BindAsync(EndPoint endpoint, CancellationToken cancellationToken = default) =>
        new(new EventLoopListener((IPEndPoint)endpoint, this, _pools.Create(), _logger));

    /// <summary>A connection of an accepted socket, watched by the loop whose turn it is.</summary>
    /// <exception cref="IOException">The system refuses to watch it.</exception>
    public TransportConnection Add(Socket socket, System.Buffers.MemoryPool<byte> blocks)
    {
        var loops = _loops.Value;
        var loop = loops[(uint)Interlocked.Increment(ref _next) % loops.Length];
        var connection = new TransportConnection(socket, loop, _heads, blocks, _metrics);
        loop.Add(connection);
        return connection;
    }

    public void Dispose()
    {
        if (!_loops.IsValueCreated) return;
        foreach (var loop in _loops.Value) loop.Dispose();
    }
}
