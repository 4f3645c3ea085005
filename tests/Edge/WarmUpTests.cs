using System.Net;
using Microsoft.Extensions.DependencyInjection;
using Movento.Contracts;
using Movento.Edge.Cache;
using Movento.Edge.Cache.HotBlocks;
using Movento.Edge.Operation;
using Movento.Edge.Tests.Host;
using Movento.Harness;
using Movento.Packager.Presentations;

namespace Movento.Edge.Tests;

/// <summary>An edge that starts reads back what its run before found worth keeping.</summary>
public sealed class WarmUpTests : IDisposable
{
    private const string Read = "movento.edge.cache.warmup/read";
    private const string Used = "movento.edge.cache.warmup/used";
    private const string Skipped = "movento.edge.cache.warmup/skipped";

    private static readonly string Video = StorageKey.Rendition(Film.Asset, Film.Version, "v720");

    private readonly TemporaryFolder _folder = new();

    private string Path => _folder.Combine("hot-list.json");

    public void Dispose() => _folder.Dispose();

    [Fact]
    public async Task Edge_ThatStartsAgain_HasInMemoryWhatWasAskedForTwice()
    {
        await using (var before = await StartAsync())
        {
            foreach (var block in (int[])[0, 1, 2, 7, 7, 2, 1]) await ReadBlockAsync(before, block);
            await before.StopAsync();
        }

        await using var edge = await StartAsync();
        await Eventually.TrueAsync(() => edge.Figures[Read] == 3, "the three blocks are back");
        Assert.Equal(0, edge.Figures[Skipped]);

        // Nothing is asked of the store any more, not even the presentation; and a block that was brought back counts as one that was asked for.
        edge.Store.Reads.Clear();
        edge.Store.Before = (key, _, _) => throw new InvalidOperationException($"{key} is asked for");
        foreach (var block in (int[])[1, 2, 7, 7]) await ReadBlockAsync(edge, block);
        Assert.Equal(3, edge.Figures[Used]);
        Assert.Equal([1, 2, 7], Listed(edge));

        // What nobody came back for is not there.
        edge.Store.Before = null;
        await ReadBlockAsync(edge, 0);
        Assert.Equal([Video], edge.Store.Reads.Select(read => read.Key));
    }

    [Fact]
    public async Task Edge_ThatDrains_WritesItsListAtOnce()
    {
        await using var edge = await StartAsync();
        await ReadBlockAsync(edge, 3);
        await ReadBlockAsync(edge, 3);
        edge.Services.GetRequiredService<DrainState>().Begin();
        await Eventually.TrueAsync(() => File.Exists(Path), "the list is written");
        Assert.Equal([new HotRun(3, 1)], (await new HotListFile(Path).ReadAsync(default))!.Versions[0].Files[0].Runs.AsEnumerable());
    }

    [Fact]
    public async Task Edge_ThatRuns_WritesItsListNowAndThen()
    {
        await using var edge = await StartAsync(options => options.WarmUp.SaveInterval = TimeSpan.FromSeconds(1));
        await ReadBlockAsync(edge, 3);
        await ReadBlockAsync(edge, 3);
        await Eventually.TrueAsync(() => File.Exists(Path), "the list is written");
    }

    [Fact]
    public async Task Edge_ThatNobodyCameTo_LeavesTheListAsItIs()
    {
        await File.WriteAllTextAsync(Path, "what an older release wrote");
        await using var edge = await StartAsync();
        await edge.StopAsync();
        Assert.Equal("what an older release wrote", await File.ReadAllTextAsync(Path));
    }

    [Theory]
    [InlineData("what an older release wrote")]
    [InlineData("{\"format\":\"movento-hot-list\",\"version\":1,\"blockSize\":262144,\"versions\":[{\"asset\":\"x\"}]}")]
    public async Task List_ThatIsNone_IsIgnored_AndReplaced(string text)
    {
        await File.WriteAllTextAsync(Path, text);
        await using var edge = await StartAsync();
        await ReadBlockAsync(edge, 0);
        await ReadBlockAsync(edge, 0);
        Assert.Equal(0, edge.Figures[Read]);
        await edge.StopAsync();
        Assert.Equal(1, (await new HotListFile(Path).ReadAsync(default))!.BlockCount);
    }

    [Fact]
    public async Task Edge_WithTheWarmUpOff_ReadsAndWritesNothing()
    {
        await new HotListFile(Path).WriteAsync(Of("v720.mp4", new HotRun(0, 2)));
        var text = await File.ReadAllTextAsync(Path);
        await using var edge = await StartAsync(options => options.WarmUp.Enabled = false);
        await ReadBlockAsync(edge, 5);
        await ReadBlockAsync(edge, 5);
        await edge.StopAsync();
        Assert.Equal(text, await File.ReadAllTextAsync(Path));
        Assert.Equal(0, edge.Figures[Read]);
    }

    [Fact]
    public async Task List_OfWhatIsGone_IsSkipped()
    {
        await using var edge = await EdgeHost.StartAsync();
        var list = new HotList(
        [
            new HotVersion(AssetId.Parse("0192f0c1a2b37c4d8e5f607182930000"), 1, [SegmentAddressing.Segments], [new HotFile("v720.mp4", [new HotRun(0, 2)])]),
            .. Of("v720.mp4", new HotRun(1, 1), new HotRun(1_000_000, 3)).Versions, .. Of("v1080.mp4", new HotRun(0, 1)).Versions,
            .. Of("../../secrets.json", new HotRun(0, 1)).Versions,
        ]);
        Assert.Equal(WarmUpEnd.Everything, await WarmAsync(edge, list));
        Assert.Equal(1, edge.Figures[Read]);
        Assert.Equal(2 + 3 + 1 + 1, edge.Figures[Skipped]);
        Assert.Equal([Video], edge.Store.Reads.Select(read => read.Key).Where(key => key.EndsWith(".mp4", StringComparison.Ordinal)));
    }

    [Fact]
    public async Task WarmUp_PastItsBytes_Ends()
    {
        await using var edge = await EdgeHost.StartAsync(options => options.WarmUp.MaxBytes = BlockCache.ReadSize);
        Assert.Equal(WarmUpEnd.Bytes, await WarmAsync(edge, Of("v720.mp4", new HotRun(0, 20))));
        Assert.Equal(4, edge.Figures[Read]);
    }

    [Fact]
    public async Task WarmUp_OfACacheInUse_PushesNothingOut()
    {
        await using var edge = await EdgeHost.StartAsync(options =>
        {
            options.OriginConcurrency = 2;
            options.CacheBytes = 4 << 20;
        });
        // Fifteen blocks are all that there is room for.
        for (var block = 0; block < 14; block++) await ReadBlockAsync(edge, block);
        Assert.Equal(WarmUpEnd.Memory, await WarmAsync(edge, Of("v720.mp4", new HotRun(20, 1), new HotRun(30, 8))));
        Assert.Equal(1, edge.Figures[Read]);
        Assert.Equal(0, edge.Figures["movento.edge.cache.evictions"]);
    }

    [Fact]
    public async Task WarmUp_WhileViewersKeepTheOriginBusy_Waits_AndEndsWithADrain()
    {
        await using var edge = await EdgeHost.StartAsync(options => options.OriginConcurrency = 1);
        using (await edge.SendAsync(HttpMethod.Head, edge.Path("a0.mp4"))) { }
        var gate = new TaskCompletionSource();
        edge.Store.Before = (key, _, _) => key == Video ? Task.CompletedTask : gate.Task;
        var sound = edge.GetAsync("a0.mp4", "Range", "bytes=0-9");
        await Eventually.TrueAsync(() => edge.Store.ReadsOf(StorageKey.Rendition(Film.Asset, Film.Version, "a0")) == 1, "the sound is waited for");

        var first = WarmAsync(edge, Of("v720.mp4", new HotRun(0, 4)));
        var second = WarmAsync(edge, Of("v720.mp4", new HotRun(4, 4)));
        Assert.False(first.IsCompleted);
        Assert.Equal(0, edge.Store.ReadsOf(Video));
        gate.SetResult();
        using (await sound) { }
        Assert.Equal([WarmUpEnd.Everything, WarmUpEnd.Everything], await Task.WhenAll(first, second));
        Assert.Equal(8, edge.Figures[Read]);

        // Busy again; now the edge is emptied.
        var closed = new TaskCompletionSource();
        edge.Store.Before = (key, _, _) => key == Video ? Task.CompletedTask : closed.Task;
        var text = edge.GetAsync("s0.segments.vtt");
        await Eventually.TrueAsync(() => edge.Store.ReadsOf(StorageKey.TextSegments(Film.Asset, Film.Version, "s0")) == 1, "the text is waited for");
        var third = WarmAsync(edge, Of("v720.mp4", new HotRun(12, 4)));
        Assert.False(third.IsCompleted);
        edge.Services.GetRequiredService<DrainState>().Begin();
        Assert.Equal(WarmUpEnd.Stopped, await third);
        Assert.Equal(8, edge.Figures[Read]);
        closed.SetResult();
        using (await text) { }
    }

    [Fact]
    public async Task WarmUp_PastItsTime_Ends()
    {
        await using var edge = await EdgeHost.StartAsync(options =>
        {
            options.OriginConcurrency = 1;
            options.WarmUp.MaxDuration = TimeSpan.FromSeconds(1);
        });
        using (await edge.SendAsync(HttpMethod.Head, edge.Path("a0.mp4"))) { }
        var gate = new TaskCompletionSource();
        edge.Store.Before = (key, _, _) => key == Video ? Task.CompletedTask : gate.Task;
        var sound = edge.GetAsync("a0.mp4", "Range", "bytes=0-9");
        await Eventually.TrueAsync(() => edge.Store.ReadsOf(StorageKey.Rendition(Film.Asset, Film.Version, "a0")) == 1, "the sound is waited for");
        Assert.Equal(WarmUpEnd.Time, await WarmAsync(edge, Of("v720.mp4", new HotRun(0, 4))));
        gate.SetResult();
        using (await sound) { }
    }

    [Fact]
    public async Task Edge_ThatStopsBeforeItIsWarm_LeavesTheListAsItIs()
    {
        var list = new HotListFile(Path);
        await list.WriteAsync(Of("v720.mp4", new HotRun(0, 20)));
        await using var edge = await EdgeHost.StartAsync(options => options.OriginConcurrency = 1);
        await ReadBlockAsync(edge, 30);
        await ReadBlockAsync(edge, 30);
        var gate = new TaskCompletionSource();
        edge.Store.Before = (_, _, _) => gate.Task;
        using var keeper = ActivatorUtilities.CreateInstance<HotListKeeper>(edge.Services, list, ActivatorUtilities.CreateInstance<CacheWarmer>(edge.Services));
        await keeper.StartAsync(default);
        await Eventually.TrueAsync(() => edge.Store.ReadsOf(Video) == 2, "the first piece is asked for");
        var stopping = keeper.StopAsync(default);
        gate.SetResult();
        await stopping;
        Assert.Equal(20, (await list.ReadAsync(default))!.BlockCount);
    }

    private static HotList Of(string name, params HotRun[] runs) =>
        new([new HotVersion(Film.Asset, Film.Version, [SegmentAddressing.ByteRanges], [new HotFile(name, [.. runs])])]);

    private static Task<WarmUpEnd> WarmAsync(EdgeHost edge, HotList list) => ActivatorUtilities.CreateInstance<CacheWarmer>(edge.Services).WarmAsync(list, default);

    private static IEnumerable<int> Listed(EdgeHost edge) => edge.Services.GetRequiredService<BlockCache>().Hottest(100).Select(block => block.Key.Index).Order();

    private Task<EdgeHost> StartAsync(Action<EdgeOptions>? configure = null) => EdgeHost.StartAsync(options =>
    {
        options.WarmUp.Path = Path;
        configure?.Invoke(options);
    });

    private static async Task ReadBlockAsync(EdgeHost edge, int block)
    {
        var first = block * BlockCache.BlockSize;
        using var response = await edge.GetAsync("v720.mp4", "Range", $"bytes={first}-{first + 99}");
        Assert.Equal(HttpStatusCode.PartialContent, response.StatusCode);
        Assert.Equal(edge.Film.Video[first..(first + 100)], await response.Content.ReadAsByteArrayAsync());
    }
}
