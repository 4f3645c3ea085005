using System.Collections.Concurrent;
using Movento.Browser.Tests.Running;

namespace Movento.Browser.Tests.Players;

/// <summary>shaka-player winds through a film of DASH by its trick mode: I-frames alone, from the bytes that the film is played from.</summary>
[Collection(nameof(SteeredSite))]
public sealed class TrickPlayTests(SteeredSite site)
{
    [Fact]
    public async Task Player_ThatWinds_FetchesIFrames_AndPlaysOnAfterwards()
    {
        await using var edge = await site.StartAloneAsync();
        var page = await site.OpenPeerAsync("shaka");
        await using var context = page.Context;
        var requests = new ConcurrentQueue<string>();
        page.Request += (_, request) => requests.Enqueue(request.Url.Split('?')[0]);

        await page.LoadAsync(edge.UrlOf("segments/manifest.mpd"));
        // In one rung: shaka-player 5.2.12 loses a header where two wishes meet.
        await page.UntilAsync("document.querySelector('video').currentTime > 0.4", "the film plays");
        await page.EvaluateAsync("() => window.peer.choose(180)");
        await page.UntilAsync("document.querySelector('video').videoHeight === 180", "the picture comes from the small rung");
        var chosen = await page.EvaluateAsync<double>("() => document.querySelector('video').currentTime");
        await page.UntilAsync(FormattableString.Invariant($"document.querySelector('video').currentTime > {chosen + 1}"), "the film plays in it");
        Assert.DoesNotContain(requests, IsIFrame);

        // Past what any player has in its buffer by then.
        requests.Clear();
        await page.EvaluateAsync("() => window.peer.wind(8)");
        await page.UntilAsync("document.querySelector('video').currentTime > 25", "the film goes by");
        Assert.Contains(requests, IsIFrame);
        var frames = await page.EvaluateAsync<int>("() => document.querySelector('video').getVideoPlaybackQuality().totalVideoFrames");

        await page.EvaluateAsync("() => window.peer.wind(1)");
        var place = await page.EvaluateAsync<double>("() => document.querySelector('video').currentTime");
        await page.UntilAsync(FormattableString.Invariant($"document.querySelector('video').currentTime > {place + 1}"), "the film plays on");
        await page.UntilAsync($"document.querySelector('video').getVideoPlaybackQuality().totalVideoFrames > {frames}", "pictures are decoded");
    }

    private static bool IsIFrame(string url) => url.Contains("/iframes/", StringComparison.Ordinal);
}
