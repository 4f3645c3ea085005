using System.Net;
using Movento.Edge.Tests.Host;
using Movento.Harness;

namespace Movento.Edge.Tests;

/// <summary>What one session and one address may take, at a real edge.</summary>
public class LimitTests
{
    [Fact]
    public async Task Session_WithTooManyRequests_Is429UntilItMayAgain()
    {
        await using var edge = await StartAsync(options =>
        {
            options.Limits.SessionRequests = 1;
            options.Limits.AddressRequests = 0;
            options.Limits.AddressBytes = 0;
        });
        var path = Path(edge, Guid.NewGuid());
        await edge.RepeatUntilAsync(HttpStatusCode.TooManyRequests, path);

        // Back, so that the bucket does not fill again while the test looks.
        edge.Clock.Advance(-TimeSpan.FromMinutes(10));
        using var refused = await edge.SendAsync(HttpMethod.Get, path);
        Assert.Equal(HttpStatusCode.TooManyRequests, refused.StatusCode);
        Assert.Equal("60", EdgeHost.Header(refused, "Retry-After"));
        Assert.Equal("no-store", EdgeHost.Header(refused, "Cache-Control"));
        Assert.Equal(
            """{"type":"about:blank","title":"Too many requests","status":429,"code":"too_many_requests"}""", await refused.Content.ReadAsStringAsync());

        // Others, and requests without a session, are not held to it.
        using var other = await edge.SendAsync(HttpMethod.Get, Path(edge, Guid.NewGuid()));
        Assert.Equal(HttpStatusCode.OK, other.StatusCode);
        for (var request = 0; request < 20; request++)
        {
            using var anonymous = await edge.GetAsync("master.m3u8");
            Assert.Equal(HttpStatusCode.OK, anonymous.StatusCode);
        }

        edge.Clock.Advance(TimeSpan.FromMinutes(10) + TimeSpan.FromSeconds(2));
        using var again = await edge.SendAsync(HttpMethod.Get, path);
        Assert.Equal(HttpStatusCode.OK, again.StatusCode);
        await Eventually.TrueAsync(() => edge.Figures.Of(EdgeOutcome.SessionRequests) == 2, "both refusals are counted");
    }

    [Fact]
    public async Task Address_WithTooManyRequests_Is429WhateverTheToken()
    {
        await using var edge = await StartAsync(options => options.Limits.AddressRequests = 1);
        await edge.RepeatUntilAsync(HttpStatusCode.TooManyRequests, edge.Path("master.m3u8"));
        edge.Clock.Advance(-TimeSpan.FromMinutes(10));
        foreach (var path in new[] { edge.Path("master.m3u8"), $"/x/assets/{Film.Asset}/v1/master.m3u8", Path(edge, Guid.NewGuid()) })
        {
            using var refused = await edge.SendAsync(HttpMethod.Get, path);
            Assert.Equal(HttpStatusCode.TooManyRequests, refused.StatusCode);
        }

        await Eventually.TrueAsync(() => edge.Figures.Of(EdgeOutcome.AddressRequests) == 4, "every refusal is counted");
    }

    [Fact]
    public async Task Session_WithTooManyBytes_WaitsAsLongAsTheyTake()
    {
        await using var edge = await StartAsync(options => options.Limits.SessionBytes = 1000);
        var session = Guid.NewGuid();

        // 70,000 bytes are 70 seconds' worth. They count when they have been sent: perhaps after the client has read them.
        using var poster = await edge.SendAsync(HttpMethod.Get, Path(edge, session, "poster.jpg"));
        Assert.Equal(edge.Film.Poster, await poster.Content.ReadAsByteArrayAsync());
        await edge.RepeatUntilAsync(HttpStatusCode.TooManyRequests, Path(edge, session, "a0.m3u8"), HttpMethod.Head);
        using var refused = await edge.SendAsync(HttpMethod.Get, Path(edge, session));
        Assert.Equal("60", EdgeHost.Header(refused, "Retry-After"));
        Assert.Contains("too_many_bytes", await refused.Content.ReadAsStringAsync(), StringComparison.Ordinal);
        edge.Clock.Advance(TimeSpan.FromSeconds(71));
        using var again = await edge.SendAsync(HttpMethod.Get, Path(edge, session));
        Assert.Equal(HttpStatusCode.OK, again.StatusCode);
        await Eventually.TrueAsync(() => edge.Figures.Of(EdgeOutcome.SessionBytes) == 2, "both refusals are counted");
    }

    [Fact]
    public async Task Bytes_ThatWereNotSent_AreNotCounted()
    {
        await using var edge = await StartAsync(options => options.Limits.SessionBytes = 1_000_000);
        var session = Guid.NewGuid();
        for (var request = 0; request < 20; request++)
        {
            // A head promises the film, and sends nothing of it.
            using var head = await edge.SendAsync(HttpMethod.Head, Path(edge, session, "v720.mp4"));
            Assert.Equal(HttpStatusCode.OK, head.StatusCode);
        }

        // Whoever leaves early has had little of what was promised: the film is many seconds' worth.
        await using (var wire = await RawConnection.OpenAsync(edge.EndPoint, receiveBuffer: 8192))
        {
            await wire.SendAsync($"GET {Path(edge, session, "v720.mp4")} HTTP/1.1\r\nHost: x\r\n\r\n");
            Assert.Equal(1000, (await wire.ReadAsync(1000)).Length);
            wire.Reset();
        }

        await Eventually.TrueAsync(() => edge.Figures.Of(EdgeOutcome.ClientGone) == 1, "it is seen to have left");
        edge.Clock.Advance(TimeSpan.FromSeconds(10));
        using var response = await edge.SendAsync(HttpMethod.Get, Path(edge, session));
        Assert.Equal(HttpStatusCode.OK, response.StatusCode);
    }

    [Fact]
    public async Task Concurrency_OfASessionAndOfAnAddress_IsFreeAgainWhenOneEnds()
    {
        await using var edge = await StartAsync(options =>
        {
            options.Limits.SessionConcurrency = 1;
            options.Limits.AddressConcurrency = 2;
        });
        var (first, second) = (Guid.NewGuid(), Guid.NewGuid());
        await using var stalled = await StallAsync(edge, first);
        await AssertAsync(first, HttpStatusCode.TooManyRequests);
        await AssertAsync(second, HttpStatusCode.OK);
        await using var another = await StallAsync(edge, second);
        await AssertAsync(Guid.NewGuid(), HttpStatusCode.TooManyRequests);

        stalled.Reset();
        another.Reset();
        await edge.RepeatUntilAsync(HttpStatusCode.OK, Path(edge, first));
        await Eventually.TrueAsync(
            () => edge.Figures.Of(EdgeOutcome.SessionConcurrency) >= 1 && edge.Figures.Of(EdgeOutcome.AddressConcurrency) >= 1, "each is counted by name");

        async Task AssertAsync(Guid session, HttpStatusCode status)
        {
            // The one before may still be counted when its answer has been read.
            if (status == HttpStatusCode.OK)
            {
                await edge.RepeatUntilAsync(status, Path(edge, session));
                return;
            }

            using var response = await edge.SendAsync(HttpMethod.Get, Path(edge, session));
            Assert.Equal(status, response.StatusCode);
        }
    }

    [Fact]
    public async Task Loopback_ByDefault_IsNotHeldToAnyLimit()
    {
        await using var edge = await EdgeHost.StartAsync(options => options.Limits.AddressRequests = options.Limits.SessionRequests = 1);
        var path = Path(edge, Guid.NewGuid());
        for (var request = 0; request < 50; request++)
        {
            using var response = await edge.SendAsync(HttpMethod.Get, path);
            Assert.Equal(HttpStatusCode.OK, response.StatusCode);
        }
    }

    private static Task<EdgeHost> StartAsync(Action<EdgeOptions> configure) => EdgeHost.StartAsync(options =>
    {
        options.Limits.IncludeLoopback = true;
        options.Limits.Burst = TimeSpan.FromSeconds(1);
        configure(options);
    });

    private static string Path(EdgeHost edge, Guid session, string file = "master.m3u8") =>
        $"/{edge.Sign(edge.Claims() with { Session = session })}/assets/{Film.Asset}/v1/{file}";

    private static async Task<RawConnection> StallAsync(EdgeHost edge, Guid session)
    {
        var wire = await RawConnection.OpenAsync(edge.EndPoint, receiveBuffer: 4096);
        await wire.SendAsync($"GET {Path(edge, session, "v720.mp4")} HTTP/1.1\r\nHost: x\r\n\r\n");
        Assert.Equal(1000, (await wire.ReadAsync(1000)).Length);
        return wire;
    }
}
