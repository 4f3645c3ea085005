using Movento.Browser.Tests.Running;
using Movento.Packager.Presentations;

namespace Movento.Browser.Tests.Players;

/// <summary>
/// Our own page's playback of a film that turns whole under its viewer: players read a multivariant playlist once, the viewer gets the whole
/// ladder all the same, and nothing stops for it.
/// </summary>
[Collection(nameof(GrowingSite))]
public sealed class GrowingLadderTests(GrowingSite site)
{
    [Theory]
    [InlineData(null)]
    [InlineData(EncryptionScheme.Cbcs)]
    public async Task Viewer_OfAFilmThatTurnsWholeWhileItPlays_GetsTheLadderWithoutAStop(EncryptionScheme? scheme)
    {
        using var film = site.NewFilm(scheme);
        for (var chunk = 0; chunk < GrowingSource.Seconds; chunk++) await film.GrowAsync();
        await using var viewer = await Viewer.ComeAsync(site, film);
        await viewer.UntilAsync("document.querySelector('video').currentTime > 0.2", "the film plays");
        Assert.Equal("180", await viewer.HeightsAsync());

        await film.CompleteAsync();
        await viewer.UntilAsync("window.peer.wholes === 1", "the page has seen that the film is whole");
        Assert.Equal("360 180", await viewer.HeightsAsync());
        await viewer.UntilAsync("document.querySelector('video').ended", "the film ends");

        // One stretch from the beginning to the end, and never a wait.
        Assert.Equal(1, await viewer.AskAsync<int>("document.querySelector('video').played.length"));
        Assert.Equal(0, await viewer.AskAsync<int>("window.peer.waits"));
        Assert.InRange(await viewer.AskAsync<double>("document.querySelector('video').currentTime"), GrowingSource.Seconds - 0.2, GrowingSource.Seconds + 0.2);
    }

    [Theory]
    [InlineData(null)]
    [InlineData(EncryptionScheme.Cbcs)]
    public async Task Viewer_WhoHasPausedMeanwhile_StaysWhereTheyAreAndGoesOnInTheBetterRung(EncryptionScheme? scheme)
    {
        using var film = site.NewFilm(scheme);
        for (var chunk = 0; chunk < 3; chunk++) await film.GrowAsync();
        await using var viewer = await Viewer.ComeAsync(site, film);
        await viewer.UntilAsync("document.querySelector('video').currentTime > 0.2", "the film plays");
        var place = await viewer.AskAsync<double>("(document.querySelector('video').pause(), document.querySelector('video').currentTime)");

        while (!film.IsGivenOut) await film.GrowAsync();
        await film.CompleteAsync();
        await site.RemoveRemainsAsync(film);
        await viewer.UntilAsync("window.peer.wholes === 1", "the page has seen that the film is whole");
        Assert.InRange(await viewer.AskAsync<double>("document.querySelector('video').currentTime"), place - 0.05, place + 0.05);
        Assert.True(await viewer.AskAsync<bool>("document.querySelector('video').paused"));

        await viewer.AskAsync<bool>("document.querySelector('video').play().then(() => true)");
        await viewer.UntilAsync("document.querySelector('video').videoHeight === 360", "the picture comes from the rung that was not there before");
        await viewer.UntilAsync("document.querySelector('video').ended", "the film ends");
    }

    private sealed class Viewer(IPage page) : IAsyncDisposable
    {
        public static async Task<Viewer> ComeAsync(GrowingSite site, GrowingFilm film)
        {
            var page = await site.OpenPeerAsync("watch");
            await page.LoadAsync(site.UrlOf(film, "master.m3u8"), start: 0);
            return new Viewer(page);
        }

        public async Task<string> HeightsAsync() => await AskAsync<string>("window.peer.rungs().map(({ height }) => height).join(' ')");

        public async Task<T> AskAsync<T>(string expression) => await page.EvaluateAsync<T>($"() => {expression}");

        public Task UntilAsync(string condition, string what) => page.UntilAsync(condition, what);

        public ValueTask DisposeAsync() => page.Context.DisposeAsync();
    }
}
