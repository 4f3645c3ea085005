using System.Net;
using Movento.Contracts;
using Movento.Edge.Cache;
using Movento.Edge.Tests.Host;
using Movento.Harness;
using Movento.Storage;

namespace Movento.Edge.Tests;

/// <summary>A store that gives bytes step by step: who waits for them gets them as they come.</summary>
public class ReadWhileFetchTests
{
    // A segment of several blocks that neither begins nor ends at one.
    private const int First = 300_000;
    private const int Last = 2_299_999;

    private static readonly string Video = StorageKey.Rendition(Film.Asset, Film.Version, "v720");
    private static readonly string Range = $"bytes={First}-{Last}";

    [Fact]
    public async Task ColdSegment_AThousandViewersAtOnce_GetItAsItComesFromOneRead()
    {
        await using var edge = await EdgeHost.StartAsync(Patient);
        SteppedStream? source = null;
        edge.Store.Steps = (key, _, range) => key == Video ? source = new SteppedStream(range) : range;
        var viewers = Enumerable.Range(0, 1000).Select(_ => edge.GetAsync("v720.mp4", "Range", Range)).ToArray();
        await Eventually.TrueAsync(() => source is not null, "the segment is asked for");

        // The read begins at a block. With 10,000 bytes of the segment there, everybody has them, and nobody has more.
        var before = First % BlockCache.BlockSize;
        source!.Allow(before + 10_000);
        var bodies = new List<Stream>();
        foreach (var viewer in viewers)
        {
            var response = await viewer;
            Assert.Equal(HttpStatusCode.PartialContent, response.StatusCode);
            bodies.Add(await response.Content.ReadAsStreamAsync());
        }

        var expected = edge.Film.Video[First..(Last + 1)];
        var buffer = new byte[expected.Length];
        foreach (var body in bodies)
        {
            await body.ReadExactlyAsync(buffer.AsMemory(0, 10_000));
            Assert.Equal(expected.AsSpan(0, 10_000), buffer.AsSpan(0, 10_000));
        }

        var beyond = bodies[0].ReadAsync(buffer.AsMemory(0, 1)).AsTask();
        Assert.False(beyond.IsCompleted);

        // The next step goes over the end of a block.
        source.Allow(BlockCache.BlockSize);
        Assert.Equal(1, await beyond);
        await bodies[0].ReadExactlyAsync(buffer.AsMemory(1, BlockCache.BlockSize - 1));
        Assert.Equal(expected.AsSpan(10_000, BlockCache.BlockSize), buffer.AsSpan(0, BlockCache.BlockSize));

        source.Allow(long.MaxValue / 2);
        for (var number = 0; number < bodies.Count; number++)
        {
            var from = number == 0 ? 10_000 + BlockCache.BlockSize : 10_000;
            await bodies[number].ReadExactlyAsync(buffer.AsMemory(from, expected.Length - from));
            Assert.True(expected.AsSpan(from).SequenceEqual(buffer.AsSpan(from)), $"viewer {number}");
            Assert.Equal(0, await bodies[number].ReadAsync(buffer.AsMemory(0, 1)));
            await bodies[number].DisposeAsync();
        }

        Assert.Equal(1, edge.Store.ReadsOf(Video));
        Assert.Equal(0, edge.Figures.Of(EdgeOutcome.CutMidway));
    }

    [Fact]
    public async Task Read_ThatFailsMidway_GoesOnWhereItWas()
    {
        await using var edge = await EdgeHost.StartAsync(Patient);
        var sources = new List<SteppedStream>();
        edge.Store.Steps = (key, _, range) =>
        {
            if (key != Video) return range;
            var source = new SteppedStream(range);
            lock (sources) sources.Add(source);
            return source;
        };
        var viewer = edge.GetAsync("v720.mp4", "Range", Range);
        await Eventually.TrueAsync(() => sources.Count == 1, "the segment is asked for");
        sources[0].Allow(600_000);
        using var response = await viewer;
        sources[0].Fail(new ObjectStoreException("connection lost", isTransient: true));
        await Eventually.TrueAsync(() => sources.Count == 2, "the rest is asked for");
        sources[1].Allow(long.MaxValue / 2);
        Assert.Equal(edge.Film.Video[First..(Last + 1)], await response.Content.ReadAsByteArrayAsync());
        Assert.Equal(
            [BlockCache.BlockSize, BlockCache.BlockSize + 600_000], edge.Store.Reads.Where(read => read.Key == Video).Select(read => read.Offset));
    }

    [Fact]
    public async Task Read_ThatFailsMidwayForGood_CutsWhoWaitsAndKeepsWhatIsWhole()
    {
        await using var edge = await EdgeHost.StartAsync(Patient);
        SteppedStream? source = null;
        edge.Store.Steps = (key, _, range) => key == Video && source is null ? source = new SteppedStream(range) : range;
        var viewer = edge.GetAsync("v720.mp4", "Range", Range);
        await Eventually.TrueAsync(() => source is not null, "the segment is asked for");
        source!.Allow(BlockCache.BlockSize + 1000);
        using (var response = await viewer)
        {
            // Whoever asks again before it is noticed fails too.
            edge.Store.Before = (key, _, _) => key == Video ? throw new ObjectStoreException("denied", isTransient: false) : Task.CompletedTask;
            source.Fail(new ObjectStoreException("denied", isTransient: false));
            await Assert.ThrowsAnyAsync<Exception>(() => response.Content.ReadAsByteArrayAsync());
        }

        await Eventually.TrueAsync(() => edge.Figures.Of(EdgeOutcome.CutMidway) == 1, "the cut is counted");

        // The first block is there; the rest is read anew.
        edge.Store.Before = null;
        var reads = edge.Store.ReadsOf(Video);
        using var again = await edge.GetAsync("v720.mp4", "Range", Range);
        Assert.Equal(edge.Film.Video[First..(Last + 1)], await again.Content.ReadAsByteArrayAsync());
        Assert.Equal([2 * BlockCache.BlockSize], edge.Store.Reads.Where(read => read.Key == Video).Skip(reads).Select(read => read.Offset));
    }

    // A step takes as long as the machine needs for a thousand clients.
    private static void Patient(EdgeOptions options) => options.OriginTimeout = TimeSpan.FromMinutes(2);
}
