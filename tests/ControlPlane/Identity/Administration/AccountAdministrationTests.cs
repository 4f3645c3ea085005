using System.Net;
using System.Net.Http.Json;
using System.Text.Json;

namespace Movento.ControlPlane.Tests.Identity.Administration;

public sealed class AccountAdministrationTests(ControlPlaneFixture fixture) : ControlPlaneTest(fixture)
{
    [Fact]
    public async Task SetRoles_ChangesThem_AndIsNoted()
    {
        var admin = await App.SignInAsync("a@example.com", "viewer", "admin");
        var user = await App.SignInAsync("b@example.com");
        var set = await SetAsync(admin, user.Id, "editor", "viewer", "viewer");
        Assert.Equal(["viewer", "editor"], set.Json.GetProperty("roles").Deserialize<string[]>()!);
        var entry = (await App.GetAsync("/api/users/audit", admin.AccessToken)).Json.GetProperty("items")[0];
        Assert.Equal(admin.Id, entry.GetProperty("actorId").GetString());
        Assert.Equal(user.Id, entry.GetProperty("targetId").GetString());
        Assert.Equal("roles_set", entry.GetProperty("action").GetString());
        Assert.Equal("viewer editor", entry.GetProperty("detail").GetString());
    }

    [Fact]
    public async Task SetRoles_WhatCannotBe_IsRefused()
    {
        var admin = await App.SignInAsync("a@example.com", "viewer", "admin");
        (await SetAsync(admin, admin.Id, "viewer")).IsProblem(HttpStatusCode.Conflict, "own_admin_role");
        (await SetAsync(admin, admin.Id)).NamesFields("roles");
        (await SetAsync(admin, admin.Id, "root")).NamesFields("roles");
        (await SetAsync(admin, "x", "viewer")).IsProblem(HttpStatusCode.NotFound, "not_found");
        (await SetAsync(admin, new string('0', 32), "viewer")).IsProblem(HttpStatusCode.NotFound, "not_found");
        Assert.Empty((await App.GetAsync("/api/users/audit", admin.AccessToken)).Json.GetProperty("items").EnumerateArray());
        App.Clock.Advance(TimeSpan.FromMinutes(11));
        (await SetAsync(admin, admin.Id, "viewer", "admin")).IsProblem(HttpStatusCode.Forbidden, "reauthentication_required");
    }

    [Fact]
    public async Task SendReset_WritesToTheOwner_AndTheAdminLearnsNothing()
    {
        var admin = await App.SignInAsync("a@example.com", "viewer", "admin");
        var user = await App.SignInAsync("b@example.com");
        var sent = await App.PostAsync($"/api/users/{user.Id}/password-reset", accessToken: admin.AccessToken);
        Assert.Equal(HttpStatusCode.Accepted, sent.Status);
        Assert.Empty(sent.Text);
        Assert.NotEmpty(await App.LinkTokenAsync("b@example.com"));
    }

    [Fact]
    public async Task List_APageAtATime_OrByAddress_FindsAccounts()
    {
        var admin = await App.SignInAsync("a@example.com", "viewer", "admin");
        for (var i = 0; i < 4; i++) await App.AddUserAsync($"u{i}@example.com");
        var found = new List<string>();
        string? next = null;
        do
        {
            var page = await App.GetAsync($"/api/users?limit=2{(next is null ? "" : "&after=" + next)}", admin.AccessToken);
            found.AddRange(page.Json.GetProperty("items").EnumerateArray().Select(item => item.GetProperty("email").GetString()!));
            next = page.Json.GetProperty("next").GetString();
        }
        while (next is not null);
        Assert.Equal(["a@example.com", "u0@example.com", "u1@example.com", "u2@example.com", "u3@example.com"], found.Order());

        var one = await App.GetAsync("/api/users?email=U2@example.com", admin.AccessToken);
        Assert.Equal("u2@example.com", Assert.Single(one.Json.GetProperty("items").EnumerateArray()).GetProperty("email").GetString());
        Assert.DoesNotContain("hs384", one.Text, StringComparison.Ordinal);
        (await App.GetAsync("/api/users?email=x&limit=999", admin.AccessToken)).NamesFields("email", "limit");
    }

    private Task<Answer> SetAsync(SignedInUser admin, string id, params string[] roles) =>
        App.SendAsync(HttpMethod.Put, $"/api/users/{id}/roles", JsonContent.Create(new { roles }), admin.AccessToken);
}
