using Movento.Browser.Tests.Running;

namespace Movento.Browser.Tests.Pages;

[Collection(StreamingSiteTests.Name)]
public sealed class SignInTests(StreamingSite site)
{
    [Theory]
    [InlineData("/reset", "#choose")]
    [InlineData("/confirm", "#confirm")]
    public async Task LinkOfAMail_OpenedWhereItsPageIsOpen_IsTaken(string path, string form)
    {
        await using var visitor = await Visitor.ComeAsync(site, path);
        await Assertions.Expect(visitor.Page.Locator(form)).ToBeHiddenAsync();

        await visitor.GoAsync(site, path + "#token=0123456789abcdef");
        await Assertions.Expect(visitor.Page.Locator(form)).ToBeVisibleAsync();
        Assert.DoesNotContain("token", visitor.Page.Url, StringComparison.Ordinal);
        Assert.Empty(visitor.Complaints);
    }

    [Fact]
    public async Task SignIn_WrongPassword_SaysSoAndStaysOpen()
    {
        await using var visitor = await Visitor.ComeAsync(site, "/");

        await visitor.TrySignInAsync(site.Movento.Operator.Email, "not the password");

        await Assertions.Expect(visitor.Page.Locator("#sign-in-error")).ToHaveTextAsync("The email address or the password is wrong.");
        await Assertions.Expect(visitor.Page.Locator("#sign-in-form")).ToBeVisibleAsync();
    }

    [Fact]
    public async Task SignIn_ThenReload_IsStillSignedInAndKeepsNoTokenInStorage()
    {
        var account = await site.RegisterViewerAsync();
        await using var visitor = await Visitor.ComeAsync(site, "/");

        await visitor.SignInAsync(account);
        await visitor.Page.ReloadAsync();

        await visitor.Page.Locator("#sign-out").WaitForAsync();
        var kept = await visitor.Page.EvaluateAsync<string>("() => JSON.stringify({ ...localStorage, ...sessionStorage }) + document.cookie");
        Assert.DoesNotContain("eyJ", kept, StringComparison.Ordinal);
        Assert.DoesNotContain("movento_refresh", kept, StringComparison.Ordinal);
    }

    [Fact]
    public async Task SignOut_InOneTab_SignsOutTheOther()
    {
        await using var visitor = await Visitor.ComeAsync(site, "/");
        await visitor.SignInAsync(await site.RegisterViewerAsync());
        var other = await visitor.Page.Context.NewPageAsync();
        await other.GotoAsync(visitor.Page.Url);
        await other.Locator("#sign-out").WaitForAsync();

        await visitor.Page.Locator("#sign-out").ClickAsync();

        await other.Locator("#sign-in").WaitForAsync();
        await other.ReloadAsync();
        await other.Locator("#sign-in").WaitForAsync();
    }

    [Fact]
    public async Task Register_NewAddress_SignsIn()
    {
        await using var visitor = await Visitor.ComeAsync(site, "/");
        await visitor.Page.Locator("#sign-in").ClickAsync();
        await visitor.Page.GetByRole(AriaRole.Button, new PageGetByRoleOptions { Name = "I am new here" }).ClickAsync();
        await visitor.Page.GetByLabel("Name").FillAsync("Ada");

        await visitor.TrySignInAsync($"ada-{Guid.NewGuid():N}@example.org", "a calm and quiet evening");

        await Assertions.Expect(visitor.Page.Locator(".who")).ToHaveTextAsync("Ada");
        Assert.Empty(visitor.Complaints);
    }

    [Fact]
    public async Task Register_WeakPassword_SaysWhatIsWrong()
    {
        await using var visitor = await Visitor.ComeAsync(site, "/");
        await visitor.Page.Locator("#sign-in").ClickAsync();
        await visitor.Page.GetByRole(AriaRole.Button, new PageGetByRoleOptions { Name = "I am new here" }).ClickAsync();

        await visitor.TrySignInAsync($"ada-{Guid.NewGuid():N}@example.org", "abc");

        await Assertions.Expect(visitor.Page.Locator("#sign-in-error")).ToContainTextAsync("password", new() { IgnoreCase = true });
    }
}
