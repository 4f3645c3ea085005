using System.Net;
using System.Text;
using Microsoft.Extensions.DependencyInjection;
using Movento.Edge.Connections;
using Movento.Edge.Tests.Host;
using Movento.Harness;

namespace Movento.Edge.Tests;

/// <summary>Clients that leave, stall, or talk nonsense.</summary>
public class ClientTests(SharedEdge shared) : IClassFixture<SharedEdge>
{
    [Fact]
    public async Task Client_LeavingInTheMiddle_IsCountedAndHoldsNothing()
    {
        await using var edge = await EdgeHost.StartAsync(options =>
        {
            options.OriginConcurrency = 2;
            options.CacheBytes = 4 << 20;
        });
        for (var client = 0; client < 20; client++)
        {
            await using var wire = await RawConnection.OpenAsync(edge.EndPoint, receiveBuffer: 8192);
            await wire.SendAsync($"GET {edge.Path("v720.mp4")} HTTP/1.1\r\nHost: x\r\n\r\n");
            Assert.Equal(100_000, (await wire.ReadAsync(100_000)).Length);
            wire.Reset();
        }

        await Eventually.TrueAsync(() => edge.Figures.Of(EdgeOutcome.ClientGone) == 20, "all are seen to have left");

        // With any block still leased, a cache of four could not turn over.
        using var response = await edge.GetAsync("v720.mp4");
        Assert.Equal(edge.Film.Video, await response.Content.ReadAsByteArrayAsync());
    }

    [Fact]
    public async Task Clients_Stalling_HoldNeitherBlocksNorMuchMemory()
    {
        await using var edge = await EdgeHost.StartAsync(options =>
        {
            options.OriginConcurrency = 2;
            options.CacheBytes = 4 << 20;
        });
        var stalled = new List<RawConnection>();
        for (var client = 0; client < 40; client++)
        {
            var wire = await RawConnection.OpenAsync(edge.EndPoint, receiveBuffer: 4096);
            stalled.Add(wire);
            await wire.SendAsync($"GET {edge.Path("v720.mp4")} HTTP/1.1\r\nHost: x\r\nRange: bytes={client % 8 << 20}-\r\n\r\n");
            Assert.Equal(1000, (await wire.ReadAsync(1000)).Length);
        }

        // Others play on though ten times as many stall as the cache has blocks.
        using var response = await edge.GetAsync("v720.mp4");
        Assert.Equal(edge.Film.Video, await response.Content.ReadAsByteArrayAsync());
        Assert.True(edge.Figures["movento.edge.sends.stalled"] >= 40, "all of them stall");
        Assert.Equal(0, edge.Services.GetRequiredService<PinnedBlockPoolFactory>().Bytes);

        // What they wait for has left the cache long ago, and is there for them all the same.
        for (var client = 0; client < stalled.Count; client += 9)
        {
            var rest = await stalled[client].ReadAsync(2 << 20);
            var start = edge.Film.Video.AsSpan(client % 8 << 20).IndexOf(rest.AsSpan(0, 64));
            Assert.InRange(start, 1, 1000);
            Assert.True(edge.Film.Video.AsSpan((client % 8 << 20) + start, rest.Length).SequenceEqual(rest), $"client {client}");
        }

        foreach (var wire in stalled) await wire.DisposeAsync();
    }

    public static TheoryData<string> Nonsense => new(
        "\r\n\r\n\r\n\r\n",
        "GET\r\n\r\n",
        "GET / HTTP/9.9\r\nHost: x\r\n\r\n",
        "GET / HTTP/1.1\r\n\r\n",
        "GET / HTTP/1.1\r\nHost: x\r\nHost: y\r\n\r\n",
        "GET / HTTP/1.1\r\nHost: x\r\nNo-Colon\r\n\r\n",
        "GET / HTTP/1.1\r\nHost: x\r\nX: a\r\n b\r\n\r\n",
        "GET / HTTP/1.1\r\nHost: x\r\nContent-Length: -1\r\n\r\n",
        "GET / HTTP/1.1\r\nHost: x\r\nContent-Length: 1\r\nTransfer-Encoding: chunked\r\n\r\n0\r\n\r\n",
        "GET /\0/ HTTP/1.1\r\nHost: x\r\n\r\n",
        "GET /../../../../etc/passwd HTTP/1.1\r\nHost: x\r\nConnection: close\r\n\r\n",
        "GET /%2e%2e/%2e%2e/assets/x HTTP/1.1\r\nHost: x\r\nConnection: close\r\n\r\n",
        "GET /%zz HTTP/1.1\r\nHost: x\r\nConnection: close\r\n\r\n",
        "GET /\u00ff\u00fe HTTP/1.1\r\nHost: x\r\nConnection: close\r\n\r\n",
        "GET http:///x HTTP/1.1\r\nHost: x\r\nConnection: close\r\n\r\n",
        "GET //// HTTP/1.1\r\nHost: x\r\nConnection: close\r\n\r\n",
        "OPTIONS * HTTP/1.1\r\nHost: x\r\nConnection: close\r\n\r\n",
        "CONNECT x:443 HTTP/1.1\r\nHost: x:443\r\nConnection: close\r\n\r\n",
        "POST / HTTP/1.1\r\nHost: x\r\nContent-Length: 5\r\nConnection: close\r\n\r\nhello",
        "POST / HTTP/1.1\r\nHost: x\r\nTransfer-Encoding: chunked\r\nConnection: close\r\n\r\nzz\r\nhello\r\n",
        $"GET /{new string('a', 20_000)} HTTP/1.1\r\nHost: x\r\n\r\n",
        $"GET / HTTP/1.1\r\nHost: x\r\nX: {new string('a', 20_000)}\r\n\r\n",
        $"GET / HTTP/1.1\r\nHost: x\r\n{string.Concat(Enumerable.Range(0, 100).Select(header => $"X{header}: 1\r\n"))}\r\n",
        $"GET / HTTP/1.1\r\nHost: x\r\nRange: bytes={new string(',', 8000)}\r\nConnection: close\r\n\r\n",
        "PRI * HTTP/2.0\r\n\r\nSM\r\n\r\n");

    [Theory]
    [MemberData(nameof(Nonsense))]
    public async Task Nonsense_OnTheWire_IsRefusedAndTheServerLives(string request)
    {
        var edge = shared.Host;
        await using var wire = await RawConnection.OpenAsync(edge.EndPoint);
        await wire.SendAsync(request);
        wire.CloseSending();
        var answer = Encoding.Latin1.GetString(await wire.ReadToEndAsync());
        Assert.DoesNotContain("HTTP/1.1 500", answer, StringComparison.Ordinal);
        Assert.DoesNotContain("HTTP/1.1 2", answer, StringComparison.Ordinal);
        using var alive = await edge.SendAsync(HttpMethod.Get, "/health/live");
        Assert.Equal(HttpStatusCode.OK, alive.StatusCode);
    }

    [Fact]
    public async Task AbsoluteForm_OfATarget_IsTheSame()
    {
        var edge = shared.Host;
        await using var wire = await RawConnection.OpenAsync(edge.EndPoint);
        await wire.SendAsync($"GET http://edge.example{edge.Path("a0.mp4")} HTTP/1.1\r\nHost: edge.example\r\nRange: bytes=0-3\r\nConnection: close\r\n\r\n");
        var answer = await wire.ReadToEndAsync();
        Assert.StartsWith("HTTP/1.1 206", Encoding.ASCII.GetString(answer), StringComparison.Ordinal);
        Assert.Equal(edge.Film.Audio[..4], answer[^4..]);
    }

    [Fact]
    public async Task EncodedPath_OfAGoodUrl_NamesNothing()
    {
        var edge = shared.Host;
        await using var wire = await RawConnection.OpenAsync(edge.EndPoint);
        await wire.SendAsync($"GET {edge.Path("a0.mp4").Replace("a0.mp4", "%610.mp4", StringComparison.Ordinal)} HTTP/1.1\r\nHost: x\r\nConnection: close\r\n\r\n");
        Assert.StartsWith("HTTP/1.1 404", Encoding.ASCII.GetString(await wire.ReadToEndAsync()), StringComparison.Ordinal);
    }

    [Fact]
    public async Task SeveralRequests_InOnePacket_AreAnsweredInOrder()
    {
        var edge = shared.Host;
        await using var wire = await RawConnection.OpenAsync(edge.EndPoint);
        await wire.SendAsync(string.Concat(Enumerable.Range(0, 50).Select(number =>
            $"GET {edge.Path("v720.mp4")} HTTP/1.1\r\nHost: x\r\nRange: bytes={number * 1000}-{number * 1000 + 99}\r\n{(number == 49 ? "Connection: close\r\n" : "")}\r\n")));
        var all = await wire.ReadToEndAsync();
        var position = 0;
        for (var number = 0; number < 50; number++)
        {
            position += all.AsSpan(position).IndexOf("\r\n\r\n"u8) + 4;
            Assert.Equal(edge.Film.Video[(number * 1000)..(number * 1000 + 100)], all[position..(position + 100)]);
            position += 100;
        }

        Assert.Equal(all.Length, position);
    }
}
