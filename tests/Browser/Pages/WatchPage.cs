using System.Text.RegularExpressions;
using Movento.Browser.Tests.Running;

namespace Movento.Browser.Tests.Pages;

/// <summary>The watch page as a viewer uses it, and its player's state as player.js documents it.</summary>
internal sealed class WatchPage(IPage page)
{
    public ILocator Player => page.Locator("#player");

    public ILocator Message => page.Locator("#message");

    public Task PlaysAsync() => StateIsAsync("playing");

    public Task StateIsAsync(string state) => Assertions.Expect(Player).ToHaveAttributeAsync("data-state", state, Patient);

    public Task FailsWithAsync(string code) => Assertions.Expect(Player).ToHaveAttributeAsync("data-error", code, Patient);

    /// <summary>Waits until the film has come past <paramref name="seconds"/>.</summary>
    public Task PassesAsync(double seconds) =>
        page.WaitForFunctionAsync("seconds => document.querySelector('video').currentTime > seconds", seconds);

    public Task<double> PositionAsync() => page.EvaluateAsync<double>("() => document.querySelector('video').currentTime");

    public Task SeekAsync(double seconds) =>
        page.EvaluateAsync("seconds => { document.querySelector('video').currentTime = seconds; }", seconds);

    /// <summary>Opens the quality menu and presses the entry with this label.</summary>
    public async Task ChooseQualityAsync(string label)
    {
        await Player.HoverAsync();
        await page.Locator("[data-part=quality]").ClickAsync();
        await QualityEntry(label).ClickAsync();
    }

    /// <summary>Opens the menu of subtitles and presses the entry with this label.</summary>
    public async Task ChooseSubtitlesAsync(string label)
    {
        await Player.HoverAsync();
        await page.Locator("[data-part=subtitles]").ClickAsync();
        await SubtitlesEntry(label).ClickAsync();
    }

    /// <summary>Waits until the subtitles with this index are shown, and no others; or none, for <c>off</c>.</summary>
    public async Task ReadsAsync(string index)
    {
        await Assertions.Expect(Player).ToHaveAttributeAsync("data-subtitles", index, Patient);
        await page.WaitForFunctionAsync(
            "index => [...document.querySelector('video').textTracks].every(({ mode }, at) => (mode === 'showing') === (String(at) === index))", index);
    }

    public ILocator SubtitlesEntry(string label) =>
        page.Locator("#subtitle-menu [role=menuitemradio]", new PageLocatorOptions { HasTextRegex = new Regex($"^{Regex.Escape(label)}$") });

    public ILocator QualityEntry(string label) =>
        page.Locator("#quality-menu [role=menuitemradio]", new PageLocatorOptions { HasTextRegex = new Regex($"^{Regex.Escape(label)}") });

    private static LocatorAssertionsToHaveAttributeOptions Patient => new() { Timeout = StreamingSite.PatienceMilliseconds };
}
