using System.Net;
using System.Text;
using Movento.Edge.Tests.Host;
using Movento.Harness;

namespace Movento.Edge.Tests.Connections;

/// <summary>The transport under a real Kestrel: how bodies leave, over what, and what becomes of connections that end in odd ways.</summary>
public class TransportTests
{
    /// <summary>Pins what the transport rests on: that Kestrel passes the question for a body's memory on to the connection's own writer.</summary>
    [Theory]
    [InlineData("v720.mp4", "bytes=1000000-3000000")]
    [InlineData("v720.mp4", "bytes=0-0")]
    [InlineData("poster.jpg", "bytes=0-")]
    public async Task Body_OverPlainHttp11_IsSentFromWhereItLies(string file, string range)
    {
        await using var edge = await EdgeHost.StartAsync();
        using var response = await edge.GetAsync(file, "Range", range);
        Assert.Equal(HttpStatusCode.PartialContent, response.StatusCode);
        var expected = file == "v720.mp4" ? edge.Film.Video : edge.Film.Poster;
        var first = (int)response.Content.Headers.ContentRange!.From!.Value;
        var body = await response.Content.ReadAsByteArrayAsync();
        Assert.True(expected.AsSpan(first, body.Length).SequenceEqual(body));
        Assert.Equal(0, edge.Figures["movento.edge.sends.copied"]);
    }

    [Theory]
    [InlineData(1)]
    [InlineData(2)]
    public async Task Body_OverTls_IsCopiedAndRight(int httpVersion)
    {
        using var certificate = SelfSigned.Certificate();
        await using var edge = await EdgeHost.StartAsync(certificate: certificate);
        await Task.WhenAll(Enumerable.Range(0, 8).Select(async number =>
        {
            using var request = new HttpRequestMessage(HttpMethod.Get, edge.Path("v720.mp4"))
            {
                Version = new Version(httpVersion, httpVersion == 1 ? 1 : 0), VersionPolicy = HttpVersionPolicy.RequestVersionExact,
            };
            request.Headers.Range = new(number << 20, null);
            using var response = await edge.Client.SendAsync(request);
            Assert.Equal(httpVersion, response.Version.Major);
            Assert.Equal(edge.Film.Video[(number << 20)..], await response.Content.ReadAsByteArrayAsync());
        }));
        Assert.Equal(Enumerable.Range(0, 8).Sum(number => edge.Film.Video.Length - (number << 20)), edge.Figures["movento.edge.sends.copied"]);
    }

    [Fact]
    public async Task Client_ThatHasFinishedSending_GetsItsAnswer()
    {
        await using var edge = await EdgeHost.StartAsync();
        await using var wire = await RawConnection.OpenAsync(edge.EndPoint);
        await wire.SendAsync($"GET {edge.Path("v720.mp4")} HTTP/1.1\r\nHost: x\r\n\r\n");
        wire.CloseSending();
        var answer = await wire.ReadToEndAsync();
        Assert.Equal(edge.Film.Video, answer[^edge.Film.Video.Length..]);
    }

    [Fact]
    public async Task Request_InSinglePieces_IsRead()
    {
        await using var edge = await EdgeHost.StartAsync();
        await using var wire = await RawConnection.OpenAsync(edge.EndPoint);
        var request = Encoding.ASCII.GetBytes(
            $"GET {edge.Path("a0.mp4")} HTTP/1.1\r\nHost: x\r\nRange: bytes=5-9\r\nX-Filler: {new string('x', 6000)}\r\nConnection: close\r\n\r\n");
        foreach (var piece in request.Chunk(97)) await wire.SendAsync(piece);
        Assert.Equal(edge.Film.Audio[5..10], (await wire.ReadToEndAsync())[^5..]);
    }

    [Fact]
    public async Task Requests_SentBeforeTheirAnswersAreRead_AreAllAnswered()
    {
        await using var edge = await EdgeHost.StartAsync();
        await using var wire = await RawConnection.OpenAsync(edge.EndPoint, receiveBuffer: 8192);

        // 30 MB of answers to a client that does not read yet: the requests wait in the kernel, and nothing of ours grows.
        const int Count = 20;
        await wire.SendAsync(string.Concat(Enumerable.Range(1, Count).Select(number =>
            $"GET {edge.Path("v720.mp4")} HTTP/1.1\r\nHost: x\r\nRange: bytes=0-1499999\r\n{(number == Count ? "Connection: close\r\n" : "")}\r\n")));
        await Eventually.TrueAsync(() => edge.Figures["movento.edge.sends.stalled"] > 0, "the answers wait for their client");
        var all = await wire.ReadToEndAsync();
        var position = 0;
        for (var number = 0; number < Count; number++)
        {
            position += all.AsSpan(position).IndexOf("\r\n\r\n"u8) + 4;
            Assert.True(edge.Film.Video.AsSpan(0, 1_500_000).SequenceEqual(all.AsSpan(position, 1_500_000)), $"answer {number}");
            position += 1_500_000;
        }

        Assert.Equal(all.Length, position);
    }

    [Fact]
    public async Task Edge_ThatStops_EndsItsConnections()
    {
        var edge = await EdgeHost.StartAsync();
        await using var idle = await RawConnection.OpenAsync(edge.EndPoint);
        await using var used = await RawConnection.OpenAsync(edge.EndPoint);
        await used.SendAsync($"GET {edge.Path("a0.mp4")} HTTP/1.1\r\nHost: x\r\nRange: bytes=0-0\r\n\r\n");
        await used.ReadAsync(100);
        await edge.DisposeAsync();
        await idle.ReadToEndAsync();
        await used.ReadToEndAsync();
    }
}
