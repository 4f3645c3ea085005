using System.Buffers.Binary;
using System.Net;
using System.Net.Security;
using System.Net.Sockets;
using System.Security.Cryptography.X509Certificates;
using System.Text;

namespace Movento.Edge.Tests.Host;

/// <summary>An HTTP/2 connection that says exactly what the test says, frame by frame (RFC 9113), for what no well-behaved client does.</summary>
internal sealed class Http2Connection : IAsyncDisposable
{
    public const byte Data = 0;
    public const byte Headers = 1;
    public const byte Reset = 3;
    public const byte Settings = 4;
    public const byte Ping = 6;
    public const byte GoAway = 7;
    public const byte WindowUpdate = 8;

    /// <summary>Of DATA and HEADERS: no more comes on this stream.</summary>
    public const byte EndStream = 1;

    private const byte Acknowledge = 1;
    private const byte EndHeaders = 4;
    private const int FrameHeader = 9;
    private const ushort InitialWindowSize = 4;

    private static readonly TimeSpan Limit = Harness.Eventually.DefaultLimit;

    private readonly SslStream _stream;
    private int _next = 1;

    private Http2Connection(SslStream stream) => _stream = stream;

    /// <param name="endPoint">Of the edge.</param>
    /// <param name="certificate">The edge's own.</param>
    /// <param name="window">How much the edge may send on a stream before it is asked for more.</param>
    public static async Task<Http2Connection> OpenAsync(IPEndPoint endPoint, X509Certificate2 certificate, int window = ushort.MaxValue)
    {
        var socket = new Socket(AddressFamily.InterNetwork, SocketType.Stream, ProtocolType.Tcp) { NoDelay = true };
        await socket.ConnectAsync(endPoint);
        var stream = new SslStream(new NetworkStream(socket, ownsSocket: true));
        await stream.AuthenticateAsClientAsync(new SslClientAuthenticationOptions
        {
            TargetHost = "edge", ApplicationProtocols = [SslApplicationProtocol.Http2], RemoteCertificateValidationCallback = (_, offered, _, _) => offered!.Equals(certificate),
        });
        Assert.Equal(SslApplicationProtocol.Http2, stream.NegotiatedApplicationProtocol);
        var connection = new Http2Connection(stream);
        await stream.WriteAsync("PRI * HTTP/2.0\r\n\r\nSM\r\n\r\n"u8.ToArray());
        var setting = new byte[6];
        BinaryPrimitives.WriteUInt16BigEndian(setting, InitialWindowSize);
        BinaryPrimitives.WriteInt32BigEndian(setting.AsSpan(2), window);
        await connection.SendAsync(Settings, 0, 0, setting);
        // Of all streams together, whatever it can be: the test is about single ones.
        await connection.AllowAsync(0, int.MaxValue - ushort.MaxValue);
        return connection;
    }

    /// <summary>Asks for a file; the number of the stream.</summary>
    public async Task<int> GetAsync(string path, params string[] headers)
    {
        using var block = new MemoryStream();
        // RFC 7541: two fields of the static table, then literals that are not indexed.
        block.Write([0x82, 0x87]);
        WriteLiteral(block, [0x01], null, "edge");
        WriteLiteral(block, [0x04], null, path);
        for (var header = 0; header < headers.Length; header += 2) WriteLiteral(block, [0x00], headers[header], headers[header + 1]);
        var stream = _next;
        _next += 2;
        await SendAsync(Headers, EndStream | EndHeaders, stream, block.ToArray());
        return stream;
    }

    /// <summary>The client does not want the rest.</summary>
    public Task ResetAsync(int stream)
    {
        const int cancel = 8;
        return SendAsync(Reset, 0, stream, Number(cancel));
    }

    /// <summary>Lets so many bytes more come, on the connection where <paramref name="stream"/> is 0.</summary>
    public Task AllowAsync(int stream, int bytes) => SendAsync(WindowUpdate, 0, stream, Number(bytes));

    /// <summary>Asks whether anybody is there, and returns every frame that comes before the answer.</summary>
    public async Task<IReadOnlyList<Frame>> PingAsync()
    {
        await SendAsync(Ping, 0, 0, new byte[8]);
        var before = new List<Frame>();
        while (await ReadAsync() is { } frame)
        {
            if (frame.Type == Ping) return before;
            before.Add(frame);
        }

        throw new InvalidOperationException($"The connection ended after {string.Join(", ", before)}.");
    }

    /// <summary>The next frame that is not about how much we may send, or the edge's settings; null where the edge has closed.</summary>
    public async Task<Frame?> ReadAsync()
    {
        using var limit = new CancellationTokenSource(Limit);
        var head = new byte[FrameHeader];
        while (true)
        {
            try
            {
                await _stream.ReadExactlyAsync(head, limit.Token);
                var payload = new byte[BinaryPrimitives.ReadInt32BigEndian(head) >> 8];
                await _stream.ReadExactlyAsync(payload, limit.Token);
                var frame = new Frame(head[3], head[4], BinaryPrimitives.ReadInt32BigEndian(head.AsSpan(5)), payload);
                if (frame.Type is not (Settings or WindowUpdate)) return frame;
                if (frame is { Type: Settings, Flags: not Acknowledge }) await SendAsync(Settings, Acknowledge, 0, []);
            }
            catch (IOException)
            {
                // EndOfStreamException too.
                return null;
            }
        }
    }

    /// <summary>The status of an answer: its first field (RFC 9113 §8.3).</summary>
    public static int StatusOf(Frame headers)
    {
        Assert.Equal(Headers, headers.Type);
        var block = headers.Payload;
        // RFC 7541 Appendix A: 8 to 14 are whole statuses; else the name of one of them before a literal.
        return block[0] switch
        {
            0x88 => 200, 0x89 => 204, 0x8a => 206, 0x8b => 304, 0x8c => 400, 0x8d => 404, 0x8e => 500,
            _ => int.Parse(Encoding.ASCII.GetString(block, 2, block[1]), System.Globalization.CultureInfo.InvariantCulture),
        };
    }

    public ValueTask DisposeAsync() => _stream.DisposeAsync();

    private async Task SendAsync(byte type, byte flags, int stream, byte[] payload)
    {
        var frame = new byte[FrameHeader + payload.Length];
        BinaryPrimitives.WriteInt32BigEndian(frame, payload.Length << 8);
        frame[3] = type;
        frame[4] = flags;
        BinaryPrimitives.WriteInt32BigEndian(frame.AsSpan(5), stream);
        payload.CopyTo(frame, FrameHeader);
        using var limit = new CancellationTokenSource(Limit);
        await _stream.WriteAsync(frame, limit.Token);
    }

    private static byte[] Number(int value)
    {
        var bytes = new byte[4];
        BinaryPrimitives.WriteInt32BigEndian(bytes, value);
        return bytes;
    }

    private static void WriteLiteral(MemoryStream block, ReadOnlySpan<byte> start, string? name, string value)
    {
        block.Write(start);
        if (name is not null) WriteText(block, name);
        WriteText(block, value);
    }

    // RFC 7541 §5.1 and §5.2, without Huffman's code.
    private static void WriteText(MemoryStream block, string text)
    {
        const int prefix = 127;
        var length = text.Length;
        block.WriteByte((byte)Math.Min(length, prefix));
        if (length >= prefix)
        {
            length -= prefix;
            for (; length >= 128; length >>= 7) block.WriteByte((byte)(length & 127 | 128));
            block.WriteByte((byte)length);
        }

        block.Write(Encoding.ASCII.GetBytes(text));
    }

    /// <summary>A frame as it came.</summary>
    internal sealed record Frame(byte Type, byte Flags, int Stream, byte[] Payload)
    {
        public override string ToString() => $"type {Type}, flags {Flags}, stream {Stream}, {Payload.Length} bytes";
    }
}
