using System.Text.RegularExpressions;
using Movento.Browser.Tests.Running;

namespace Movento.Browser.Tests.Pages;

[Collection(StreamingSiteTests.Name)]
public sealed class CatalogueTests(StreamingSite site)
{
    [Theory]
    [InlineData(1280, 800)]
    [InlineData(390, 844)]
    public async Task Catalogue_PublishedFilm_IsShownWithPosterAndLength(int width, int height)
    {
        await using var visitor = await Visitor.ComeAsync(site, "/", width, height);
        var card = visitor.Page.Locator($"a[href='/watch/{await site.AssetIdOfAsync(Film.BigBuckBunny720)}']");

        await Assertions.Expect(card.Locator("h3")).ToHaveTextAsync(Film.BigBuckBunny720.Title);
        await Assertions.Expect(card.Locator(".badge")).ToHaveTextAsync("1:00");
        await card.ScrollIntoViewIfNeededAsync();
        await visitor.Page.WaitForFunctionAsync(
            "href => document.querySelector(`a[href='${href}'] img`)?.naturalWidth > 0", await card.GetAttributeAsync("href"));
        Assert.True(await visitor.Page.EvaluateAsync<bool>("() => document.documentElement.scrollWidth <= innerWidth"), "The page scrolls sideways.");
        Assert.Empty(visitor.Complaints);
    }

    [Fact]
    public async Task Catalogue_TitleWithMarkup_IsText()
    {
        var assetId = await site.AssetIdOfAsync(Film.Nasa);
        await using var visitor = await Visitor.ComeAsync(site, "/");

        var title = visitor.Page.Locator($"a[href='/watch/{assetId}'] h3");
        await Assertions.Expect(title).ToHaveTextAsync(Film.Nasa.Title);

        Assert.Equal(0, await title.Locator("*").CountAsync());
        Assert.Equal("Films · Movento", await visitor.Page.TitleAsync());

        await title.ClickAsync();
        await Assertions.Expect(visitor.Page.Locator("#title")).ToHaveTextAsync(Film.Nasa.Title);
        Assert.Equal(0, await visitor.Page.Locator("#title *").CountAsync());
        Assert.Empty(visitor.Complaints);
    }

    [Fact]
    public async Task Catalogue_SearchedByKeyboard_FindsDespiteATypingError_AndSaysSo()
    {
        await using var visitor = await Visitor.ComeAsync(site, "/");
        var page = visitor.Page;
        var film = page.Locator($"a[href='/watch/{await site.AssetIdOfAsync(Film.BigBuckBunny720)}']");
        await film.WaitForAsync();
        var box = page.GetByRole(AriaRole.Searchbox);
        var found = page.Locator("#found");

        // 1. The slash leads to the box; what is typed is looked for, and stands in the address.
        await page.Keyboard.PressAsync("/");
        await Assertions.Expect(box).ToBeFocusedAsync();
        await page.Keyboard.TypeAsync("bukc bunny");
        await Assertions.Expect(found).ToContainTextAsync("Nothing is called “bukc bunny”. You may have meant");
        await Assertions.Expect(found).ToHaveRoleAsync(AriaRole.Status);
        await Assertions.Expect(film).ToBeVisibleAsync();
        await page.ReloadAsync();
        await Assertions.Expect(box).ToHaveValueAsync("bukc bunny");
        await Assertions.Expect(film).ToBeVisibleAsync();

        // 2. What nothing is called finds nothing, and Escape shows everything again.
        await box.FillAsync("<b>zzzzzz</b> qqqqqq");
        await Assertions.Expect(found).ToContainTextAsync("Nothing is like that");
        await Assertions.Expect(page.Locator("#films li")).ToHaveCountAsync(0);
        await page.Keyboard.PressAsync("Escape");
        await Assertions.Expect(film).ToBeVisibleAsync();
        await Assertions.Expect(found).ToHaveTextAsync("");
        Assert.Equal("/", new Uri(page.Url).PathAndQuery);
        Assert.Empty(visitor.Complaints);
    }

    [Fact]
    public async Task Catalogue_ByKeyboardAlone_OpensAFilm()
    {
        await using var visitor = await Visitor.ComeAsync(site, "/");
        var assetId = await site.AssetIdOfAsync(Film.BigBuckBunny720);
        await visitor.Page.Locator($"a[href='/watch/{assetId}']").WaitForAsync();

        // The way of the Tab key through the page comes by every film.
        var hops = 0;
        while (!await visitor.Page.EvaluateAsync<bool>("id => document.activeElement?.getAttribute('href') === `/watch/${id}`", assetId))
        {
            Assert.True(++hops < 40, "Tab does not reach the film.");
            await visitor.Page.Keyboard.PressAsync("Tab");
        }

        // On the link itself: a film that another test publishes just now renews the list.
        await visitor.Page.Locator($"a[href='/watch/{assetId}']").PressAsync("Enter");
        await Assertions.Expect(visitor.Page).ToHaveURLAsync(new Regex($"/watch/{assetId}$"));
    }

    [Theory]
    [InlineData(1280, 800)]
    [InlineData(390, 844)]
    public async Task Catalogue_OfWhoIsSignedIn_BeginsWithWhatComesNext(int width, int height)
    {
        var (seen, next) = (await site.AssetIdOfAsync(Film.BigBuckBunny720), await site.AssetIdOfAsync(Film.Nasa));
        await using var visitor = await Visitor.ComeAsync(site, "/", width, height);
        // What the service would say when the model of a crowd is there; the films are the real ones.
        await visitor.Page.RouteAsync("**/api/recommendations/home", async route =>
        {
            Assert.StartsWith("Bearer ", route.Request.Headers["authorization"], StringComparison.Ordinal);
            var movies = await Task.WhenAll(((string[])[seen, next]).Select(id => site.Movento.Http.GetStringAsync(new Uri(site.Movento.Api, $"/api/movies/{id}"))));
            await route.FulfillAsync(new() { ContentType = "application/json", Body = $$"""{"rows":[{"kind":"because","because":{{movies[0]}},"films":[{{movies[1]}},{{string.Join(',', Enumerable.Repeat(movies[0], 9))}}]},{"kind":"new","because":null,"films":[{{movies[0]}}]}],"variant":"model"}""" });
        });
        await visitor.SignInAsync(await site.RegisterViewerAsync());

        var row = visitor.Page.GetByRole(AriaRole.Region);
        await Assertions.Expect(row).ToHaveCountAsync(1);
        await Assertions.Expect(row.GetByRole(AriaRole.Heading, new() { Level = 2 })).ToHaveTextAsync($"Because you watched {Film.BigBuckBunny720.Title}");
        await Assertions.Expect(row.Locator($"a[href='/watch/{next}'] h3")).ToHaveTextAsync(Film.Nasa.Title);
        Assert.True(await visitor.Page.EvaluateAsync<bool>("() => document.documentElement.scrollWidth <= innerWidth"), "The page scrolls sideways.");

        // Whoever looks for something sees that alone.
        await visitor.Page.Locator("#words").FillAsync("bunny");
        await Assertions.Expect(visitor.Page.Locator("#rows")).ToBeHiddenAsync();
        await visitor.Page.Locator("#words").FillAsync("");
        await Assertions.Expect(visitor.Page.Locator("#rows")).ToBeVisibleAsync();
        Assert.Empty(visitor.Complaints);
    }
}
