using System.Net;
using System.Text;
using Microsoft.AspNetCore.Server.Kestrel.Core;
using Movento.Edge.Tests.Host;
using Movento.Harness;

namespace Movento.Edge.Tests;

/// <summary>What the server ends before it is a request, or in the midst of its answer (docs/formats/edge.md, Limits).</summary>
public class ServerBoundTests
{
    [Fact]
    public void Server_ByDefault_HasTheBoundsOfTheDocument()
    {
        var server = new KestrelServerOptions();
        server.ConfigureMoventoEdge(new EdgeOptions { MaxConnections = 7 });
        var limits = server.Limits;
        Assert.Equal((8 << 10, 16 << 10, 64, 64 << 10), (limits.MaxRequestLineSize, limits.MaxRequestHeadersTotalSize, limits.MaxRequestHeaderCount, limits.MaxRequestBodySize));
        Assert.Equal((10, 75), (limits.RequestHeadersTimeout.TotalSeconds, limits.KeepAliveTimeout.TotalSeconds));
        Assert.Equal((2 << 10, 20), (limits.MinResponseDataRate!.BytesPerSecond, limits.MinResponseDataRate.GracePeriod.TotalSeconds));
        Assert.Equal((240, 5), (limits.MinRequestBodyDataRate!.BytesPerSecond, limits.MinRequestBodyDataRate.GracePeriod.TotalSeconds));
        Assert.Equal(7, limits.MaxConcurrentConnections);
    }

    public static TheoryData<string, int> TooLarge => new()
    {
        { $"GET /{new string('a', 8 << 10)} HTTP/1.1\r\nHost: x\r\n\r\n", 414 },
        { $"GET / HTTP/1.1\r\nHost: x\r\nX: {new string('a', 16 << 10)}\r\n\r\n", 431 },
        { $"GET / HTTP/1.1\r\nHost: x\r\n{string.Concat(Enumerable.Range(0, 64).Select(header => $"X{header}: 1\r\n"))}\r\n", 431 },
    };

    [Theory]
    [MemberData(nameof(TooLarge))]
    public async Task Head_LargerThanItsBound_IsRefusedByItsStatus(string request, int status)
    {
        await using var edge = await EdgeHost.StartAsync();
        await using var wire = await RawConnection.OpenAsync(edge.EndPoint);
        await wire.SendAsync(request);
        Assert.StartsWith($"HTTP/1.1 {status} ", Encoding.Latin1.GetString(await wire.ReadToEndAsync()), StringComparison.Ordinal);
    }

    [Fact]
    public async Task Head_ThatComesTooSlowly_Is408()
    {
        await using var edge = await EdgeHost.StartAsync(limit: limits => limits.RequestHeadersTimeout = TimeSpan.FromSeconds(1));
        await using var wire = await RawConnection.OpenAsync(edge.EndPoint);
        await wire.SendAsync($"GET {edge.Path("master.m3u8")} HTTP/1.1\r\nHost: x\r\nX:");
        Assert.StartsWith("HTTP/1.1 408 ", Encoding.Latin1.GetString(await wire.ReadToEndAsync()), StringComparison.Ordinal);
    }

    [Fact]
    public async Task Connection_ThatIsIdle_IsClosed()
    {
        await using var edge = await EdgeHost.StartAsync(limit: limits => limits.KeepAliveTimeout = TimeSpan.FromSeconds(1));
        await using var wire = await RawConnection.OpenAsync(edge.EndPoint);
        await wire.SendAsync($"HEAD {edge.Path("master.m3u8")} HTTP/1.1\r\nHost: x\r\n\r\n");
        Assert.StartsWith("HTTP/1.1 200 ", Encoding.Latin1.GetString(await wire.ReadToEndAsync()), StringComparison.Ordinal);
    }

    [Fact]
    public async Task Client_ThatTakesTooLittle_IsCutAndCountedAsGone()
    {
        await using var edge = await EdgeHost.StartAsync(
            limit: limits => limits.MinResponseDataRate = new MinDataRate(bytesPerSecond: 100 << 20, gracePeriod: TimeSpan.FromSeconds(1.1)));
        await using var wire = await RawConnection.OpenAsync(edge.EndPoint, receiveBuffer: 4096);
        await wire.SendAsync($"GET {edge.Path("v720.mp4")} HTTP/1.1\r\nHost: x\r\n\r\n");
        Assert.Equal(1000, (await wire.ReadAsync(1000)).Length);
        await Eventually.TrueAsync(() => edge.Figures.Of(EdgeOutcome.ClientGone) == 1, "the client is given up");
        Assert.True((await wire.ReadToEndAsync()).Length < edge.Film.Video.Length, "what was not taken is not sent");
    }

    [Fact]
    public async Task Connections_BeyondTheirNumber_AreClosed()
    {
        await using var edge = await EdgeHost.StartAsync(options => options.MaxConnections = 1);
        await using var first = await RawConnection.OpenAsync(edge.EndPoint);
        await first.SendAsync($"HEAD {edge.Path("master.m3u8")} HTTP/1.1\r\nHost: x\r\n\r\n");
        Assert.StartsWith("HTTP/1.1 200 ", Encoding.Latin1.GetString(await first.ReadAsync(100)), StringComparison.Ordinal);
        await using var second = await RawConnection.OpenAsync(edge.EndPoint);
        Assert.Empty(await second.ReadToEndAsync());
    }

    [Fact]
    public async Task Body_LargerThanALicence_Is413()
    {
        await using var edge = await EdgeHost.StartAsync();
        using var request = new HttpRequestMessage(HttpMethod.Post, $"http://{edge.EndPoint}{edge.Path("license")}") { Content = new ByteArrayContent(new byte[(64 << 10) + 1]) };
        using var response = await edge.Client.SendAsync(request);
        Assert.Equal(HttpStatusCode.RequestEntityTooLarge, response.StatusCode);
    }
}
