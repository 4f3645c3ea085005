using System.Buffers;
using System.Net;
using System.Net.Sockets;
using Microsoft.AspNetCore.Connections;
using Microsoft.Extensions.Logging;

namespace Movento.Edge.Connections;

/// <summary>A bound address of the transport.</summary>
internal sealed partial class EventLoopListener : IConnectionListener
{
    // Linux cuts it at net.core.somaxconn, which is 4096 on every kernel since 5.4.
    private const int Backlog = 4096;

    private static readonly TimeSpan PauseWithoutDescriptors = TimeSpan.FromMilliseconds(100);

    private readonly EventLoopTransport _transport;
    private readonly MemoryPool<byte> _blocks;
    private readonly ILogger _logger;
    private readonly Socket _socket;

    /// <exception cref="AddressInUseException">Somebody listens there.</exception>
    public EventLoopListener(IPEndPoint endPoint, EventLoopTransport transport, MemoryPool<byte> blocks, ILogger logger)
    {
        (_transport, _blocks, _logger) = (transport, blocks, logger);
        _socket = new Socket(endPoint.AddressFamily, SocketType.Stream, ProtocolType.Tcp);
        try
        {
            // [::] stands for every address of both families.
            if (endPoint.Address.Equals(IPAddress.IPv6Any)) _socket.DualMode = true;
            _socket.Bind(endPoint);
            _socket.Listen(Backlog);
        }
        catch (SocketException exception)
        {
            _socket.Dispose();
            if (exception.SocketErrorCode == SocketError.AddressAlreadyInUse) throw new AddressInUseException(exception.Message, exception);
            throw;
        }

        EndPoint = _socket.LocalEndPoint!;
    }

    public EndPoint EndPoint { get; }

    public async ValueTask<ConnectionContext?> AcceptAsync(CancellationToken cancellationToken = default)
    {
        while (true)
        {
            Socket? accepted = null;
            try
            {
                accepted = await _socket.AcceptAsync(cancellationToken);
                accepted.NoDelay = true;
                return _transport.Add(accepted, _blocks);
            }
            catch (ObjectDisposedException)
            {
                return null;
            }
            catch (SocketException exception) when (exception.SocketErrorCode is SocketError.OperationAborted or SocketError.InvalidArgument)
            {
                // Unbound: no more will come.
                return null;
            }
            catch (SocketException exception)
            {
                // The client was gone before it was accepted, or the process has no more descriptors: the next may do better.
                accepted?.Dispose();
                if (exception.SocketErrorCode is SocketError.TooManyOpenSockets or SocketError.NoBufferSpaceAvailable)
                {
                    Log.NoDescriptors(_logger, exception.Message);
                    await Task.Delay(PauseWithoutDescriptors, cancellationToken);
                }
            }
            catch (IOException exception)
            {
                accepted?.Dispose();
                Log.NoDescriptors(_logger, exception.Message);
            }
        }
    }

    public ValueTask UnbindAsync(CancellationToken cancellationToken = default)
    {
        _socket.Dispose();
        return default;
    }

    public ValueTask DisposeAsync()
    {
        _socket.Dispose();
        _blocks.Dispose();
        return default;
    }

    private static partial class Log
    {
        [LoggerMessage(3111, LogLevel.Warning, "A connection could not be accepted: {Reason}")]
        public static partial void NoDescriptors(ILogger logger, string reason);
    }
}
