using System.Collections.Concurrent;
using Movento.Browser.Tests.Pages;
using Movento.Browser.Tests.Running;
using Movento.Harness;

namespace Movento.Browser.Tests.Players;

/// <summary>What real players say of themselves (CMCD) reaches the edge, and it understands all of it.</summary>
[Collection(StreamingSiteTests.Name)]
public sealed class ClientDataTests(StreamingSite site)
{
    private const string Observations = "movento_edge_playback_observations_total";
    private const string Malformed = "movento_edge_playback_malformed_total";

    // hls.js says it in header fields as version 1 has them, shaka-player in the query and in reports as version 2 has them (Peers/).
    [Theory]
    [InlineData("hlsjs", "hls")]
    [InlineData("shaka", "dash")]
    public async Task Player_ThatSaysHowItPlays_IsUnderstood(string player, string protocol)
    {
        var assetId = await site.AssetIdOfAsync(Film.BigBuckBunny720);
        var before = await site.FigureAsync(Observations);
        var page = await site.OpenPeerAsync(player);
        await using var context = page.Context;
        var reports = new ConcurrentQueue<int>();
        page.Response += (_, response) =>
        {
            if (response.Request.Method == "POST" && response.Url.EndsWith("/cmcd", StringComparison.Ordinal)) reports.Enqueue(response.Status);
        };

        await page.EvaluateAsync("url => window.peer.load(url)", await site.GrantAsync(assetId, protocol));
        await page.WaitForFunctionAsync("() => document.querySelector('video').currentTime > 1");

        await Eventually.TrueAsync(async () => await site.FigureAsync(Observations) >= before + 4, "the edge learns of the playback");
        if (player == "shaka") await Eventually.TrueAsync(() => !reports.IsEmpty, "the player sends a report");
        Assert.All(reports, status => Assert.Equal(204, status));
        Assert.Equal(0, await site.FigureAsync(Malformed));
        Assert.Empty(await page.EvaluateAsync<string[]>("() => window.peer.errors"));
    }

    [Fact]
    public async Task WatchPage_WhilePlaying_SaysHowItGoes()
    {
        var before = await site.FigureAsync(Observations);
        await using var visitor = await Visitor.ComeAsync(site, $"/watch/{await site.AssetIdOfAsync(Film.BigBuckBunny720)}");
        await visitor.SignInAsync(await site.RegisterViewerAsync());
        var watch = new WatchPage(visitor.Page);
        await watch.PlaysAsync();
        await watch.PassesAsync(1);
        await Eventually.TrueAsync(async () => await site.FigureAsync(Observations) >= before + 4, "the edge learns of the playback");
        Assert.Equal(0, await site.FigureAsync(Malformed));
        Assert.Empty(visitor.Complaints);
    }
}
