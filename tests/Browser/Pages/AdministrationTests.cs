using System.Net.Http.Json;
using System.Text.Json;
using Movento.Browser.Tests.Running;

namespace Movento.Browser.Tests.Pages;

/// <summary>What an admin does with others' accounts, in a browser.</summary>
[Collection(StreamingSiteTests.Name)]
public sealed class AdministrationTests(StreamingSite site)
{
    [Theory]
    [InlineData(1280, 800)]
    [InlineData(390, 844)]
    public async Task Account_FoundChangedDisabledAndEnabled_WhichTheLogTells(int width, int height)
    {
        var (admin, target) = (await RegisterAsync("viewer", "editor", "admin"), await RegisterAsync());
        await using var visitor = await Visitor.ComeAsync(site, "/", width, height);
        var page = visitor.Page;
        var status = page.Locator("#status");
        var states = page.Locator("#account-states");
        await visitor.SignInAsync((admin.Email, admin.Password));

        // 1. The way there, and to an account: by its address.
        await page.Locator("#admin-link").ClickAsync();
        await page.Locator($"#account-list [data-account='{target.Id}']").WaitForAsync();
        await ScrollsNowhereAsync(page, "The accounts");
        await SeekAsync(page, "nobody");
        await Assertions.Expect(status).ToContainTextAsync("An e-mail address, or an id");
        await SeekAsync(page, "nobody@example.org");
        await Assertions.Expect(status).ToHaveTextAsync("No account has this address.");
        await SeekAsync(page, target.Email.ToUpperInvariant());
        await Assertions.Expect(page.Locator("#account-heading")).ToHaveTextAsync(target.Email);
        await Assertions.Expect(states).ToHaveTextAsync("viewernot confirmed");
        await Assertions.Expect(page.Locator("#no-sessions")).ToBeVisibleAsync();
        await Assertions.Expect(page.Locator("#no-done")).ToBeHiddenAsync(); // Its role was set.
        await ScrollsNowhereAsync(page, "The account");

        // 2. Roles.
        await Button(page, "Change roles").ClickAsync();
        var sheet = page.GetByRole(AriaRole.Dialog);
        await sheet.GetByLabel("viewer").UncheckAsync();
        await Button(page, "Save").ClickAsync();
        await Assertions.Expect(sheet.GetByRole(AriaRole.Alert)).ToContainTextAsync("Some of viewer, editor, admin");
        await sheet.GetByLabel("viewer").CheckAsync();
        await sheet.GetByLabel("editor").CheckAsync();
        await Button(page, "Save").ClickAsync();
        await Assertions.Expect(status).ToHaveTextAsync("Its roles are changed.");
        await Assertions.Expect(states).ToHaveTextAsync("viewereditornot confirmed");
        Assert.Equal(["viewer", "editor"], (await AccountAsync(target.Id)).GetProperty("roles").EnumerateArray().Select(role => role.GetString()));

        // 3. Sessions.
        Assert.True(await SignsInAsync(target));
        await page.ReloadAsync();
        await Assertions.Expect(page.Locator("#session-list li")).ToHaveCountAsync(1);
        await Button(page, "End all sessions").ClickAsync();
        await Button(page, "End them").ClickAsync();
        await Assertions.Expect(status).ToHaveTextAsync("Every session is over.");
        await Assertions.Expect(page.Locator("#no-sessions")).ToBeVisibleAsync();

        // 4. A link to a new password; nobody signs in; somebody does again.
        await Button(page, "Send a link to a new password").ClickAsync();
        await Button(page, "Send it").ClickAsync();
        await Assertions.Expect(status).ToHaveTextAsync("The mail is on its way.");
        await Button(page, "Disable it").ClickAsync();
        await page.Locator("#confirm-now").ClickAsync();
        await Assertions.Expect(states).ToContainTextAsync("disabled");
        Assert.False(await SignsInAsync(target));
        await Button(page, "Enable it").ClickAsync();
        await Assertions.Expect(states).Not.ToContainTextAsync("disabled");
        Assert.True(await SignsInAsync(target));

        // 5. All of it stands in the log, of the account and of all, with ways to both.
        await Assertions.Expect(page.Locator("#done-list li")).ToHaveCountAsync(6);
        await Assertions.Expect(page.Locator("#done-list li").First).ToContainTextAsync($"{admin.Email} enabled {target.Email}");
        await page.Locator("#tabs").GetByText("Audit log").ClickAsync();
        var entry = page.Locator("#audit-list [data-action=roles_set]", new() { HasText = admin.Email }).First;
        await Assertions.Expect(entry).ToContainTextAsync($"gave {target.Email} the roles viewer, editor");
        await ScrollsNowhereAsync(page, "The log");
        await entry.GetByText(admin.Email).ClickAsync();
        await Assertions.Expect(page.Locator("#account-heading")).ToHaveTextAsync(admin.Email);

        // 6. Oneself: neither disabled nor robbed of the role.
        await Assertions.Expect(Button(page, "Disable it")).ToHaveCountAsync(0);
        await Button(page, "Change roles").ClickAsync();
        await Assertions.Expect(sheet.GetByLabel("admin")).ToBeDisabledAsync();
        await Button(page, "Leave it").ClickAsync();
        await page.GoBackAsync();
        await page.Locator("#audit-list li").First.WaitForAsync();
        Assert.Empty(visitor.Complaints);
    }

    [Fact]
    public async Task Log_OfManyActs_ComesAPageAtATime()
    {
        var (admin, target) = (await RegisterAsync("viewer", "admin"), await RegisterAsync());
        for (var i = 0; i < 24; i++) await SetRolesAsync(target.Id, "viewer");
        await using var visitor = await Visitor.ComeAsync(site, $"/admin#account/{target.Id}");
        await visitor.SignInAsync((admin.Email, admin.Password));
        var rows = visitor.Page.Locator("#done-list li");
        await Assertions.Expect(rows).ToHaveCountAsync(20);
        await visitor.Page.Locator("#more-done").ClickAsync();
        await Assertions.Expect(rows).ToHaveCountAsync(25);
        await Assertions.Expect(visitor.Page.Locator("#more-done")).ToBeHiddenAsync();
        Assert.Empty(visitor.Complaints);
    }

    [Fact]
    public async Task Act_LongAfterTheSignIn_AsksForThePasswordAndGoesOn()
    {
        var (admin, target) = (await RegisterAsync("viewer", "admin"), await RegisterAsync());
        await using var visitor = await Visitor.ComeAsync(site, "/account#profiles");
        var page = visitor.Page;
        await visitor.SignInAsync((admin.Email, admin.Password));
        // Whoever watches as a child has not signed in lately any more.
        await Button(page, "Add a profile").ClickAsync();
        await page.GetByRole(AriaRole.Textbox, new() { Name = "Name" }).FillAsync("Kim");
        await page.GetByLabel("It is a child’s").CheckAsync();
        await page.GetByRole(AriaRole.Button, new() { Name = "Add", Exact = true }).ClickAsync();
        await page.Locator("#profile-list li", new() { HasText = "Kim" }).GetByRole(AriaRole.Button, new() { Name = "Watch as this" }).ClickAsync();
        await Assertions.Expect(page.Locator("#profile-list li", new() { HasText = "Kim" })).ToHaveAttributeAsync("data-current", "true");

        await visitor.GoAsync(site, $"/admin#account/{target.Id}");
        await Button(page, "Disable it").ClickAsync();
        await page.Locator("#confirm-now").ClickAsync();
        var password = page.GetByRole(AriaRole.Dialog).GetByLabel("Password");
        await password.FillAsync("not the password");
        await Button(page, "Go on").ClickAsync();
        await Assertions.Expect(page.GetByRole(AriaRole.Dialog).GetByRole(AriaRole.Alert)).Not.ToBeEmptyAsync();
        Assert.Equal(JsonValueKind.Null, (await AccountAsync(target.Id)).GetProperty("disabledAt").ValueKind);
        await password.FillAsync(admin.Password);
        await Button(page, "Go on").ClickAsync();
        await Assertions.Expect(page.Locator("#status")).ToHaveTextAsync("The account is disabled.");
        Assert.NotEqual(JsonValueKind.Null, (await AccountAsync(target.Id)).GetProperty("disabledAt").ValueKind);
        Assert.Empty(visitor.Complaints);
    }

    [Fact]
    public async Task Page_ForWhoIsNoAdmin_SaysSoAndShowsNothing()
    {
        var (editor, admin) = (await RegisterAsync("viewer", "editor"), await RegisterAsync("viewer", "admin"));
        await using var visitor = await Visitor.ComeAsync(site, $"/admin#account/{editor.Id}");
        var page = visitor.Page;
        await Assertions.Expect(page.Locator("#gate-heading")).ToHaveTextAsync("Sign in as an admin");
        await page.Locator("#gate-action").ClickAsync();
        await visitor.SignInAsync((editor.Email, editor.Password));
        await Assertions.Expect(page.Locator("#gate-heading")).ToHaveTextAsync("Your account does not administer");
        await Assertions.Expect(page.Locator("#account-view")).ToBeHiddenAsync();
        await Assertions.Expect(page.Locator("#tabs")).ToBeHiddenAsync();
        await visitor.GoAsync(site, "/");
        await Assertions.Expect(page.Locator("#studio-link")).ToBeVisibleAsync();
        await Assertions.Expect(page.Locator("#admin-link")).ToBeHiddenAsync();

        // What an admin saw is gone from the page once they are.
        await page.Locator("#sign-out").ClickAsync();
        // Else the page may be left before its session is ended.
        await page.Locator("#sign-in").WaitForAsync();
        await visitor.GoAsync(site, $"/admin#account/{editor.Id}");
        await visitor.SignInAsync((admin.Email, admin.Password));
        await Assertions.Expect(page.Locator("#account-heading")).ToHaveTextAsync(editor.Email);
        await page.Locator("#sign-out").ClickAsync();
        await Assertions.Expect(page.Locator("#gate-heading")).ToHaveTextAsync("Sign in as an admin");
        await Assertions.Expect(page.Locator("#account-heading")).ToBeEmptyAsync();
        Assert.DoesNotContain(editor.Email, await page.ContentAsync(), StringComparison.Ordinal);
        Assert.Empty(visitor.Complaints);
    }

    private static ILocator Button(IPage page, string name) => page.GetByRole(AriaRole.Button, new() { Name = name });

    private static async Task SeekAsync(IPage page, string text)
    {
        await page.GetByRole(AriaRole.Searchbox).FillAsync(text);
        await page.Keyboard.PressAsync("Enter");
    }

    private static async Task ScrollsNowhereAsync(IPage page, string what) =>
        Assert.True(await page.EvaluateAsync<bool>("() => document.documentElement.scrollWidth <= innerWidth"), $"{what} scrolls sideways.");

    // An account, whose roles the operator sets.
    private async Task<Person> RegisterAsync(params string[] roles)
    {
        var (email, password) = await site.RegisterViewerAsync();
        await site.Movento.SignInAsync();
        var found = await site.Movento.Http.GetFromJsonAsync<JsonElement>("/api/users?email=" + email);
        var id = found.GetProperty("items")[0].GetProperty("id").GetString()!;
        await SetRolesAsync(id, roles.Length == 0 ? ["viewer"] : roles);
        return new Person(id, email, password);
    }

    private async Task SetRolesAsync(string id, params string[] roles)
    {
        using var answer = await site.Movento.Http.PutAsJsonAsync($"/api/users/{id}/roles", new { roles });
        answer.EnsureSuccessStatusCode();
    }

    private Task<JsonElement> AccountAsync(string id) => site.Movento.Http.GetFromJsonAsync<JsonElement>("/api/users/" + id);

    private async Task<bool> SignsInAsync(Person person)
    {
        using var http = new HttpClient { BaseAddress = site.Movento.Api };
        using var answer = await http.PostAsJsonAsync("/api/auth/login", new { email = person.Email, password = person.Password });
        return answer.IsSuccessStatusCode;
    }

    private sealed record Person(string Id, string Email, string Password);
}
