using Movento.Browser.Tests.Pages;
using Movento.Browser.Tests.Running;

namespace Movento.Browser.Tests.Players;

/// <summary>Encrypted films play in the players of the field, with keys from the edge, and on our own page.</summary>
public sealed class EncryptedFilmTests(EncryptedSite site) : IClassFixture<EncryptedSite>
{
    // AES-128 is HLS alone.
    [Theory]
    [InlineData("aes-128", "hlsjs", "hls")]
    [InlineData("aes-128", "shaka", "hls")]
    [InlineData("cenc", "hlsjs", "hls")]
    [InlineData("cenc", "shaka", "hls")]
    [InlineData("cenc", "shaka", "dash")]
    [InlineData("cenc", "dashjs", "dash")]
    [InlineData("cbcs", "hlsjs", "hls")]
    [InlineData("cbcs", "shaka", "hls")]
    [InlineData("cbcs", "shaka", "dash")]
    [InlineData("cbcs", "dashjs", "dash")]
    [InlineData(EncryptedSite.Rotating, "hlsjs", "hls")]
    [InlineData(EncryptedSite.Rotating, "shaka", "hls")]
    [InlineData(EncryptedSite.Rotating, "shaka", "dash")]
    public async Task Player_AnEncryptedFilm_PlaysEveryRungSeeksAndEnds(string encryption, string player, string protocol)
    {
        var film = site.FilmOf(encryption);
        var page = await site.OpenPeerAsync(player);
        await using var context = page.Context;
        var url = protocol == "hls" ? film.Hls : film.Dash;
        var license = encryption == "aes-128" ? null : new Uri(url, "license").AbsoluteUri;

        await new PlaybackJourney(page).TravelAsync(url.AbsoluteUri, site.RungHeights, license);
    }

    [Theory]
    [InlineData("cenc")]
    [InlineData("cbcs")]
    public async Task Player_WithoutLicense_ShowsNothing(string encryption)
    {
        var page = await site.OpenPeerAsync("shaka");
        await using var context = page.Context;
        await page.EvaluateAsync("url => { window.peer.load(url).catch(error => window.peer.errors.push(String(error))); }", site.FilmOf(encryption).Dash.AbsoluteUri);
        await page.WaitForFunctionAsync("() => window.peer.errors.length > 0");
        Assert.Equal(0, await page.EvaluateAsync<int>("() => document.querySelector('video').getVideoPlaybackQuality().totalVideoFrames"));
    }

    [Theory]
    [InlineData("aes-128")]
    [InlineData("cenc")]
    [InlineData("cbcs")]
    [InlineData(EncryptedSite.Rotating)]
    public async Task WatchPage_AnEncryptedFilm_Plays(string encryption)
    {
        await using var visitor = Visitor.At(await site.OpenAsync());
        await visitor.Page.GotoAsync(new Uri(site.Movento.Api, $"/watch/{site.FilmOf(encryption).AssetId}").AbsoluteUri);
        var watch = new WatchPage(visitor.Page);
        await watch.FailsWithAsync("unauthenticated");
        await watch.Message.GetByRole(AriaRole.Button).ClickAsync();
        await visitor.SignInAsync(site.Movento.Operator);
        await watch.PlaysAsync();
        await watch.PassesAsync(1);
        await watch.SeekAsync(9);
        await watch.PassesAsync(10);
        Assert.Empty(visitor.Complaints);
    }
}
