using System.Net;
using Microsoft.Extensions.DependencyInjection;
using Movento.Contracts;
using Movento.Edge.Cache;
using Movento.Edge.Delivery;
using Movento.Edge.Tests.Host;
using Movento.Harness;

namespace Movento.Edge.Tests;

public class EvictionTests
{
    private static readonly string Video = StorageKey.Rendition(Film.Asset, Film.Version, "v720");

    [Fact]
    public async Task Cache_SmallerThanTheFilm_ServesItWholeWithinItsBytes()
    {
        await using var edge = await EdgeHost.StartAsync(Small);
        var cache = edge.Services.GetRequiredService<BlockCache>();
        for (var round = 0; round < 3; round++)
        {
            using var response = await edge.GetAsync("v720.mp4");
            Assert.Equal(edge.Film.Video, await response.Content.ReadAsByteArrayAsync());
            Assert.True(cache.Bytes <= 4 << 20, $"{cache.Bytes} bytes");
        }

        Assert.True(edge.Figures["movento.edge.cache.evictions"] > 0);
    }

    [Fact]
    public async Task Cache_SmallerThanTheFilm_ManyReadersAtRandom_GetTheirOwnBytes()
    {
        await using var edge = await EdgeHost.StartAsync(Small);
        var cache = edge.Services.GetRequiredService<BlockCache>();
        await Task.WhenAll(Enumerable.Range(0, 16).Select(async reader =>
        {
            var random = new Random(reader);
            for (var round = 0; round < 12; round++)
            {
                var first = random.Next(edge.Film.Video.Length);
                var last = Math.Min(edge.Film.Video.Length - 1, first + random.Next(3 << 20));
                using var response = await edge.GetAsync("v720.mp4", "Range", $"bytes={first}-{last}");
                Assert.Equal(HttpStatusCode.PartialContent, response.StatusCode);
                Assert.Equal(edge.Film.Video[first..(last + 1)], await response.Content.ReadAsByteArrayAsync());
                Assert.True(cache.Bytes <= 4 << 20, $"{cache.Bytes} bytes");
            }
        }));
    }

    [Fact]
    public async Task Cache_WhileEveryBlockIsBeingCopied_MakesTheNextReaderWait_InsteadOfRefusing()
    {
        await using var edge = await EdgeHost.StartAsync(Small);
        var cache = edge.Services.GetRequiredService<BlockCache>();
        var file = MediaFile.Of(StorageKey.Rendition(Film.Asset, Film.Version, "v720"), Film.Asset, Film.Version, "v720", "video/mp4", edge.Film.Video.Length);
        var held = new List<BlockLease>();
        for (var block = 0; block < 4; block++) held.Add(await cache.AcquireAsync(file, block, counts: false, CancellationToken.None));
        var reads = edge.Store.ReadsOf(Video);

        var waiting = edge.GetAsync("v720.mp4", "Range", $"bytes={5 << 20}-{(5 << 20) + 9}");
        await Eventually.TrueAsync(() => edge.Figures["movento.edge.cache.blocks/miss"] == 5, "the reader has found its block missing");
        Assert.Equal(reads, edge.Store.ReadsOf(Video));
        foreach (var lease in held) lease.Dispose();

        using var response = await waiting;
        Assert.Equal(HttpStatusCode.PartialContent, response.StatusCode);
        Assert.Equal(edge.Film.Video[(5 << 20)..((5 << 20) + 10)], await response.Content.ReadAsByteArrayAsync());
    }

    [Fact]
    public async Task Cache_BlockThatSeveralViewersWatch_SurvivesOnePassingThrough()
    {
        await using var edge = await EdgeHost.StartAsync(Small);
        for (var viewer = 0; viewer < 3; viewer++) await ReadBlockAsync(edge, 0);
        for (var block = 1; block < 10; block++) await ReadBlockAsync(edge, block);
        var before = edge.Store.ReadsOf(Video);
        await ReadBlockAsync(edge, 9);
        Assert.Equal(before, edge.Store.ReadsOf(Video));
        Assert.Single(edge.Store.Reads, read => read == (Video, 0));
        await ReadBlockAsync(edge, 1);
        Assert.Equal(before + 1, edge.Store.ReadsOf(Video));
    }

    [Fact]
    public async Task Response_OverSeveralBlocks_ReadsTheNextAhead()
    {
        await using var edge = await EdgeHost.StartAsync();
        using var response = await edge.GetAsync("v720.mp4", "Range", "bytes=0-4194303");
        await response.Content.ReadAsByteArrayAsync();
        Assert.Equal([0, 1 << 20, 2 << 20, 3 << 20], edge.Store.Reads.Where(read => read.Key == Video).Select(read => read.Offset));

        // Once each, though asked for ahead and again in turn; and never beyond the range.
        Assert.Equal(1, edge.Figures["movento.edge.cache.blocks/miss"]);
    }

    private static void Small(EdgeOptions options)
    {
        options.OriginConcurrency = 2;
        options.CacheBytes = 4 << 20;
    }

    private static async Task ReadBlockAsync(EdgeHost edge, int block)
    {
        var first = block << 20;
        using var response = await edge.GetAsync("v720.mp4", "Range", $"bytes={first}-{first + 99}");
        Assert.Equal(edge.Film.Video[first..(first + 100)], await response.Content.ReadAsByteArrayAsync());
    }
}
