using Movento.Browser.Tests.Running;
using Movento.Harness;

namespace Movento.Browser.Tests.Players;

/// <summary>An edge that is killed while others load it, and started again: hls.js tries again until it answers, and plays the film to its end.</summary>
public sealed class RestartTests(RestartingSite site) : IClassFixture<RestartingSite>
{
    // A player that had the film to its end in its buffer would miss nothing.
    private const int Buffer = 2;

    [Fact]
    public async Task Edge_KilledUnderLoadAndStartedAgain_StopsNoFilm()
    {
        await using var load = new EdgeLoad(
            [.. Enumerable.Range(1, RestartingSite.Seconds).SelectMany(number => (string[])[$"segments/v180/{number}.m4s", $"segments/v360/{number}.m4s"]).Append("master.m3u8").Select(site.UrlOf)]);
        var page = await site.OpenHlsJsAsync(Buffer);
        await using var context = page.Context;
        var lost = 0;
        page.RequestFailed += (_, request) =>
        {
            if (request.Url.StartsWith(site.Edge.Edge.AbsoluteUri, StringComparison.Ordinal)) Interlocked.Increment(ref lost);
        };

        // 1. It plays, and the edge has written down what is hot.
        await page.LoadAsync(site.UrlOf("segments/master.m3u8"));
        await page.UntilAsync("document.querySelector('video').currentTime > 2", "the film plays");
        await Eventually.TrueAsync(() => File.Exists(Path.Combine(site.Edge.DataFolder, "hot-list.json")), "the hot list is written");
        Assert.Equal(0, lost);
        var before = load.Answered;
        Assert.True(before > 0, "nobody was answered");

        // 2. Killed: nobody is answered any more, the player neither.
        await site.Edge.KillAsync();
        var killedAt = await page.EvaluateAsync<double>("() => document.querySelector('video').currentTime");
        await page.UntilAsync(() => lost > 0 && load.Unanswered > 0, "the player and the others miss the edge");
        Assert.InRange(killedAt, 2, RestartingSite.Seconds - Buffer - 1);

        // 3. On the same port again: the others are answered, from what was read back among other things, and the film plays to its end.
        await site.Edge.StartAsync();
        var again = load.Answered;
        await page.UntilAsync("document.querySelector('video').ended", "the film ends");
        Assert.InRange(await page.EvaluateAsync<double>("() => document.querySelector('video').currentTime"), RestartingSite.Seconds - 0.5, RestartingSite.Seconds + 0.5);
        Assert.True(load.Answered > again + before / 2, $"{load.Answered - again} were answered afterwards, {before} before");
        Assert.Null(load.Fault);
        Assert.True(await site.FigureAsync("movento_edge_cache_warmup_total{result=\"read\"}") > 0, "nothing was read back");
    }
}
