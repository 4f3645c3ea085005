using System.Net;
using Movento.Contracts;
using Movento.Edge.Tests.Host;
using Movento.Harness;

namespace Movento.Edge.Tests;

public class ConcurrencyTests
{
    [Fact]
    public async Task ColdVersion_ManyViewersAtOnce_IsReadOnce()
    {
        await using var edge = await EdgeHost.StartAsync();
        var gate = new TaskCompletionSource();
        edge.Store.Before = (_, _, _) => gate.Task;
        var viewers = Enumerable.Range(0, 200).Select(_ => edge.GetAsync("master.m3u8")).ToArray();
        await Eventually.TrueAsync(() => !edge.Store.Reads.IsEmpty, "the presentation is asked for");
        gate.SetResult();
        foreach (var viewer in viewers)
        {
            using var response = await viewer;
            Assert.Equal(HttpStatusCode.OK, response.StatusCode);
        }

        Assert.Equal(1, edge.Store.ReadsOf(StorageKey.Presentation(Film.Asset, Film.Version)));
    }

    [Fact]
    public async Task ColdBlock_AThousandViewersAtOnce_IsReadOnce()
    {
        await using var edge = await EdgeHost.StartAsync();
        using (await edge.SendAsync(HttpMethod.Head, edge.Path("v720.mp4"))) { }

        var key = StorageKey.Rendition(Film.Asset, Film.Version, "v720");
        var gate = new TaskCompletionSource();
        edge.Store.Before = (_, _, _) => gate.Task;
        var viewers = Enumerable.Range(0, 1000).Select(_ => edge.GetAsync("v720.mp4", "Range", "bytes=2097152-2101247")).ToArray();
        await Eventually.TrueAsync(
            () => edge.Figures["movento.edge.cache.blocks/miss"] == 1 && edge.Figures["movento.edge.cache.blocks/joined"] == 999,
            "every viewer waits for the block");
        gate.SetResult();
        var expected = edge.Film.Video[2097152..2101248];
        foreach (var viewer in viewers)
        {
            using var response = await viewer;
            Assert.Equal(expected, await response.Content.ReadAsByteArrayAsync());
        }

        Assert.Equal(1, edge.Store.ReadsOf(key));
    }

    [Fact]
    public async Task ColdBlock_WhoeverAskedFirstLeaves_TheOthersGetIt()
    {
        await using var edge = await EdgeHost.StartAsync();
        using (await edge.SendAsync(HttpMethod.Head, edge.Path("v720.mp4"))) { }

        var gate = new TaskCompletionSource();
        edge.Store.Before = (_, _, cancellationToken) => gate.Task.WaitAsync(cancellationToken);
        await using (var first = await RawConnection.OpenAsync(edge.EndPoint))
        {
            await first.SendAsync($"GET {edge.Path("v720.mp4")} HTTP/1.1\r\nHost: x\r\nRange: bytes=0-9\r\n\r\n");
            await Eventually.TrueAsync(() => edge.Figures["movento.edge.cache.blocks/miss"] == 1, "the first viewer waits");
            first.Reset();
        }

        await Eventually.TrueAsync(() => edge.Figures.Of(EdgeOutcome.ClientGone) == 1, "the first viewer is seen to have left");
        var second = edge.GetAsync("v720.mp4", "Range", "bytes=0-9");
        await Eventually.TrueAsync(() => edge.Figures["movento.edge.cache.blocks/joined"] == 1, "the second viewer waits too");
        gate.SetResult();
        using var response = await second;
        Assert.Equal(edge.Film.Video[..10], await response.Content.ReadAsByteArrayAsync());
        Assert.Equal(1, edge.Store.ReadsOf(StorageKey.Rendition(Film.Asset, Film.Version, "v720")));
    }

    [Fact]
    public async Task Origin_MoreAtOnceThanAllowed_WaitTheirTurn()
    {
        await using var edge = await EdgeHost.StartAsync(options => options.OriginConcurrency = 2);
        using (await edge.SendAsync(HttpMethod.Head, edge.Path("v720.mp4"))) { }

        var inside = 0;
        var most = 0;
        var gate = new SemaphoreSlim(0);
        edge.Store.Before = async (_, _, cancellationToken) =>
        {
            InterlockedMax(ref most, Interlocked.Increment(ref inside));
            await gate.WaitAsync(cancellationToken);
            Interlocked.Decrement(ref inside);
        };
        var viewers = Enumerable.Range(0, 8).Select(block => edge.GetAsync("v720.mp4", "Range", $"bytes={block << 20}-{(block << 20) + 9}")).ToArray();
        await Eventually.TrueAsync(() => edge.Figures["movento.edge.cache.blocks/miss"] == 8, "every viewer waits");
        await Eventually.TrueAsync(() => Volatile.Read(ref inside) == 2, "two of them are read for");
        gate.Release(1000);
        foreach (var viewer in viewers)
        {
            using var response = await viewer;
            Assert.Equal(HttpStatusCode.PartialContent, response.StatusCode);
        }

        Assert.Equal(2, most);
    }

    private static void InterlockedMax(ref int target, int value)
    {
        for (var seen = Volatile.Read(ref target); seen < value;)
            seen = Interlocked.CompareExchange(ref target, value, seen) is var before && before == seen ? value : before;
    }
}
