using System.Net;
using Microsoft.Extensions.DependencyInjection;
using Movento.Contracts;
using Movento.Edge.Cache;
using Movento.Edge.Delivery;
using Movento.Edge.Tests.Host;
using Movento.Harness;
using Movento.Packager.Presentations;

namespace Movento.Edge.Tests;

public class EvictionTests
{
    // Of 4 MiB.
    private const int Blocks = 16;

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
        for (var block = 0; block < Blocks; block++)
            held.Add(await cache.AcquireAsync(file, new ByteRange(block * BlockCache.BlockSize, 1), counts: false, CancellationToken.None));

        var waiting = edge.GetAsync("v720.mp4", "Range", $"bytes={5 << 20}-{(5 << 20) + 9}");
        await Eventually.TrueAsync(() => edge.Figures["movento.edge.cache.blocks/miss"] == Blocks + 1, "the reader has found its block missing");
        Assert.False(waiting.IsCompleted);
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
        for (var block = 1; block < 2 * Blocks; block++) await ReadBlockAsync(edge, block);
        var before = edge.Store.ReadsOf(Video);
        await ReadBlockAsync(edge, 2 * Blocks - 1);
        await ReadBlockAsync(edge, 0);
        Assert.Equal(before, edge.Store.ReadsOf(Video));
        await ReadBlockAsync(edge, 1);
        Assert.Equal(before + 1, edge.Store.ReadsOf(Video));
    }

    [Fact]
    public async Task Scan_OfTheWholeFilm_DoesNotEvictTheHotSet()
    {
        // Room for the hot set, and for more than the mebibyte that a response sends at a time.
        await using var edge = await EdgeHost.StartAsync(options =>
        {
            Small(options);
            options.CacheBytes = 8 << 20;
        });
        for (var viewer = 0; viewer < 2; viewer++)
        {
            for (var block = 0; block < 10; block++) await ReadBlockAsync(edge, block);
        }

        // Somebody reads the rest of the film through; nobody asks for the hot set meanwhile.
        using (var scan = await edge.GetAsync("v720.mp4", "Range", $"bytes={10 * BlockCache.BlockSize}-")) await scan.Content.CopyToAsync(Stream.Null);

        Assert.True(edge.Figures["movento.edge.cache.evictions"] > 0);
        var before = edge.Store.ReadsOf(Video);
        for (var block = 0; block < 10; block++) await ReadBlockAsync(edge, block);
        Assert.Equal(before, edge.Store.ReadsOf(Video));
    }

    [Fact]
    public async Task Range_OfSeveralBlocks_IsReadAsOne()
    {
        await using var edge = await EdgeHost.StartAsync();
        using var response = await edge.GetAsync("v720.mp4", "Range", "bytes=300000-4194303");
        Assert.Equal(edge.Film.Video[300_000..4_194_304], await response.Content.ReadAsByteArrayAsync());
        Assert.Equal([BlockCache.BlockSize], edge.Store.Reads.Where(read => read.Key == Video).Select(read => read.Offset));
        Assert.Equal(1, edge.Figures["movento.edge.cache.blocks/miss"]);
    }

    [Fact]
    public async Task Range_LongerThanAnySegment_IsReadAheadBitByBit()
    {
        await using var edge = await EdgeHost.StartAsync();
        using var response = await edge.GetAsync("v720.mp4");
        Assert.Equal(edge.Film.Video, await response.Content.ReadAsByteArrayAsync());
        var reads = edge.Store.Reads.Where(read => read.Key == Video).Select(read => read.Offset).ToArray();
        Assert.True(reads.Length > 2, $"{reads.Length} reads");
        Assert.Equal(Enumerable.Range(0, reads.Length).Select(read => (long)read * BlockCache.ReadSize), reads);
        Assert.Equal(1, edge.Figures["movento.edge.cache.blocks/miss"]);
    }

    private static void Small(EdgeOptions options)
    {
        options.OriginConcurrency = 2;
        options.CacheBytes = 4 << 20;
    }

    private static async Task ReadBlockAsync(EdgeHost edge, int block)
    {
        var first = block * BlockCache.BlockSize;
        using var response = await edge.GetAsync("v720.mp4", "Range", $"bytes={first}-{first + 99}");
        Assert.Equal(edge.Film.Video[first..(first + 100)], await response.Content.ReadAsByteArrayAsync());
    }
}
