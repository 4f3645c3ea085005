using System.Net.Sockets;
using System.Text;
using Movento.Edge.Tests.Host;
using Movento.Harness;

namespace Movento.Edge.Tests;

/// <summary>What a request costs the collector when its bytes are in memory, measured around a real Kestrel.</summary>
[Collection(nameof(AllocationTests))]
[CollectionDefinition(nameof(AllocationTests), DisableParallelization = true)]
public class AllocationTests
{
    private const int Requests = 2000;

    [Theory]
    [InlineData("a0.mp4", "Range: bytes=1000-1999\r\n", 1000, 206)]
    [InlineData("poster.jpg", "", 70_000, 200)]
    // A whole segment, after which the next one is looked for.
    [InlineData("segments/a0/2.m4s", "", 0, 200)]
    // Most of a block.
    [InlineData("v720.mp4", "Range: bytes=1000-200999\r\n", 200_000, 206)]
    // Manifests, the first one whole, the others of a part of the film: choosing it allocates nothing.
    [InlineData("master.m3u8", "", 0, 200)]
    [InlineData("master.m3u8?max-height=720&codecs=avc1%2Cmp4a&audio=de,en&video-range=sdr&start=720", "", 0, 200)]
    [InlineData("manifest.mpd?max-height=720&CMCD=bl%3D21300", "", 0, 200)]
    public async Task Hit_OnAConnectionThatIsKept_AllocatesNothing(string file, string headers, int length, int status)
    {
        await using var edge = await EdgeHost.StartAsync();

        // What the tests listen with makes strings.
        edge.Figures.Dispose();
        await Ladder.PutAsync(edge);
        var path = file.StartsWith("ma", StringComparison.Ordinal) ? Ladder.Path(edge, file) : edge.Path(file);
        if (length == 0)
        {
            using var whole = await edge.SendAsync(HttpMethod.Get, path);
            length = (await whole.Content.ReadAsByteArrayAsync()).Length;
        }

        var request = Encoding.ASCII.GetBytes($"GET {path} HTTP/1.1\r\nHost: x\r\n{headers}\r\n");
        using var socket = new Socket(AddressFamily.InterNetwork, SocketType.Stream, ProtocolType.Tcp);
        socket.Connect(edge.EndPoint);
        var buffer = new byte[256 << 10];
        // The first answer says of itself that it came from the origin.
        Exchange(socket, request, buffer, length);
        var answer = Exchange(socket, request, buffer, length);
        Assert.StartsWith($"HTTP/1.1 {status}", Encoding.ASCII.GetString(buffer, 0, 12), StringComparison.Ordinal);
        for (var warm = 0; warm < Requests / 10; warm++) Assert.Equal(answer, Exchange(socket, request, buffer, length));

        // Kestrel's own is included: it keeps the strings of a target and of headers that a connection repeats.
        Assert.Equal(0, Allocations.OfAllThreads(() => Exchange(socket, request, buffer, length), Requests));
    }

    /// <summary>Sends a request and reads its whole answer; returns the answer's bytes.</summary>
    private static int Exchange(Socket socket, byte[] request, byte[] buffer, int bodyLength)
    {
        socket.Send(request);
        var filled = 0;
        while (true)
        {
            var read = socket.Receive(buffer.AsSpan(filled));
            Assert.True(read > 0, "the server closed");
            filled += read;
            var head = buffer.AsSpan(0, filled).IndexOf("\r\n\r\n"u8);
            if (head >= 0 && filled >= head + 4 + bodyLength) return filled;
        }
    }
}
