using System.Collections.Concurrent;
using System.Globalization;
using Movento.Browser.Tests.Running;

namespace Movento.Browser.Tests.Players;

/// <summary>
/// hls.js, shaka-player and dash.js follow content steering, over HLS and over DASH: once their edge drains they fetch from the other, and they play on when the first one is gone.
/// </summary>
[Collection(nameof(SteeredSite))]
public sealed class SteeringTests(SteeredSite site)
{
    // Headers, and a few segments of pictures and sound of two seconds each: enough to begin with.
    private const int FirstRequests = 12;

    [Theory]
    [InlineData("hlsjs", "master.m3u8")]
    [InlineData("shaka", "master.m3u8")]
    [InlineData("shaka", "manifest.mpd")]
    [InlineData("dashjs", "manifest.mpd")]
    public async Task Player_OfAnEdgeThatDrains_FetchesFromTheOther(string player, string file)
    {
        var (a, b) = await site.StartPairAsync();
        await using var first = a;
        await using var second = b;
        var page = await site.OpenPeerAsync(player);
        await using var context = page.Context;
        var requests = new ConcurrentQueue<string>();
        page.Request += (_, request) => requests.Enqueue(request.Url);

        // On loopback a player would have the whole minute before it hears of anything: all but the first requests wait until the edge has drained.
        var drained = new TaskCompletionSource();
        var begun = 0;
        await page.RouteAsync(IsMedia, async route =>
        {
            if (Interlocked.Increment(ref begun) > FirstRequests) await drained.Task;
            await route.ContinueAsync();
        });

        // 1. It plays from the edge that it came to.
        await page.LoadAsync(a.UrlOf(file));
        await page.UntilAsync("document.querySelector('video').currentTime > 0.4", "the film plays");
        Assert.All(requests.Where(IsMedia), url => Assert.StartsWith(a.Url, url, StringComparison.Ordinal));
        Assert.Contains(requests, url => url.StartsWith(a.Url, StringComparison.Ordinal) && url.Contains("/steering.json", StringComparison.Ordinal));

        // 2. The edge drains: within the lifetime of what it said last, the player asks the other one.
        a.Drain();
        await page.UntilAsync(() => requests.Any(url => url.StartsWith(b.Url, StringComparison.Ordinal) && url.Contains("/steering.json", StringComparison.Ordinal)), "the player asks the other edge where to go");

        // 3. What it fetches next comes from there. It seeks only then: shaka-player 5.2.12 may lose a header when a seek lands in a switch.
        requests.Clear();
        drained.SetResult();
        await page.UntilAsync(() => requests.Any(url => IsMedia(url) && url.StartsWith(b.Url, StringComparison.Ordinal)), "media comes from the other edge");
        await SeekAsync(page, 45);
        Assert.Contains(requests, url => IsMedia(url) && url.StartsWith(b.Url, StringComparison.Ordinal));

        // 4. The first edge may end: nobody misses it.
        await a.DisposeAsync();
        requests.Clear();
        await SeekAsync(page, 30);
        Assert.All(requests.Where(IsMedia), url => Assert.StartsWith(b.Url, url, StringComparison.Ordinal));
    }

    private static bool IsMedia(string url) => url.Split('?')[0] is var path
        && (path.EndsWith(".mp4", StringComparison.Ordinal) || path.EndsWith(".m4s", StringComparison.Ordinal));

    private static async Task SeekAsync(IPage page, double seconds)
    {
        await page.EvaluateAsync("seconds => { document.querySelector('video').currentTime = seconds; }", seconds);
        var place = (seconds + 0.4).ToString(CultureInfo.InvariantCulture);
        await page.UntilAsync($"document.querySelector('video').currentTime > {place}", $"the film plays on from {seconds} s");
    }
}
