using Movento.Browser.Tests.Running;

namespace Movento.Browser.Tests.Players;

/// <summary>Waits for what a player brings about on its page. Ends early on an error of the player: waiting on would only hide its words behind a timeout.</summary>
internal static class PlayerPage
{
    /// <summary>How the video stands, for a failing test.</summary>
    private const string Situation =
        """
        () => {
          const video = document.querySelector('video');
          const ranges = Array.from({ length: video.buffered.length }, (_, i) => [video.buffered.start(i), video.buffered.end(i)]);
          const { currentTime, duration, paused, ended, readyState, videoHeight } = video;
          return JSON.stringify({ currentTime, duration, paused, ended, readyState, videoHeight, ranges });
        }
        """;

    /// <summary>Waits for something on the page.</summary>
    /// <param name="page">A page with <c>window.peer</c>.</param>
    /// <param name="condition">An expression of JavaScript.</param>
    /// <param name="what">What it means.</param>
    public static async Task UntilAsync(this IPage page, string condition, string what)
    {
        try
        {
            await page.WaitForFunctionAsync(
                $"() => ({condition}) || window.peer.errors.length > 0", null,
                new PageWaitForFunctionOptions { PollingInterval = 40, Timeout = StreamingSite.PatienceMilliseconds });
        }
        catch (TimeoutException)
        {
            await page.FailAsync(what);
        }

        await page.AssertNoErrorAsync(what);
    }

    /// <summary>Waits for something that the page does to the world around it.</summary>
    public static async Task UntilAsync(this IPage page, Func<bool> condition, string what)
    {
        var start = TimeProvider.System.GetTimestamp();
        while (!condition())
        {
            if (TimeProvider.System.GetElapsedTime(start) > TimeSpan.FromMilliseconds(StreamingSite.PatienceMilliseconds)) await page.FailAsync(what);
            // One turn of the page's loop.
            await page.EvaluateAsync("() => new Promise((resolve) => { setTimeout(resolve, 40); })");
            await page.AssertNoErrorAsync(what);
        }
    }

    /// <summary>Loads a presentation and starts to play, at so many seconds if any are named.</summary>
    public static Task LoadAsync(this IPage page, string url, string? license = null, double? start = null) =>
        page.EvaluateAsync("([url, license, start]) => window.peer.load(url, license, start ?? undefined)", (object?[])[url, license, start])
            .WaitAsync(TimeSpan.FromMilliseconds(StreamingSite.PatienceMilliseconds));

    private static async Task AssertNoErrorAsync(this IPage page, string what)
    {
        var errors = await page.EvaluateAsync<string[]>("() => window.peer.errors");
        Assert.True(errors.Length == 0, $"Until {what}: {string.Join("; ", errors)}");
    }

    private static async Task FailAsync(this IPage page, string what) => Assert.Fail($"Not seen: {what}. {await page.EvaluateAsync<string>(Situation)}");
}
