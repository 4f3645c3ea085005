using System.Globalization;
using System.Text.RegularExpressions;
using Movento.Browser.Tests.Running;

namespace Movento.Browser.Tests.Pages;

[Collection(StreamingSiteTests.Name)]
public sealed class WatchTests(StreamingSite site)
{
    [Fact]
    public async Task SignInLink_OpenedTwice_PlaysOnceAndLeavesTheAddressBar()
    {
        await using (var visitor = await Visitor.ComeAsync(site, site.WatchLink.PathAndQuery + site.WatchLink.Fragment))
        {
            var watch = new WatchPage(visitor.Page);
            await watch.PlaysAsync();
            await watch.PassesAsync(1);

            Assert.DoesNotContain("code", visitor.Page.Url, StringComparison.Ordinal);
            await visitor.Page.Locator("#sign-out").WaitForAsync();
            Assert.Empty(visitor.Complaints);
        }

        await using var late = await Visitor.ComeAsync(site, site.WatchLink.PathAndQuery + site.WatchLink.Fragment);
        await new WatchPage(late.Page).FailsWithAsync("unauthenticated");
        await Assertions.Expect(late.Page.Locator("#message")).ToContainTextAsync("used already, or is too old");
    }

    [Fact]
    public async Task Watch_NotSignedIn_AsksAndThenPlays()
    {
        await using var visitor = await ComeToAsync(Film.BigBuckBunny720);
        var watch = new WatchPage(visitor.Page);
        await watch.FailsWithAsync("unauthenticated");

        await watch.Message.GetByRole(AriaRole.Button).ClickAsync();
        await visitor.SignInAsync(await site.RegisterViewerAsync());

        await watch.PlaysAsync();
        await watch.PassesAsync(1);
        await Assertions.Expect(watch.Message).ToBeHiddenAsync();
        Assert.Empty(visitor.Complaints);
    }

    [Fact]
    public async Task Watch_AFilmWithTexts_OffersThemAndShowsTheirWords()
    {
        await using var visitor = await ComeSignedInToAsync(Film.Nasa);
        var watch = new WatchPage(visitor.Page);
        await watch.PlaysAsync();
        await Assertions.Expect(watch.Player).ToHaveAttributeAsync("data-subtitles", "off");
        await watch.ChooseSubtitlesAsync("English");
        await visitor.Page.WaitForFunctionAsync(
            "() => [...document.querySelector('video').textTracks[0].activeCues ?? []].some(({ text }) => text.includes('science segment of the Webb'))");
        Assert.Empty(visitor.Complaints);
    }

    [Fact]
    public async Task Subtitles_ChosenOnce_StayUntilTheyAreTurnedOff()
    {
        await using var visitor = await ComeSignedInToAsync(Film.Nasa);
        var watch = new WatchPage(visitor.Page);
        await watch.PlaysAsync();
        await watch.ChooseSubtitlesAsync("English 2");
        await watch.ReadsAsync("1");
        await Assertions.Expect(watch.SubtitlesEntry("English 2")).ToHaveAttributeAsync("aria-checked", "true");

        // Whoever comes back reads on.
        await visitor.Page.ReloadAsync();
        await watch.PlaysAsync();
        await watch.ReadsAsync("1");

        await visitor.Page.Keyboard.PressAsync("c");
        await watch.ReadsAsync("off");
        await visitor.Page.Keyboard.PressAsync("c");
        await watch.ReadsAsync("1");
        await watch.ChooseSubtitlesAsync("Off");
        await watch.ReadsAsync("off");
        await visitor.Page.ReloadAsync();
        await watch.PlaysAsync();
        await watch.ReadsAsync("off");
        Assert.Empty(visitor.Complaints);
    }

    [Fact]
    public async Task Quality_EachRungChosen_ShowsItsPicture()
    {
        var heights = await site.RungHeightsAsync(await site.AssetIdOfAsync(Film.BigBuckBunny720));
        await using var visitor = await ComeSignedInToAsync(Film.BigBuckBunny720);
        var watch = new WatchPage(visitor.Page);
        await watch.PlaysAsync();
        await Assertions.Expect(watch.Player).ToHaveAttributeAsync("data-quality", "auto");

        foreach (var height in heights)
        {
            await watch.ChooseQualityAsync($"{height}p");
            await Assertions.Expect(watch.Player).ToHaveAttributeAsync("data-level-height", $"{height}", new() { Timeout = StreamingSite.PatienceMilliseconds });
            await visitor.Page.WaitForFunctionAsync("height => document.querySelector('video').videoHeight === height", height);
            await Assertions.Expect(watch.QualityEntry($"{height}p")).ToHaveAttributeAsync("aria-checked", "true");
        }

        await watch.ChooseQualityAsync("Auto");
        await Assertions.Expect(watch.Player).ToHaveAttributeAsync("data-quality", "auto");
        await watch.StateIsAsync("playing");
        Assert.Empty(visitor.Complaints);
    }

    [Fact]
    public async Task Menu_OnAPhone_StaysWithinThePicture()
    {
        await using var visitor = await Visitor.ComeAsync(site, "/watch/" + await site.AssetIdOfAsync(Film.BigBuckBunny720), 390, 844);
        await visitor.SignInAsync(await site.RegisterViewerAsync());
        var watch = new WatchPage(visitor.Page);
        await watch.PlaysAsync();
        await watch.Player.HoverAsync();
        await visitor.Page.Locator("[data-part=quality]").ClickAsync();

        var places = await visitor.Page.EvaluateAsync<double[]>("""
            () => {
              const menu = document.querySelector('#quality-menu');
              menu.scrollTop = 0;
              return [menu.firstElementChild.getBoundingClientRect().top, document.querySelector('#player').getBoundingClientRect().top, menu.children.length];
            }
            """);
        Assert.True(places[2] > 3, "The menu has entries enough to be higher than the picture.");
        Assert.True(places[0] >= places[1], $"The first entry begins at {places[0]} px, the picture at {places[1]} px.");
        Assert.Empty(visitor.Complaints);
    }

    [Fact]
    public async Task AudioTrack_OtherOneChosen_PlaysOn()
    {
        await using var visitor = await ComeSignedInToAsync(Film.Nasa);
        var watch = new WatchPage(visitor.Page);
        await watch.PlaysAsync();

        await watch.Player.HoverAsync();
        await visitor.Page.Locator("[data-part=audio]").ClickAsync();
        await visitor.Page.Locator("#audio-menu [role=menuitemradio]").Nth(1).ClickAsync();

        await Assertions.Expect(watch.Player).ToHaveAttributeAsync("data-audio", "1");
        await watch.PassesAsync(await watch.PositionAsync() + 0.5);
        Assert.Empty(visitor.Complaints);
    }

    [Fact]
    public async Task Keys_SpaceArrowsAndM_DoWhatViewersExpect()
    {
        await using var visitor = await ComeSignedInToAsync(Film.BigBuckBunny720);
        var watch = new WatchPage(visitor.Page);
        await watch.PlaysAsync();
        var keyboard = visitor.Page.Keyboard;

        await keyboard.PressAsync(" ");
        await watch.StateIsAsync("paused");
        var before = await watch.PositionAsync();
        await keyboard.PressAsync("ArrowRight");
        await visitor.Page.WaitForFunctionAsync("place => Math.abs(document.querySelector('video').currentTime - place) < 0.05", before + 5);
        await keyboard.PressAsync("ArrowLeft");
        await visitor.Page.WaitForFunctionAsync("place => Math.abs(document.querySelector('video').currentTime - place) < 0.05", before);
        await keyboard.PressAsync("m");
        Assert.True(await visitor.Page.EvaluateAsync<bool>("() => document.querySelector('video').muted"));
        await keyboard.PressAsync("f");
        await visitor.Page.WaitForFunctionAsync("() => document.fullscreenElement?.id === 'player'");
        await keyboard.PressAsync("f");
        await visitor.Page.WaitForFunctionAsync("() => document.fullscreenElement === null");
        await keyboard.PressAsync(" ");
        await watch.PlaysAsync();
        Assert.Empty(visitor.Complaints);
    }

    [Fact]
    public async Task Watch_ComingBack_HereOrElsewhere_GoesOnWhereItStopped_ThoughTheNetworkWasAway()
    {
        var viewer = await site.RegisterViewerAsync();
        await using (var visitor = await ComeToAsync(Film.BigBuckBunny720))
        {
            await visitor.SignInAsync(viewer);
            var watch = new WatchPage(visitor.Page);
            await watch.PlaysAsync();
            await visitor.Page.RouteAsync("**/api/viewing/heartbeats", route => route.AbortAsync("internetdisconnected"));
            await watch.SeekAsync(30);
            await watch.PassesAsync(30.2);

            await visitor.GoAsync(site, "/");
            await Assertions.Expect(visitor.Page.Locator(".watched").First).ToBeVisibleAsync();
            await visitor.Page.UnrouteAllAsync();
            await visitor.GoAsync(site, "/watch/" + await site.AssetIdOfAsync(Film.BigBuckBunny720));
            await watch.PlaysAsync();
            Assert.InRange(await watch.PositionAsync(), 29, 60);
        }

        await using var elsewhere = await Visitor.ComeAsync(site, "/");
        await elsewhere.SignInAsync(viewer);
        await elsewhere.Page.Locator("#rows").GetByRole(AriaRole.Heading, new() { Name = "Continue watching" }).WaitForAsync();
        await Assertions.Expect(elsewhere.Page.GetByRole(AriaRole.Heading, new() { Name = "All films" })).ToBeVisibleAsync();
        await elsewhere.Page.Locator("#rows .card").First.ClickAsync();
        var there = new WatchPage(elsewhere.Page);
        await there.PlaysAsync();
        Assert.InRange(await there.PositionAsync(), 29, 90);
        Assert.Empty(elsewhere.Complaints);
    }

    [Fact]
    public async Task Watch_GrantEndsOnTheWay_IsRenewedAndGoesOn()
    {
        await using var visitor = await ComeToAsync(Film.BigBuckBunny720);
        var watch = new WatchPage(visitor.Page);
        var grants = 0;
        visitor.Page.Request += (_, request) => grants += request.Url.Contains("/grant?", StringComparison.Ordinal) ? 1 : 0;

        // Holds what lies beyond the film's first segments until the first token has ended. A token that has ended is one byte away from
        // a forged one, and the edge answers both with the same 403.
        string? first = null;
        var ended = new TaskCompletionSource();
        var refused = 0;
        visitor.Page.Response += (_, response) => refused += response.Status == 403 ? 1 : 0;
        await visitor.Page.RouteAsync(new Regex($"^{site.Movento.Edge.AbsoluteUri}.*/v1/[av][0-9]+\\.mp4(\\?|$)"), async route =>
        {
            var token = new Uri(route.Request.Url).Segments[1].TrimEnd('/');
            first ??= token;
            if (StartsBeyond(route.Request, 400_000)) await ended.Task;
            await route.ContinueAsync(new RouteContinueOptions
            {
                Url = ended.Task.IsCompleted && token == first
                    ? route.Request.Url.Replace(token, (token[0] == 'A' ? 'B' : 'A') + token[1..], StringComparison.Ordinal)
                    : null,
            });
        });

        await visitor.SignInAsync(await site.RegisterViewerAsync());
        await watch.PlaysAsync();
        await watch.PassesAsync(0.5);
        ended.SetResult();

        await watch.SeekAsync(40);
        await watch.PassesAsync(40.5);
        await watch.StateIsAsync("playing");
        Assert.NotEqual(0, refused);
        Assert.Equal(2, grants);

        static bool StartsBeyond(IRequest request, long offset) =>
            request.Headers.TryGetValue("range", out var range)
            && long.Parse(range.Split('=', '-')[1], CultureInfo.InvariantCulture) > offset;
    }

    [Fact]
    public async Task Watch_NetworkAway_SaysSoAndGoesOnWhenItIsBack()
    {
        await using var visitor = await ComeSignedInToAsync(Film.BigBuckBunny720);
        var watch = new WatchPage(visitor.Page);
        await watch.PlaysAsync();

        await visitor.Page.RouteAsync(site.Movento.Edge.AbsoluteUri + "**", route => route.AbortAsync("internetdisconnected"));
        await watch.SeekAsync(50);
        await Assertions.Expect(watch.Player).ToHaveAttributeAsync("data-connection", "lost", new() { Timeout = StreamingSite.PatienceMilliseconds });
        await Assertions.Expect(visitor.Page.Locator("[data-part=status]")).ToContainTextAsync("Connection lost");
        await visitor.Page.UnrouteAllAsync();

        await watch.PassesAsync(50.5);
        await watch.StateIsAsync("playing");
    }

    [Fact]
    public async Task Watch_UnknownFilm_SaysItIsNotHere()
    {
        await using var visitor = await Visitor.ComeAsync(site, "/watch/0192f0c0000070008000000000000000");
        await visitor.SignInAsync(await site.RegisterViewerAsync());
        await visitor.Page.ReloadAsync();

        await new WatchPage(visitor.Page).FailsWithAsync("not_found");
        await Assertions.Expect(visitor.Page.Locator("#message-heading")).ToHaveTextAsync("This film is not here");
    }

    [Fact]
    public async Task Watch_BrowserRefusesSound_StartsWithoutAndOffersIt()
    {
        var page = await site.OpenQuietlyAsync();
        await using var visitor = Visitor.At(page);
        await visitor.GoAsync(site, "/");
        await visitor.SignInAsync(await site.RegisterViewerAsync());
        var path = "/watch/" + await site.AssetIdOfAsync(Film.BigBuckBunny720);

        // A page that nobody has touched: another tab, opened by an address. Asking the page anything counts as touching it, so the test
        // keeps quiet until the film is being loaded; the player has tried to start by then.
        var untouched = await page.Context.NewPageAsync();
        var loading = untouched.WaitForRequestAsync(new Regex("/v[0-9]+\\.mp4(\\?|$)"));
        await untouched.GotoAsync(new Uri(site.Movento.Api, path).AbsoluteUri);
        await loading;
        var watch = new WatchPage(untouched);

        await watch.PlaysAsync();
        await Assertions.Expect(watch.Player).ToHaveAttributeAsync("data-silenced", "true");
        await untouched.GetByRole(AriaRole.Button, new PageGetByRoleOptions { Name = "Sound on", Exact = true }).ClickAsync();
        await watch.PassesAsync(1);
        Assert.False(await untouched.EvaluateAsync<bool>("() => document.querySelector('video').muted"));
    }

    private async Task<Visitor> ComeToAsync(Film film) => await Visitor.ComeAsync(site, "/watch/" + await site.AssetIdOfAsync(film));

    private async Task<Visitor> ComeSignedInToAsync(Film film)
    {
        var visitor = await ComeToAsync(film);
        await visitor.SignInAsync(await site.RegisterViewerAsync());
        return visitor;
    }
}
