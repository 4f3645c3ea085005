using System.Globalization;
using System.IO.Pipelines;
using System.Net;
using System.Net.Sockets;
using System.Buffers;
using Microsoft.AspNetCore.Connections;
using Microsoft.AspNetCore.Connections.Features;
using Microsoft.AspNetCore.Http.Features;

namespace Movento.Edge.Connections;

/// <summary>One accepted connection: its socket, watched by a loop, read and written without buffers between.</summary>
internal sealed class TransportConnection
    : ConnectionContext, IDuplexPipe, IConnectionIdFeature, IConnectionTransportFeature, IConnectionItemsFeature, IMemoryPoolFeature,
        IConnectionLifetimeFeature, IConnectionEndPointFeature, IConnectionSocketFeature
{
    // What a client may have sent that nobody read: closing over it would reset the connection, and with it the last answer.
    private const int MaxDrained = 64 << 10;

    private readonly CancellationTokenSource _closed = new();
    private readonly Lock _closing = new();
    private IDictionary<object, object?>? _items;
    private string? _id;
    private bool _isDisposed;
    private int _isClosedTold;
    private volatile bool _isPeerFinished;

    public TransportConnection(Socket socket, EventLoop loop, HeadBufferPool heads, MemoryPool<byte> blocks, EdgeMetrics metrics)
    {
        (Socket, Loop, MemoryPool) = (socket, loop, blocks);
        Descriptor = (int)socket.Handle;
        ConnectionClosed = _closed.Token;
        LocalEndPoint = socket.LocalEndPoint;
        RemoteEndPoint = socket.RemoteEndPoint;
        ReadFrom = new SocketInput(this);
        Output = new GatheringOutput(this, heads, blocks, metrics);
        Transport = this;

        var features = new FeatureCollection(initialCapacity: 16);
        features.Set<IConnectionIdFeature>(this);
        features.Set<IConnectionTransportFeature>(this);
        features.Set<IConnectionItemsFeature>(this);
        features.Set<IMemoryPoolFeature>(this);
        features.Set<IConnectionLifetimeFeature>(this);
        features.Set<IConnectionEndPointFeature>(this);
        features.Set<IConnectionSocketFeature>(this);
        features.Set(Output);
        Features = features;
    }

    public Socket Socket { get; }

    public int Descriptor { get; }

    public EventLoop Loop { get; }

    /// <summary>Names it in its loop; set when it is added there.</summary>
    public ulong Number { get; set; }

    public SocketInput ReadFrom { get; }

    public GatheringOutput Output { get; }

    /// <summary>Whether the client has said that no more will come, or is gone: a read then always has an answer.</summary>
    public bool IsPeerFinished => _isPeerFinished;

    PipeReader IDuplexPipe.Input => ReadFrom;

    PipeWriter IDuplexPipe.Output => Output;

    public override IDuplexPipe Transport { get; set; }

    public override IFeatureCollection Features { get; }

    public override string ConnectionId
    {
        get => _id ??= string.Create(CultureInfo.InvariantCulture, $"{RemoteEndPoint}-{Number}");
        set => _id = value;
    }

    public override IDictionary<object, object?> Items
    {
        get => _items ??= new ConnectionItems();
        set => _items = value;
    }

    public override CancellationToken ConnectionClosed { get; set; }

    public override EndPoint? LocalEndPoint { get; set; }

    public override EndPoint? RemoteEndPoint { get; set; }

    public MemoryPool<byte> MemoryPool { get; }

    /// <summary>Breaks the connection: whoever waits for it hears so from its loop.</summary>
    public override void Abort(ConnectionAbortedException abortReason)
    {
        lock (_closing)
        {
            if (!_isDisposed) Shutdown(SocketShutdown.Both);
        }
    }

    /// <summary>On the loop's thread: what the kernel says of the socket.</summary>
    public void OnEvents(uint changes)
    {
        const uint Ended = LinuxSocket.HungUp | LinuxSocket.Error;
        if ((changes & (LinuxSocket.PeerFinished | Ended)) != 0) _isPeerFinished = true;
        Output.BeginTurn();
        if ((changes & (LinuxSocket.Writable | Ended)) != 0) Output.Run();
        if ((changes & (LinuxSocket.Readable | LinuxSocket.PeerFinished | Ended)) != 0) ReadFrom.Run();
        if ((changes & Ended) != 0) TellClosed();
    }

    public override ValueTask DisposeAsync()
    {
        ReadFrom.Complete();
        Output.Complete();
        Close();
        TellClosed();
        return base.DisposeAsync();
    }

    private void Close()
    {
        lock (_closing)
        {
            if (_isDisposed) return;
            _isDisposed = true;
            Loop.Remove(this);
            Shutdown(SocketShutdown.Send);
            Drain();
            Socket.Dispose();
        }
    }

    private void Drain()
    {
        Span<byte> piece = stackalloc byte[4 << 10];
        for (var drained = 0; drained < MaxDrained;)
        {
            var received = LinuxSocket.Receive(Descriptor, piece);
            if (received <= 0) return;
            drained += received;
        }
    }

    private void Shutdown(SocketShutdown direction)
    {
        try
        {
            Socket.Shutdown(direction);
        }
        catch (SocketException)
        {
            // The client was first.
        }
    }

    // The server's own reaction must not run on the loop, nor under somebody's lock.
    private void TellClosed()
    {
        if (Interlocked.Exchange(ref _isClosedTold, 1) == 0)
            ThreadPool.UnsafeQueueUserWorkItem(static connection => connection._closed.Cancel(), this, preferLocal: false);
    }
}
