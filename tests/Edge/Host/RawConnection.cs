using System.Net;
using System.Net.Sockets;
using System.Text;

namespace Movento.Edge.Tests.Host;

/// <summary>A TCP connection that says exactly what the test says.</summary>
internal sealed class RawConnection : IAsyncDisposable
{
    private static readonly TimeSpan Limit = Harness.Eventually.DefaultLimit;

    private readonly Socket _socket;

    private RawConnection(Socket socket) => _socket = socket;

    public static async Task<RawConnection> OpenAsync(IPEndPoint endPoint, int? receiveBuffer = null)
    {
        var socket = new Socket(AddressFamily.InterNetwork, SocketType.Stream, ProtocolType.Tcp);
        if (receiveBuffer is { } size) socket.ReceiveBufferSize = size;
        await socket.ConnectAsync(endPoint);
        return new RawConnection(socket);
    }

    public Task SendAsync(string text) => SendAsync(Encoding.Latin1.GetBytes(text));

    public async Task SendAsync(byte[] bytes)
    {
        using var limit = new CancellationTokenSource(Limit);
        await _socket.SendAsync(bytes, limit.Token);
    }

    /// <summary>Says that no more will come.</summary>
    public void CloseSending() => _socket.Shutdown(SocketShutdown.Send);

    /// <summary>Ends with a reset, as a crashed client does.</summary>
    public void Reset() => _socket.Close(0);

    /// <summary>Reads at most <paramref name="length"/> bytes.</summary>
    public async Task<byte[]> ReadAsync(int length)
    {
        using var limit = new CancellationTokenSource(Limit);
        var buffer = new byte[length];
        var filled = 0;
        while (filled < length)
        {
            var read = await _socket.ReceiveAsync(buffer.AsMemory(filled), limit.Token);
            if (read == 0) break;
            filled += read;
        }

        return buffer[..filled];
    }

    /// <summary>Everything until the server closes, however it does; a server that never closes is a failure.</summary>
    public async Task<byte[]> ReadToEndAsync()
    {
        using var limit = new CancellationTokenSource(Limit);
        using var all = new MemoryStream();
        var buffer = new byte[64 << 10];
        try
        {
            while (await _socket.ReceiveAsync(buffer, limit.Token) is > 0 and var read) all.Write(buffer, 0, read);
        }
        catch (SocketException exception) when (exception.SocketErrorCode == SocketError.ConnectionReset)
        {
            // What came before the reset counts.
        }

        return all.ToArray();
    }

    public ValueTask DisposeAsync()
    {
        _socket.Dispose();
        return ValueTask.CompletedTask;
    }
}
