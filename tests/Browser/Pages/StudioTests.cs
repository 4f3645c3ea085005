using System.Net;
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
        await row.GetByRole(AriaRole.Link).ClickAsync();
        await page.WaitForFunctionAsync("() => ['playing', 'ended'].includes(document.querySelector('#player')?.dataset.state)");
        var address = new Uri(page.Url).AbsolutePath;

        // 3. Deleted, after a question; then it plays for nobody.
        await visitor.GoAsync(site, "/studio");
        await row.GetByRole(AriaRole.Button, new LocatorGetByRoleOptions { Name = "Delete" }).ClickAsync();
        await page.GetByRole(AriaRole.Button, new PageGetByRoleOptions { Name = "Keep it" }).ClickAsync();
        await row.WaitForAsync();
        await row.GetByRole(AriaRole.Button, new LocatorGetByRoleOptions { Name = "Delete" }).ClickAsync();
        await page.Locator("#delete-now").ClickAsync();
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
