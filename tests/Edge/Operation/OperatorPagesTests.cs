using System.Net;
using System.Net.Http.Headers;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Hosting;
using Microsoft.AspNetCore.Hosting.Server;
using Microsoft.AspNetCore.Hosting.Server.Features;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Logging;
using Movento.Edge.Operation;
using Movento.Edge.Tests.Host;
using Movento.Harness;

namespace Movento.Edge.Tests.Operation;

public class OperatorPagesTests
{
    private const string Token = "a-token-of-some-length-0123";

    [Fact]
    public async Task Metrics_AfterRequests_SayWhatWasAnsweredFromWhere()
    {
        await using var edge = await EdgeHost.StartAsync();
        await using var server = await StartAsync(edge, token: null);
        using var client = new HttpClient();
        for (var round = 0; round < 3; round++)
        {
            using var response = await edge.GetAsync("a0.mp4", "Range", "bytes=0-999");
            Assert.Equal(1000, (await response.Content.ReadAsByteArrayAsync()).Length);
        }

        using (await edge.GetAsync("nothing.mp4")) { }
        var read = await Eventually.GetAsync(
            async () => await ReadAsync() is var metrics && metrics["movento_edge_requests_total{outcome=\"NotFound\"}"] == 1 ? metrics : null, "every request is counted");
        Assert.Equal(3, read["movento_edge_requests_total{outcome=\"Partial\"}"]);
        Assert.Equal(0, read["movento_edge_requests_total{outcome=\"CutMidway\"}"]);
        Assert.Equal(3000, read["movento_edge_bytes_total{tier=\"memory\"}"]);
        Assert.True(read["movento_edge_bytes_total{tier=\"origin\"}"] > 0);
        Assert.Equal(1, read["movento_edge_cache_blocks_total{result=\"miss\"}"]);
        Assert.Equal(2, read["movento_edge_cache_blocks_total{result=\"hit\"}"]);
        // The presentation, and a block.
        Assert.InRange(read["movento_edge_origin_duration_seconds_count"], 1, 2);
        Assert.Equal("counter", read.Types["movento_edge_sends_slow_total"]);
        Assert.Equal("counter", read.Types["movento_edge_sends_waited_seconds_total"]);
        Assert.Equal("gauge", read.Types["movento_edge_connections_memory_bytes"]);
        Assert.Contains(read.Types.Keys, name => name.StartsWith("dotnet_gc_", StringComparison.Ordinal));

        async Task<PrometheusReader> ReadAsync()
        {
            using var response = await client.GetAsync(new Uri(server.Address, "/metrics"));
            Assert.Equal("text/plain; version=0.0.4; charset=utf-8", response.Content.Headers.ContentType!.ToString());
            Assert.Equal("no-store", response.Headers.CacheControl!.ToString());
            return PrometheusReader.Read(await response.Content.ReadAsStringAsync());
        }
    }

    [Theory]
    [InlineData(null, HttpStatusCode.Unauthorized)]
    [InlineData("Bearer " + Token, HttpStatusCode.OK)]
    [InlineData("bearer " + Token, HttpStatusCode.OK)]
    [InlineData("Bearer " + Token + "x", HttpStatusCode.Unauthorized)]
    [InlineData("Bearer ", HttpStatusCode.Unauthorized)]
    [InlineData("Basic " + Token, HttpStatusCode.Unauthorized)]
    [InlineData(Token, HttpStatusCode.Unauthorized)]
    public async Task Metrics_BehindAToken_AreForWhoeverHasIt(string? authorization, HttpStatusCode status)
    {
        await using var edge = await EdgeHost.StartAsync();
        await using var server = await StartAsync(edge, Token);
        using var client = new HttpClient();
        foreach (var path in new[] { "/metrics", "/" })
        {
            using var request = new HttpRequestMessage(HttpMethod.Get, new Uri(server.Address, path));
            if (authorization is not null) Assert.True(request.Headers.TryAddWithoutValidation("Authorization", authorization));
            using var response = await client.SendAsync(request);
            Assert.Equal(status == HttpStatusCode.OK && path == "/" ? HttpStatusCode.NotFound : status, response.StatusCode);
            if (status == HttpStatusCode.Unauthorized) Assert.Equal(new AuthenticationHeaderValue("Bearer"), Assert.Single(response.Headers.WwwAuthenticate));
        }
    }

    [Fact]
    public async Task Metrics_OfTheServerOfViewers_AreNotThere()
    {
        await using var edge = await EdgeHost.StartAsync();
        using var response = await edge.SendAsync(HttpMethod.Get, "/metrics");
        Assert.Equal(HttpStatusCode.NotFound, response.StatusCode);
    }

    private static async Task<Server> StartAsync(EdgeHost edge, string? token)
    {
        var builder = WebApplication.CreateSlimBuilder();
        builder.Logging.ClearProviders();
        builder.WebHost.ConfigureKestrel(kestrel => kestrel.Listen(IPAddress.Loopback, 0));
        var app = builder.Build();
        app.UseMoventoEdgeOperator(edge.Services, token);
        await app.StartAsync();
        return new Server(app);
    }

    private sealed class Server(WebApplication app) : IAsyncDisposable
    {
        public Uri Address { get; } = new(app.Services.GetRequiredService<IServer>().Features.Get<IServerAddressesFeature>()!.Addresses.Single());

        public ValueTask DisposeAsync() => app.DisposeAsync();
    }
}
