using System.Net;
using System.Text;
using System.Text.Json;
using System.Text.RegularExpressions;
using Movento.Browser.Tests.Running;
using Movento.Harness;

namespace Movento.Browser.Tests.Pages;

[Collection(StreamingSiteTests.Name)]
public sealed class StudioTests(StreamingSite site)
{
    private static readonly LocatorAssertionsToHaveAttributeOptions Patient = new() { Timeout = 4 * StreamingSite.PatienceMilliseconds };

    [Fact]
    public async Task Studio_ViewerWithoutUploadRight_SeesAClearSentence()
    {
        await using var visitor = await Visitor.ComeAsync(site, "/studio");
        await visitor.SignInAsync(await site.RegisterViewerAsync());

        await Assertions.Expect(visitor.Page.Locator("#gate-heading")).ToHaveTextAsync("Your account may watch, but not upload");
        await Assertions.Expect(visitor.Page.Locator("#drop")).ToBeHiddenAsync();
        Assert.Empty(visitor.Complaints);
    }

    [Fact]
    public async Task Studio_GoingBack_ClosesTheQuestionOfTheViewThatIsLeft()
    {
        await using var visitor = await Visitor.ComeAsync(site, "/studio");
        var page = visitor.Page;
        await visitor.SignInAsync(site.Movento.Operator);
        await page.Locator("#assets a").First.ClickAsync();
        await page.GetByRole(AriaRole.Button, new PageGetByRoleOptions { Name = "Add subtitles" }).ClickAsync();
        await page.Locator("dialog[open]").WaitForAsync();

        await page.GoBackAsync();
        await page.Locator("#films-view").WaitForAsync();
        await Assertions.Expect(page.Locator("dialog[open]")).ToHaveCountAsync(0);
        await page.GoForwardAsync();
        await page.GetByRole(AriaRole.Button, new PageGetByRoleOptions { Name = "Delete" }).ClickAsync();
        await page.Locator("dialog[open]").WaitForAsync();
        await page.GoBackAsync();
        await Assertions.Expect(page.Locator("dialog[open]")).ToHaveCountAsync(0);
        Assert.Empty(visitor.Complaints);
    }

    [Fact]
    public async Task Studio_EmptyFile_IsNamedWithoutBeingSent()
    {
        await using var visitor = await Visitor.ComeAsync(site, "/studio");
        var page = visitor.Page;
        await visitor.SignInAsync(site.Movento.Operator);
        await page.Locator("#files").SetInputFilesAsync(new FilePayload { Name = "nothing.mp4", MimeType = "video/mp4", Buffer = [] });

        var row = page.Locator(".upload", new PageLocatorOptions { HasText = "nothing.mp4" });
        await Assertions.Expect(row).ToContainTextAsync("The file is empty.");
        await Assertions.Expect(row.GetByRole(AriaRole.Button, new LocatorGetByRoleOptions { Name = "Send again" })).ToHaveCountAsync(0);
        await row.GetByRole(AriaRole.Button).ClickAsync();
        await Assertions.Expect(row).ToHaveCountAsync(0);
        Assert.Empty(visitor.Complaints);
    }

    [Fact]
    public async Task Studio_FilmUploaded_IsFollowedPublishedWatchedAndDeleted()
    {
        await using var visitor = await Visitor.ComeAsync(site, "/studio");
        var page = visitor.Page;
        await visitor.SignInAsync(site.Movento.Operator);
        using var folder = new TemporaryFolder();
        var file = folder.Combine($"studio_{Guid.NewGuid():N}.mp4");
        File.Copy(Repository.Media("hostile/sample_rotate_and_reflect.mp4"), file);

        // 1. Chosen, sent, and followed to the end without a reload.
        await page.Locator("#files").SetInputFilesAsync(file);
        var row = page.Locator(".asset", new PageLocatorOptions { HasText = Path.GetFileName(file) });
        await row.WaitForAsync();
        await Assertions.Expect(row).ToHaveAttributeAsync("data-state", "published", Patient);
        Assert.Equal(0, await page.Locator(".upload").CountAsync());

        // 2. Watched.
        var watch = new WatchPage(page);
        await row.GetByRole(AriaRole.Link, new LocatorGetByRoleOptions { Name = "Watch" }).ClickAsync();
        await page.WaitForFunctionAsync("() => ['playing', 'ended'].includes(document.querySelector('#player')?.dataset.state)");
        var address = new Uri(page.Url).AbsolutePath;

        // 3. Deleted, after a question; then it plays for nobody.
        await visitor.GoAsync(site, "/studio");
        await row.GetByRole(AriaRole.Button, new LocatorGetByRoleOptions { Name = "Delete" }).ClickAsync();
        await page.GetByRole(AriaRole.Button, new PageGetByRoleOptions { Name = "Keep it" }).ClickAsync();
        await row.WaitForAsync();
        await row.GetByRole(AriaRole.Button, new LocatorGetByRoleOptions { Name = "Delete" }).ClickAsync();
        await page.Locator("#confirm-now").ClickAsync();
        await row.WaitForAsync(new LocatorWaitForOptions { State = WaitForSelectorState.Detached });
        // The catalogue hears of it by message, a moment later.
        await Eventually.TrueAsync(
            async () => (await site.Movento.Http.GetAsync(address.Replace("/watch/", "/api/movies/", StringComparison.Ordinal))).StatusCode == HttpStatusCode.NotFound,
            "the catalogue has let go of the film");
        await visitor.GoAsync(site, address);
        await watch.FailsWithAsync("not_found");
        Assert.Empty(visitor.Complaints);
    }

    [Fact]
    public async Task Studio_Film_IsFoundOpenedByKeyboardAndShowsItsReceipt()
    {
        var assetId = await site.AssetIdOfAsync(Film.BigBuckBunny720);
        await using var visitor = await Visitor.ComeAsync(site, "/studio", 390, 844);
        var page = visitor.Page;
        await visitor.SignInAsync(site.Movento.Operator);
        var row = page.Locator($".asset[data-asset='{assetId}']");

        // 1. By title and state: what is chosen stands in the address, and so survives a reload.
        await page.GetByRole(AriaRole.Searchbox).FillAsync("no film is called that");
        await Assertions.Expect(page.Locator("#status")).ToHaveTextAsync("No film is like that.");
        await page.GetByRole(AriaRole.Searchbox).FillAsync("big BUCK");
        await row.WaitForAsync();
        await page.GetByLabel("All", new() { Exact = true }).FocusAsync();
        foreach (var state in (string[])["At work", "Published"])
        {
            await page.Keyboard.PressAsync("ArrowRight");
            await Assertions.Expect(page.GetByLabel(state, new() { Exact = true })).ToBeCheckedAsync();
        }

        // Looked at again and again: WaitForURLAsync misses an address that changes just as it begins to wait.
        await Assertions.Expect(page).ToHaveURLAsync(new Regex(@"/studio\?title=big\+BUCK&state=published$"));
        await page.ReloadAsync();
        await row.WaitForAsync();

        // 2. Opened without a mouse; the focus is at its title.
        await row.Locator(".title").FocusAsync();
        await page.Keyboard.PressAsync("Enter");
        await Assertions.Expect(page.Locator("#film-title")).ToBeFocusedAsync();
        await Assertions.Expect(page.Locator("#film-title")).ToHaveTextAsync(Film.BigBuckBunny720.Title);

        // 3. What came of every rung.
        var receipt = page.Locator(".versions li").First.Locator(".receipt");
        await Assertions.Expect(receipt.Locator("tbody tr")).ToHaveCountAsync((await site.RungHeightsAsync(assetId)).Length);
        await Assertions.Expect(receipt.Locator("tbody tr").First).ToContainTextAsync(new Regex(@"0\.9\d{3}|as it came"));
        await Assertions.Expect(receipt).ToContainTextAsync("SHA-256");
        Assert.True(await page.EvaluateAsync<bool>("() => document.documentElement.scrollWidth <= innerWidth"), "The page scrolls sideways.");
        Assert.Empty(visitor.Complaints);
    }

    [Fact]
    public async Task Studio_FilmEncodedAgain_PlaysOnIsFollowedAndCancelled()
    {
        var assetId = await site.AssetIdOfAsync(Film.BigBuckBunny720);
        await using var visitor = await Visitor.ComeAsync(site, $"/studio#film/{assetId}");
        var page = visitor.Page;
        await visitor.SignInAsync(site.Movento.Operator);
        var film = page.Locator(".film");
        await page.GetByRole(AriaRole.Button, new() { Name = "Encode again" }).ClickAsync();
        await page.GetByRole(AriaRole.Dialog).GetByLabel("Priority").SelectOptionAsync("1");
        await page.GetByRole(AriaRole.Dialog).GetByRole(AriaRole.Button, new() { Name = "Encode again" }).ClickAsync();

        // 1. Followed live, stage by stage and rung by rung, while what is published stays so.
        await Assertions.Expect(film).ToHaveAttributeAsync("data-work", "processing", Patient);
        await Assertions.Expect(film).ToHaveAttributeAsync("data-state", "published");
        await Assertions.Expect(film.GetByLabel("Priority")).ToHaveValueAsync("1");
        await film.Locator(".stages [data-name=encode][data-state=running]").WaitForAsync(new() { Timeout = Patient.Timeout });
        await page.WaitForFunctionAsync("() => document.querySelector('.film .rungs progress')?.value > 0", null, new() { Timeout = Patient.Timeout });
        await Assertions.Expect(film.GetByRole(AriaRole.Link, new() { Name = "Watch" })).ToBeVisibleAsync();

        // 2. Stopped, after a question; the version before it is whole.
        await page.GetByRole(AriaRole.Button, new() { Name = "Cancel", Exact = true }).ClickAsync();
        await page.GetByRole(AriaRole.Button, new() { Name = "Go on" }).ClickAsync();
        await page.GetByRole(AriaRole.Button, new() { Name = "Cancel", Exact = true }).ClickAsync();
        await page.GetByRole(AriaRole.Button, new() { Name = "Stop it" }).ClickAsync();
        await Assertions.Expect(film).ToHaveAttributeAsync("data-work", "cancelled");
        await Assertions.Expect(film).ToHaveAttributeAsync("data-state", "published");
        await Assertions.Expect(page.GetByRole(AriaRole.Button, new() { Name = "Encode again" })).ToBeVisibleAsync();
        Assert.Empty(visitor.Complaints);
    }

    [Fact]
    public async Task Studio_FilmRenamedAndSubtitled_IsSoForViewers()
    {
        await using var visitor = await Visitor.ComeAsync(site, "/studio");
        var page = visitor.Page;
        await visitor.SignInAsync(site.Movento.Operator);
        using var folder = new TemporaryFolder();
        var name = $"{Guid.NewGuid():N}";
        var file = folder.Combine($"{name}.mp4");
        File.Copy(Repository.Media("hostile/sample_rotate_and_reflect.mp4"), file);
        await page.Locator("#files").SetInputFilesAsync(file);
        var row = page.Locator(".asset", new PageLocatorOptions { HasText = name });
        await Assertions.Expect(row).ToHaveAttributeAsync("data-state", "published", Patient);
        await row.Locator(".title").ClickAsync();
        var assetId = page.Url.Split('/')[^1];

        // 1. Another title, by keyboard; the focus comes back to where it was.
        var rename = page.Locator("#film-view").GetByRole(AriaRole.Button, new() { Name = "Rename" });
        await rename.FocusAsync();
        await page.Keyboard.PressAsync("Enter");
        await Assertions.Expect(page.GetByRole(AriaRole.Textbox, new() { Name = "Title" })).ToHaveValueAsync(name);
        await Assertions.Expect(page.GetByRole(AriaRole.Textbox, new() { Name = "Title" })).ToBeFocusedAsync();
        var title = $"A “film” <b>&amp; more {name}";
        await page.Keyboard.TypeAsync(title);
        await page.Keyboard.PressAsync("Enter");
        await Assertions.Expect(page.Locator("#film-title")).ToHaveTextAsync(title);
        await Assertions.Expect(rename).ToBeFocusedAsync();
        await Eventually.TrueAsync(
            async () => JsonDocument.Parse(await site.Movento.Http.GetStringAsync($"/api/movies/{assetId}")).RootElement.GetProperty("title").GetString() == title,
            "the catalogue has the title");

        // 2. Subtitles as a file: what is wrong is said in the dialog; the language is in the file's name; a new version has them.
        var panel = page.GetByRole(AriaRole.Region, new() { Name = "Subtitles" });
        await panel.GetByRole(AriaRole.Button, new() { Name = "Add subtitles" }).ClickAsync();
        var dialog = page.GetByRole(AriaRole.Dialog);
        await dialog.GetByLabel("SubRip or WebVTT file").SetInputFilesAsync(Text("film.de.srt", "no subtitles"));
        await Assertions.Expect(dialog.GetByLabel("Language (optional)")).ToHaveValueAsync("de");
        await dialog.GetByRole(AriaRole.Button, new() { Name = "Add" }).ClickAsync();
        await Assertions.Expect(dialog.GetByRole(AriaRole.Alert)).ToContainTextAsync("neither SubRip nor WebVTT");
        await dialog.GetByLabel("SubRip or WebVTT file").SetInputFilesAsync(Text("film.de.srt", "1\n00:00:00,100 --> 00:00:00,900\nGuten Tag\n"));
        await dialog.GetByLabel("What they are").SelectOptionAsync("caption");
        await dialog.GetByRole(AriaRole.Button, new() { Name = "Add" }).ClickAsync();
        var subtitles = panel.Locator("li");
        await Assertions.Expect(subtitles).ToContainTextAsync("German · Captions · film.de.srt");
        await Assertions.Expect(subtitles.Locator(".state")).ToHaveTextAsync("Shown", new() { Timeout = Patient.Timeout });
        await Assertions.Expect(page.Locator(".versions li")).ToHaveCountAsync(2);

        // 3. And away again.
        await subtitles.GetByRole(AriaRole.Button, new() { NameRegex = new("^Remove") }).ClickAsync();
        await page.Locator("#confirm-now").ClickAsync();
        await Assertions.Expect(subtitles).ToHaveCountAsync(0);
        await Assertions.Expect(panel.GetByRole(AriaRole.Button, new() { Name = "Add subtitles" })).ToBeFocusedAsync();
        Assert.Empty(visitor.Complaints);

        static FilePayload Text(string name, string text) => new() { Name = name, MimeType = "application/x-subrip", Buffer = Encoding.UTF8.GetBytes(text) };
    }

    [Fact]
    public async Task Studio_FileThatIsNoFilm_ShowsWhyItWasRejected()
    {
        await using var visitor = await Visitor.ComeAsync(site, "/studio");
        await visitor.SignInAsync(site.Movento.Operator);
        var name = $"notes-{Guid.NewGuid():N}.mp4";

        await visitor.Page.Locator("#files").SetInputFilesAsync(
            new FilePayload { Name = name, MimeType = "video/mp4", Buffer = await File.ReadAllBytesAsync(Repository.Media("hostile/text.mp4")) });

        var row = visitor.Page.Locator(".asset", new PageLocatorOptions { HasText = name });
        await Assertions.Expect(row).ToHaveAttributeAsync("data-state", "rejected", Patient);
        await Assertions.Expect(row.Locator(".rejection .error")).Not.ToBeEmptyAsync();
        Assert.Empty(visitor.Complaints);
    }

    [Fact]
    public async Task Studio_EmptyFile_SaysSoAndOffersToDismiss()
    {
        await using var visitor = await Visitor.ComeAsync(site, "/studio");
        await visitor.SignInAsync(site.Movento.Operator);

        await visitor.Page.Locator("#files").SetInputFilesAsync(new FilePayload { Name = "nothing.mp4", MimeType = "video/mp4", Buffer = [] });

        var row = visitor.Page.Locator(".upload", new PageLocatorOptions { HasText = "nothing.mp4" });
        await Assertions.Expect(row.Locator(".error")).Not.ToBeEmptyAsync();
        await row.GetByRole(AriaRole.Button, new LocatorGetByRoleOptions { NameRegex = new("Dismiss|Cancel") }).ClickAsync();
        await row.WaitForAsync(new LocatorWaitForOptions { State = WaitForSelectorState.Detached });
    }
}
