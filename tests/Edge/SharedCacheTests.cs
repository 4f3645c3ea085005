using System.Net;
using Movento.Contracts;
using Movento.Edge.Cache;
using Movento.Edge.Redis;
using Movento.Edge.Tests.Host;
using Movento.Harness;

namespace Movento.Edge.Tests;

/// <summary>Edges that share a real Redis, and what becomes of them without it.</summary>
public sealed class SharedCacheTests : IAsyncLifetime
{
    private static readonly string Video = StorageKey.Rendition(Film.Asset, Film.Version, "v720");

    private RedisServer _redis = null!;

    public async Task InitializeAsync() => _redis = await RedisServer.StartAsync();

    public async Task DisposeAsync() => await _redis.DisposeAsync();

    [Fact]
    public async Task WhatEveryViewerBeginsWith_IsReadFromTheStoreByOneEdgeAlone()
    {
        await using var first = await StartAsync();
        await PlayTheBeginningAsync(first);
        await Eventually.TrueAsync(() => Count(first, "written") >= 3, "presentation, poster and the first block are in Redis");

        await using var second = await StartAsync();
        await PlayTheBeginningAsync(second);
        Assert.Empty(second.Store.Reads);
        Assert.True(second.Figures["movento.edge.bytes/redis"] > BlockCache.BlockSize);
    }

    [Theory]
    [InlineData("master.m3u8", null)]
    [InlineData("poster.jpg", null)]
    [InlineData("v720.mp4", "bytes=0-99")]
    [InlineData("segments/v720/init.mp4", null)]
    public async Task Answer_FromRedis_SaysSo_AndFromMemoryAfterwards(string file, string? range)
    {
        await using (var first = await StartAsync())
        {
            await PlayTheBeginningAsync(first);
            await Eventually.TrueAsync(() => Count(first, "written") >= 3, "presentation, poster and the first block are in Redis");
        }

        await using var second = await StartAsync();
        var fields = range is null ? [] : new[] { "Range", range };
        using (var answer = await second.GetAsync(file, fields)) Assert.Matches("^cache;desc=redis;dur=[0-9]+$", EdgeHost.Header(answer, "Server-Timing"));
        using (var answer = await second.GetAsync(file, fields)) Assert.Equal("cache;desc=memory", EdgeHost.Header(answer, "Server-Timing"));

        // What Redis does not have comes from the store, though it has the presentation.
        using (var answer = await second.GetAsync("v720.mp4", "Range", "bytes=3000000-3000099"))
            Assert.Matches("^cache;desc=origin;dur=[0-9]+$", EdgeHost.Header(answer, "Server-Timing"));
    }

    [Fact]
    public async Task WhatPassesOnce_IsNotGivenToRedis_WhatComesBackIs()
    {
        await using var edge = await StartAsync(options =>
        {
            options.CacheBytes = 4 << 20;
            options.OriginConcurrency = 2;
        });

        // Twenty blocks from the middle of the film: more than the cache holds.
        for (var block = 5; block < 25; block++) await ReadBlockAsync(edge, block);
        await Eventually.TrueAsync(() => Count(edge, "written") == 1, "the presentation is in Redis");
        Assert.Equal("0", await _redis.AskAsync("EXISTS", $"movento:edge:1:{Video}#5"));

        // The one that left last is remembered: it is wanted again.
        var left = Enumerable.Range(5, 20).Last(block => edge.Figures["movento.edge.cache.evictions"] > block - 5);
        await ReadBlockAsync(edge, left);
        await Eventually.TrueAsync(async () => await _redis.AskAsync("EXISTS", $"movento:edge:1:{Video}#{left}") == "1", "the block is in Redis");
        Assert.InRange(int.Parse(await _redis.AskAsync("TTL", $"movento:edge:1:{Video}#{left}"), System.Globalization.CultureInfo.InvariantCulture), 3000, 3600);
    }

    [Theory]
    [InlineData("")]
    [InlineData("abc")]
    [InlineData("something that is no block at all")]
    public async Task Value_ThatIsNotWhole_IsReadFromTheStore(string value)
    {
        await _redis.AskAsync("SET", $"movento:edge:1:{Video}#0", value);
        await _redis.AskAsync("SET", $"movento:edge:1:{StorageKey.Presentation(Film.Asset, Film.Version)}", value);
        await using var edge = await StartAsync();
        await PlayTheBeginningAsync(edge);
        Assert.Equal(1, edge.Store.ReadsOf(Video));
        Assert.Equal(0, edge.Figures["movento.edge.bytes/redis"]);
    }

    [Fact]
    public async Task Redis_ThatIsKilled_IsLeftAlone_AndUsedAgainWhenItIsBack()
    {
        await using var edge = await StartAsync();
        await _redis.KillAsync();
        await PlayTheBeginningAsync(edge);
        for (var block = 1; block < 10; block++) await ReadBlockAsync(edge, block);
        Assert.InRange(Count(edge, "failed"), 0, 6);

        await _redis.RunAsync();
        edge.Clock.Advance(TimeSpan.FromMinutes(1));
        await Eventually.TrueAsync(() => Connected(edge), "the connection is back");
        using (var poster = await edge.GetAsync("a0.mp4", "Range", "bytes=0-9")) Assert.Equal(HttpStatusCode.PartialContent, poster.StatusCode);
        await Eventually.TrueAsync(() => Count(edge, "written") > 0, "Redis is written to again");
    }

    [Fact]
    public async Task Redis_ThatAnswersNobody_CostsAFewTimeOutsAndIsLeftAlone()
    {
        await using var edge = await StartAsync(options => options.Redis.Timeout = TimeSpan.FromMilliseconds(20));
        await _redis.FreezeAsync();
        try
        {
            for (var block = 1; block < 30; block++) await ReadBlockAsync(edge, block);
            // Three open the circuit; after that a probe a second alone, of a loop that takes a fraction of one, or a few where the machine is busy.
            Assert.InRange(Count(edge, "failed"), 1, 24);
            Assert.Equal(0, edge.Figures["movento.edge.bytes/redis"]);
        }
        finally
        {
            await _redis.ResumeAsync();
        }
    }

    [Fact]
    public async Task Redis_ThatWasNeverThere_IsNotMissed()
    {
        await _redis.KillAsync();
        await using var edge = await EdgeHost.StartAsync(options => options.Redis.Configuration = _redis.Configuration);
        await PlayTheBeginningAsync(edge);
        Assert.Equal(1, edge.Store.ReadsOf(Video));
    }

    [Fact]
    public async Task Redis_ForOtherThingsAlone_HoldsNoMedia()
    {
        await using var edge = await StartAsync(options => options.Redis.CacheMedia = false);
        await PlayTheBeginningAsync(edge);
        Assert.Equal("0", await _redis.AskAsync("DBSIZE"));
        Assert.Equal(0, Count(edge, "miss"));
    }

    private static long Count(EdgeHost edge, string result) => edge.Figures[$"movento.edge.redis.objects/{result}"];

    private static bool Connected(EdgeHost edge) => ((RedisConnection)edge.Services.GetService(typeof(RedisConnection))!).TryGet(out _);

    private static async Task PlayTheBeginningAsync(EdgeHost edge)
    {
        using (var playlist = await edge.GetAsync("master.m3u8")) Assert.Equal(HttpStatusCode.OK, playlist.StatusCode);
        using (var poster = await edge.GetAsync("poster.jpg")) Assert.Equal(edge.Film.Poster, await poster.Content.ReadAsByteArrayAsync());
        await ReadBlockAsync(edge, 0);
    }

    private static async Task ReadBlockAsync(EdgeHost edge, int block)
    {
        var first = block * BlockCache.BlockSize;
        using var response = await edge.GetAsync("v720.mp4", "Range", $"bytes={first}-{first + 99}");
        Assert.Equal(edge.Film.Video[first..(first + 100)], await response.Content.ReadAsByteArrayAsync());
    }

    private async Task<EdgeHost> StartAsync(Action<EdgeOptions>? configure = null)
    {
        var edge = await EdgeHost.StartAsync(options =>
        {
            options.Redis.Configuration = _redis.Configuration;
            // A busy machine is no reason to go to the store.
            options.Redis.Timeout = TimeSpan.FromSeconds(5);
            configure?.Invoke(options);
        });
        await Eventually.TrueAsync(() => Connected(edge), "the edge has found Redis");
        return edge;
    }
}
