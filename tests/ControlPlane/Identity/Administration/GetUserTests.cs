using System.Net;

namespace Movento.ControlPlane.Tests.Identity.Administration;

public sealed class GetUserTests(ControlPlaneFixture fixture) : ControlPlaneTest(fixture)
{
    [Fact]
    public async Task Account_IsShownToAdmins_WithItsSecondFactorItsStateAndItsSessions()
    {
        var admin = await App.SignInAsync("a@example.com", "viewer", "admin");
        var editor = await App.SignInAsync("e@example.com", "viewer", "editor");
        var shown = (await App.GetAsync($"/api/users/{editor.Id}", admin.AccessToken)).Json;
        Assert.Equal("e@example.com", shown.GetProperty("email").GetString());
        Assert.Equal(["viewer", "editor"], shown.GetProperty("roles").EnumerateArray().Select(role => role.GetString()));
        Assert.False(shown.GetProperty("hasSecondFactor").GetBoolean());
        Assert.False(shown.GetProperty("mustHaveSecondFactor").GetBoolean());
        Assert.Equal(System.Text.Json.JsonValueKind.Null, shown.GetProperty("disabledAt").ValueKind);

        App.Options.SecondFactorRequiredFor = ["editor"];
        await SetAppAsync(editor);
        await App.SendAsync(HttpMethod.Put, $"/api/users/{editor.Id}/disabled", accessToken: admin.AccessToken);
        shown = (await App.GetAsync($"/api/users/{editor.Id}", admin.AccessToken)).Json;
        Assert.True(shown.GetProperty("hasSecondFactor").GetBoolean());
        Assert.True(shown.GetProperty("mustHaveSecondFactor").GetBoolean());
        Assert.Equal(App.Clock.Now.UtcDateTime, shown.GetProperty("disabledAt").GetDateTime());
    }

    [Fact]
    public async Task Sessions_OfAnAccount_ComeAPageAtATime_AndOnlyThoseThatLive()
    {
        var admin = await App.SignInAsync("a@example.com", "viewer", "admin");
        var user = await App.SignInAsync("b@example.com");
        for (var i = 0; i < 4; i++)
        {
            App.Clock.Advance(TimeSpan.FromSeconds(1));
            await App.SignInAgainAsync(Guid.Parse(user.Id));
        }

        var own = (await App.GetAsync("/api/auth/sessions", user.AccessToken)).Json.GetProperty("items").EnumerateArray().Select(item => item.GetProperty("id").GetString()!).ToArray();
        Assert.Equal(own, await SessionsAsync(admin, user.Id));
        Assert.False((await App.GetAsync($"/api/users/{user.Id}/sessions", admin.AccessToken)).Json.GetProperty("items")[0].GetProperty("isCurrent").GetBoolean());
        Assert.True((await App.GetAsync($"/api/users/{admin.Id}/sessions", admin.AccessToken)).Json.GetProperty("items")[0].GetProperty("isCurrent").GetBoolean());

        Assert.Equal(HttpStatusCode.NoContent, (await App.SendAsync(HttpMethod.Delete, $"/api/users/{user.Id}/sessions", accessToken: admin.AccessToken)).Status);
        Assert.Empty(await SessionsAsync(admin, user.Id));
    }

    [Fact]
    public async Task Audit_OfOneAccount_IsWhatWasDoneToIt_WithTheAddressesOfNow()
    {
        var admin = await App.SignInAsync("a@example.com", "viewer", "admin");
        var (one, other) = (await App.SignInAsync("b@example.com"), await App.SignInAsync("c@example.com"));
        foreach (var user in new[] { one, other, one })
        {
            App.Clock.Advance(TimeSpan.FromSeconds(1));
            await App.SendAsync(HttpMethod.Delete, $"/api/users/{user.Id}/sessions", accessToken: admin.AccessToken);
        }

        var all = (await App.GetAsync("/api/users/audit", admin.AccessToken)).Json.GetProperty("items");
        Assert.Equal(["b@example.com", "c@example.com", "b@example.com"], all.EnumerateArray().Select(entry => entry.GetProperty("targetEmail").GetString()));
        Assert.All(all.EnumerateArray(), entry => Assert.Equal("a@example.com", entry.GetProperty("actorEmail").GetString()));

        var first = (await App.GetAsync($"/api/users/audit?account={one.Id}&limit=1", admin.AccessToken)).Json;
        var second = (await App.GetAsync($"/api/users/audit?account={one.Id}&limit=1&after={first.GetProperty("next").GetString()}", admin.AccessToken)).Json;
        Assert.Equal(one.Id, Assert.Single(first.GetProperty("items").EnumerateArray()).GetProperty("targetId").GetString());
        Assert.Equal(one.Id, Assert.Single(second.GetProperty("items").EnumerateArray()).GetProperty("targetId").GetString());
        Assert.Equal(System.Text.Json.JsonValueKind.Null, second.GetProperty("next").ValueKind);

        // Who is gone has no address any more.
        await App.SendAsync(HttpMethod.Delete, "/api/users/me", accessToken: (await App.SignInAgainAsync(Guid.Parse(one.Id))).AccessToken);
        var gone = (await App.GetAsync($"/api/users/audit?account={one.Id}&limit=1", admin.AccessToken)).Json.GetProperty("items")[0];
        Assert.Equal(System.Text.Json.JsonValueKind.Null, gone.GetProperty("targetEmail").ValueKind);
        (await App.GetAsync("/api/users/audit?account=b@example.com", admin.AccessToken)).NamesFields("account");
    }

    [Theory]
    [InlineData("")]
    [InlineData("/sessions")]
    public async Task Account_OfSomebodyElse_IsForAdminsAlone(string path)
    {
        var admin = await App.SignInAsync("a@example.com", "viewer", "admin");
        var editor = await App.SignInAsync("e@example.com", "viewer", "editor");
        (await App.GetAsync($"/api/users/{admin.Id}{path}", editor.AccessToken)).IsProblem(HttpStatusCode.Forbidden, "forbidden");
        (await App.GetAsync($"/api/users/{editor.Id}{path}", editor.AccessToken)).IsProblem(HttpStatusCode.Forbidden, "forbidden");
        (await App.GetAsync($"/api/users/{admin.Id}{path}")).IsProblem(HttpStatusCode.Unauthorized, "unauthenticated");
        (await App.GetAsync($"/api/users/x{path}", admin.AccessToken)).IsProblem(HttpStatusCode.NotFound, "not_found");
        (await App.GetAsync($"/api/users/{new string('0', 32)}{path}", admin.AccessToken)).IsProblem(HttpStatusCode.NotFound, "not_found");
    }

    private async Task<List<string>> SessionsAsync(SignedInUser admin, string id)
    {
        var found = new List<string>();
        for (string? next = ""; next is not null;)
        {
            var page = (await App.GetAsync($"/api/users/{id}/sessions?limit=2{(next.Length == 0 ? "" : "&after=" + next)}", admin.AccessToken)).Json;
            found.AddRange(page.GetProperty("items").EnumerateArray().Select(item => item.GetProperty("id").GetString()!));
            next = page.GetProperty("next").GetString();
        }

        return found;
    }

    private async Task SetAppAsync(SignedInUser user)
    {
        await using var connection = await App.Identity.OpenConnectionAsync();
        await Dapper.SqlMapper.ExecuteAsync(
            connection, "INSERT INTO authenticators (user_id, secret, created_at, confirmed_at) VALUES (@id, '\\x00', now(), now())", new { id = Guid.Parse(user.Id) });
    }
}
