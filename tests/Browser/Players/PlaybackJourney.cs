using System.Globalization;

namespace Movento.Browser.Tests.Players;

/// <summary>What a viewer does with a film, in any player: play, change the rung, jump, watch the end.</summary>
internal sealed class PlaybackJourney(IPage page)
{
    /// <summary>Seconds of the film that have to go by before we believe that it plays.</summary>
    private const double Advance = 0.4;

    /// <exception cref="Xunit.Sdk.XunitException">Something of it did not happen; with the player's own words.</exception>
    public async Task TravelAsync(string url, int[] heights, string? license = null)
    {
        // 1. It plays, by itself.
        await page.LoadAsync(url, license);
        await AdvancesFromAsync(0);
        var duration = await page.EvaluateAsync<double>("() => document.querySelector('video').duration");
        var rungs = await page.EvaluateAsync<Rung[]>("() => window.peer.rungs()");
        Assert.Equal(heights, rungs.Select(rung => rung.Height).OrderDescending());

        // 2. Every rung can be chosen, and its picture is seen; each at a place of its own, the middle of the film among them. One wish at
        //    a time, as a viewer has them: a seek into the midst of a switch makes shaka-player drop the rung's initialization segment.
        for (var index = 0; index < rungs.Length; index++)
        {
            var place = duration * (0.5 - 0.1 * (rungs.Length - 1 - index));
            await SeekAsync(place);
            await AdvancesFromAsync(place);
            await page.EvaluateAsync("id => window.peer.choose(id)", rungs[index].Id);
            await UntilAsync(
                $"document.querySelector('video').videoHeight === {rungs[index].Height}", $"the picture comes from the rung of {rungs[index].Height} lines");
        }

        await AdvancesFromAsync(duration * 0.5);

        // 3. From close to the end it runs out. The element's own word counts and not its event: dash.js shortens the duration to what was
        //    appended when the stream ends, and where that reaches the place being played, the element is at its end without the event.
        await SeekAsync(duration - 1.5);
        await UntilAsync("document.querySelector('video').ended", "the film ends");
    }

    private async Task SeekAsync(double seconds) =>
        await page.EvaluateAsync("seconds => { document.querySelector('video').currentTime = seconds; }", seconds);

    private async Task AdvancesFromAsync(double seconds)
    {
        var place = (seconds + Advance).ToString(CultureInfo.InvariantCulture);
        await UntilAsync($"document.querySelector('video').currentTime > {place}", $"the film plays on from {seconds:0.0} s");
        await UntilAsync("document.querySelector('video').getVideoPlaybackQuality().totalVideoFrames > 0", "pictures are decoded");
    }

    private Task UntilAsync(string condition, string what) => page.UntilAsync(condition, what);

    internal sealed record Rung
    {
        public object Id { get; set; } = 0;
        public int Height { get; set; }
    }
}
