using System.Text.RegularExpressions;
using Movento.Browser.Tests.Running;
using Movento.Harness;

namespace Movento.Browser.Tests.Pages;

/// <summary>What somebody does with their account, in a browser.</summary>
[Collection(StreamingSiteTests.Name)]
public sealed class AccountTests(StreamingSite site)
{
    [Fact]
    public async Task SecondFactor_TurnedOnByItsPictureOrSecret_IsAskedForAtTheNextSignIn()
    {
        var account = await site.RegisterViewerAsync();
        await using var visitor = await Visitor.ComeAsync(site, "/", 390, 844);
        var page = visitor.Page;
        await visitor.SignInAsync(account);

        // 1. The way to the account is there on a narrow screen too, and no view scrolls sideways.
        await page.Locator(".who").ClickAsync();
        foreach (var tab in new[] { "Profiles", "Your data", "Signing in" })
        {
            await page.Locator("#tabs").GetByText(tab).ClickAsync();
            await Assertions.Expect(page.Locator("#tabs [aria-current]")).ToHaveTextAsync(tab);
            Assert.True(await page.EvaluateAsync<bool>("() => document.documentElement.scrollWidth <= innerWidth"), $"'{tab}' scrolls sideways.");
        }

        // 2. A picture and the secret; a wrong code is said in the sheet, which stays.
        await Button(page, "Turn it on").ClickAsync();
        var sheet = page.GetByRole(AriaRole.Dialog);
        await sheet.Locator(".qr path").WaitForAsync();
        var secret = (await sheet.Locator(".typed").InnerTextAsync()).Replace(" ", "", StringComparison.Ordinal);
        Assert.Contains($"secret={secret}&", await sheet.GetByRole(AriaRole.Link).GetAttributeAsync("href"), StringComparison.Ordinal);
        var code = sheet.GetByLabel("The code that the app shows");
        await code.FillAsync("abcdef");
        await code.PressAsync("Enter");
        await Assertions.Expect(sheet.GetByRole(AriaRole.Alert)).ToContainTextAsync("not the one");
        await code.FillAsync(AuthenticatorApp.CodeOf(secret));
        await code.PressAsync("Enter");

        // 3. The recovery codes are shown once; Escape does not lose them.
        var codes = page.GetByRole(AriaRole.Textbox, new() { Name = "Secret" });
        await Assertions.Expect(codes).ToHaveValueAsync(new Regex("^([A-Z2-7-]{34}\n){9}[A-Z2-7-]{34}$"));
        var recovery = (await codes.InputValueAsync()).Split('\n')[0];
        await page.Keyboard.PressAsync("Escape");
        await Assertions.Expect(codes).ToBeVisibleAsync();
        await Button(page, "I have kept it").ClickAsync();
        await Assertions.Expect(page.Locator("#factor-state")).ToHaveTextAsync("On");
        await Assertions.Expect(page.Locator("#session-list li")).ToHaveCountAsync(1);
        await Assertions.Expect(page.Locator("#session-list")).ToContainTextAsync("Chrome on Linux");

        // 4. Out, and in again with one of them.
        await page.Locator("#sign-out").ClickAsync();
        await Assertions.Expect(page.Locator("#gate")).ToBeVisibleAsync();
        await visitor.TrySignInAsync(account.Email, account.Password);
        await page.GetByLabel("Code of your authenticator app").FillAsync(recovery);
        await page.Keyboard.PressAsync("Enter");
        await page.Locator("#sign-out").WaitForAsync();
        Assert.Empty(visitor.Complaints);
    }

    [Fact]
    public async Task Account_ItsProfilesItsPasswordAndItsEnd()
    {
        var account = await site.RegisterViewerAsync();
        await using var visitor = await Visitor.ComeAsync(site, "/");
        var page = visitor.Page;
        await visitor.SignInAsync(account);
        await visitor.GoAsync(site, "/account#profiles");

        // 1. A child's profile ends at twelve; it watches, and is changed.
        await Button(page, "Add a profile").ClickAsync();
        await page.GetByRole(AriaRole.Textbox, new() { Name = "Name" }).FillAsync("<b>Kim</b>");
        await page.GetByLabel("It is a child’s").CheckAsync();
        await page.GetByRole(AriaRole.Combobox, new() { Name = "Language" }).SelectOptionAsync("pt-BR");
        await Button(page, "Add", exact: true).ClickAsync();
        var kim = page.Locator("#profile-list li", new() { HasText = "<b>Kim</b>" });
        await Assertions.Expect(kim).ToContainTextAsync("A child · Up to 12 · Brazilian Portuguese");
        await kim.GetByRole(AriaRole.Button, new() { Name = "Watch as this" }).ClickAsync();
        await Assertions.Expect(kim).ToHaveAttributeAsync("data-current", "true");
        await page.ReloadAsync();
        await Assertions.Expect(kim).ToHaveAttributeAsync("data-current", "true");

        // Out of it with the password alone, however lately somebody signed in.
        await kim.GetByRole(AriaRole.Button, new() { Name = "Stop watching as this" }).ClickAsync();
        await page.GetByRole(AriaRole.Dialog).GetByLabel("Password").FillAsync(account.Password);
        await Button(page, "Go on").ClickAsync();
        await Assertions.Expect(kim).ToHaveAttributeAsync("data-current", "false");

        // 2. Another password, and another address by the mail's link alone.
        await page.Locator("#tabs").GetByText("Signing in").ClickAsync();
        await page.Locator("#change-password").ClickAsync();
        await page.GetByLabel("The password that is").FillAsync(account.Password);
        await page.GetByLabel("The new one").FillAsync("a stormy and loud morning");
        await Button(page, "Change it").ClickAsync();
        await Assertions.Expect(page.Locator("#status")).ToContainTextAsync("Your password is changed");
        await page.Locator("#change-email").ClickAsync();
        await page.GetByLabel("The new address").FillAsync("new-" + account.Email);
        await page.GetByRole(AriaRole.Dialog).GetByLabel("Password").FillAsync("a stormy and loud morning");
        await Button(page, "Send the link").ClickAsync();
        await Assertions.Expect(page.Locator("#status")).ToContainTextAsync("on its way");
        await Assertions.Expect(page.Locator("#email")).ToHaveTextAsync(account.Email);

        // 3. A copy of everything, then nothing.
        await page.Locator("#tabs").GetByText("Your data").ClickAsync();
        var copy = await page.RunAndWaitForDownloadAsync(() => Button(page, "What is kept of my account").ClickAsync());
        Assert.Contains("<b>Kim</b>", Regex.Unescape(await File.ReadAllTextAsync(await copy.PathAsync())), StringComparison.Ordinal);
        await Button(page, "Delete my account").ClickAsync();
        await page.GetByLabel("To be sure").FillAsync(account.Email);
        await Button(page, "Delete it").ClickAsync();
        await page.Locator("#sign-in").WaitForAsync();
        await visitor.TrySignInAsync(account.Email, "a stormy and loud morning");
        await Assertions.Expect(page.Locator("#sign-in-error")).ToContainTextAsync("wrong");
        Assert.Empty(visitor.Complaints);
    }

    [Fact]
    public async Task ApiKey_MadeShownOnceAndRevoked()
    {
        await using var visitor = await Visitor.ComeAsync(site, "/");
        var page = visitor.Page;
        await visitor.SignInAsync(site.Movento.Operator);
        await visitor.GoAsync(site, "/account#keys");
        var name = $"Nightly {Guid.NewGuid():N}";
        await Button(page, "Make a key").ClickAsync();
        await page.GetByLabel("Name").FillAsync(name);
        await Button(page, "Make it").ClickAsync();
        await Assertions.Expect(page.GetByRole(AriaRole.Dialog).GetByRole(AriaRole.Alert)).ToContainTextAsync("Some of upload");
        await page.GetByLabel("catalogue").CheckAsync();
        await Button(page, "Make it").ClickAsync();
        var secret = page.GetByRole(AriaRole.Textbox, new() { Name = "Secret" });
        await Assertions.Expect(secret).ToHaveValueAsync(new Regex("^mvk_[A-Za-z0-9_-]{48}$"));
        var key = await secret.InputValueAsync();
        using var http = new HttpClient { BaseAddress = site.Movento.Api, DefaultRequestHeaders = { { "Authorization", $"Bearer {key}" } } };
        Assert.True((await http.GetAsync("/api/movies/details")).IsSuccessStatusCode);
        await Button(page, "I have kept it").ClickAsync();
        await page.ReloadAsync();
        var card = page.Locator("#key-list li", new() { HasText = name });
        await Assertions.Expect(card).ToContainTextAsync(key[..8]);
        await Assertions.Expect(page.Locator("#keys-view")).Not.ToContainTextAsync(key);

        await card.GetByRole(AriaRole.Button, new() { Name = "Revoke" }).ClickAsync();
        await Button(page, "Revoke it").ClickAsync();
        await card.WaitForAsync(new() { State = WaitForSelectorState.Detached });
        Assert.Equal(System.Net.HttpStatusCode.Unauthorized, (await http.GetAsync("/api/movies/details")).StatusCode);
        Assert.Empty(visitor.Complaints);
    }

    private static ILocator Button(IPage page, string name, bool exact = false) => page.GetByRole(AriaRole.Button, new() { Name = name, Exact = exact });
}
