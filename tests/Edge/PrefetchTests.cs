using System.Collections.Immutable;
using System.Net;
using Movento.Contracts;
using Movento.Edge.Cache;
using Movento.Edge.Delivery;
using Movento.Edge.Tests.Host;
using Movento.Harness;
using Movento.Packager.Presentations;

namespace Movento.Edge.Tests;

public class PrefetchTests
{
    private static readonly string Video = StorageKey.Rendition(Film.Asset, Film.Version, "v720");

    [Fact]
    public async Task Segment_OfBothAddressings_BringsTheNextOneToMemory()
    {
        foreach (var byName in (bool[])[false, true])
        {
            await using var edge = await EdgeHost.StartAsync();
            var segments = Segments(edge);
            using (var first = await AskAsync(edge, segments, 1, byName)) await first.Content.ReadAsByteArrayAsync();
            await Eventually.TrueAsync(() => IsThere(edge, segments[1]), "the second segment is in memory");
            var reads = edge.Store.ReadsOf(Video);
            Assert.Equal(2, reads);

            // It is served from memory, and counts as used; the third comes meanwhile, from where the second ended. Whoever asks within the moment in which the
            // only prefetch of this small origin is just ending brings none: as a player does, ask again.
            await Eventually.TrueAsync(
                async () =>
                {
                    using var second = await AskAsync(edge, segments, 2, byName);
                    Assert.Equal(
                        edge.Film.Video[(int)segments[1].Offset..(int)(segments[1].Offset + segments[1].Size)], await second.Content.ReadAsByteArrayAsync());
                    return IsThere(edge, segments[2]);
                },
                "the third segment is in memory");
            Assert.Equal(3, edge.Store.ReadsOf(Video));
            Assert.True(edge.Figures["movento.edge.cache.prefetches/used"] > 0);
            Assert.True(edge.Figures["movento.edge.cache.prefetches/prefetched"] > edge.Figures["movento.edge.cache.prefetches/used"]);
            Assert.Equal(1, edge.Figures["movento.edge.cache.blocks/miss"]);
        }
    }

    [Fact]
    public async Task Segment_WhileTheOriginIsBusy_BringsNoOther()
    {
        await using var edge = await EdgeHost.StartAsync(options => options.OriginConcurrency = 1);
        var segments = Segments(edge);
        using (var first = await AskAsync(edge, segments, 1, byName: true)) await first.Content.ReadAsByteArrayAsync();
        var before = edge.Figures["movento.edge.cache.prefetches/prefetched"];

        // The only turn is somebody's who waits for sound; the presentation is there.
        using (await edge.SendAsync(HttpMethod.Head, edge.Path("a0.mp4"))) { }
        var gate = new TaskCompletionSource();
        edge.Store.Before = (key, _, _) => key == Video ? Task.CompletedTask : gate.Task;
        var sound = edge.GetAsync("a0.mp4", "Range", "bytes=0-9");
        await Eventually.TrueAsync(() => edge.Store.ReadsOf(StorageKey.Rendition(Film.Asset, Film.Version, "a0")) == 1, "the sound is waited for");
        using (var again = await AskAsync(edge, segments, 1, byName: true)) await again.Content.ReadAsByteArrayAsync();
        Assert.Equal(before, edge.Figures["movento.edge.cache.prefetches/prefetched"]);
        gate.SetResult();
        using var heard = await sound;
        Assert.Equal(HttpStatusCode.PartialContent, heard.StatusCode);
    }

    [Theory]
    [InlineData(true, "bytes=0-99999")] // ends within a segment
    [InlineData(false, null)] // turned off
    public async Task Range_ThatIsNoSegment_OrTurnedOff_BringsNothing(bool isOn, string? range)
    {
        await using var edge = await EdgeHost.StartAsync(options => options.PrefetchSegments = isOn);
        var segments = Segments(edge);
        range ??= $"bytes={segments[0].Offset}-{segments[0].Offset + segments[0].Size - 1}";
        using var response = await edge.GetAsync("v720.mp4", "Range", range);
        await response.Content.ReadAsByteArrayAsync();
        Assert.Equal(0, edge.Figures["movento.edge.cache.prefetches/prefetched"]);
        Assert.Equal(1, edge.Store.ReadsOf(Video));
    }

    private static ImmutableArray<Segment> Segments(EdgeHost edge) => edge.Film.Presentation.Renditions[0].Segments;

    private static Task<HttpResponseMessage> AskAsync(EdgeHost edge, ImmutableArray<Segment> segments, int number, bool byName)
    {
        var segment = segments[number - 1];
        return byName
            ? edge.GetAsync($"segments/v720/{number}.m4s")
            : edge.GetAsync("v720.mp4", "Range", $"bytes={segment.Offset}-{segment.Offset + segment.Size - 1}");
    }

    private static bool IsThere(EdgeHost edge, Segment segment)
    {
        var cache = (BlockCache)edge.Services.GetService(typeof(BlockCache))!;
        var file = MediaFile.Of(Video, Film.Asset, Film.Version, "v720", "video/mp4", edge.Film.Video.Length);
        var last = segment.Offset + segment.Size - 1;
        if (!cache.TryAcquire(file, new ByteRange(last, 1), counts: false, out var lease)) return false;
        lease.Dispose();
        return true;
    }
}
