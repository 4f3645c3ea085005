using System.Globalization;
using Movento.Browser.Tests.Running;
using Movento.Packager.Presentations;

namespace Movento.Browser.Tests.Players;

/// <summary>The players of the field play a film that is still made from its beginning, catch up with it, and carry on to its end when it is whole.</summary>
[Collection(nameof(GrowingSite))]
public sealed class GrowingFilmTests(GrowingSite site)
{
    // Above what any player keeps from the end that it knows: so each of them has to wait for more.
    private const double Margin = 1.6;

    public static TheoryData<string, string, EncryptionScheme?> Players => new()
    {
        { "hlsjs", "master.m3u8", null },
        { "hlsjs", "master.m3u8", EncryptionScheme.Cbcs },
        { "shaka", "master.m3u8", null },
        { "shaka", "manifest.mpd", null },
        { "dashjs", "manifest.mpd", null },
        { "dashjs", "manifest.mpd", EncryptionScheme.Cenc },
    };

    [Theory]
    [MemberData(nameof(Players))]
    public async Task Player_OfAGrowingFilm_PlaysFromItsBeginningOverTheSwitchToItsEnd(string player, string file, EncryptionScheme? scheme)
    {
        using var film = site.NewFilm(scheme);
        for (var chunk = 0; chunk < 3; chunk++) await film.GrowAsync();
        var page = await site.OpenPeerAsync(player);
        await using var context = page.Context;

        // 1. From the beginning, though more is there.
        await page.LoadAsync(site.UrlOf(film, file), scheme is null ? null : site.UrlOf(film, "license"), start: 0);
        await page.UntilAsync("document.querySelector('video').currentTime > 0.2", "the film plays");
        // What has been played, and not when a busy page was told of it.
        Assert.InRange(await page.EvaluateAsync<double>("() => document.querySelector('video').played.start(0)"), 0, 0.2);

        // 2. A chunk whenever the player has nearly run out of film.
        while (!film.IsGivenOut)
        {
            await page.UntilAsync(Text($"document.querySelector('video').currentTime > {film.Playable - Margin}"), $"the film plays to {film.Playable - Margin:0.0} s");
            await film.GrowAsync();
        }

        // 3. It turns whole under the player, who comes to its end.
        await film.CompleteAsync();
        await site.RemoveRemainsAsync(film);
        await page.UntilAsync("document.querySelector('video').ended", "the film ends");
        Assert.InRange(await page.EvaluateAsync<double>("() => document.querySelector('video').currentTime"), GrowingSource.Seconds - 0.2, GrowingSource.Seconds + 0.2);
        var frames = await page.EvaluateAsync<int>("() => document.querySelector('video').getVideoPlaybackQuality().totalVideoFrames");
        Assert.InRange(frames, GrowingSource.Seconds * 25 - 10, GrowingSource.Seconds * 25 + 10);
    }

    private static string Text(FormattableString text) => text.ToString(CultureInfo.InvariantCulture);
}
