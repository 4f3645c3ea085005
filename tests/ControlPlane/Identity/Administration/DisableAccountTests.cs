using System.Net;
using Dapper;
using Microsoft.Extensions.DependencyInjection;
using Movento.Contracts;
using Movento.ControlPlane.Identity;

namespace Movento.ControlPlane.Tests.Identity.Administration;

public sealed class DisableAccountTests(ControlPlaneFixture fixture) : ControlPlaneTest(fixture)
{
    private const string Email = "b@example.com";

    [Fact]
    public async Task Disable_EndsSessionsAndPlayback_AndNoWayLeadsIn_UntilItIsEnabledAgain()
    {
        var admin = await App.SignInAsync("a@example.com", "viewer", "admin");
        var user = await App.SignInAsync(Email);
        var film = await App.PublishAsync("A");
        var session = Guid.Parse((await App.GetAsync("/api/auth/sessions", user.AccessToken)).Json.GetProperty("items")[0].GetProperty("id").GetString()!);
        await App.PostAsync($"/api/streaming/{film}/grant", accessToken: user.AccessToken);
        var code = await App.Services.GetRequiredService<SignInCodes>().CreateAsync(Guid.Parse(user.Id), TimeSpan.FromMinutes(1), CancellationToken.None);

        Assert.Equal(HttpStatusCode.NoContent, (await DisableAsync(admin, user.Id)).Status);
        Assert.Contains(((RevocationRecorder)App.Services.GetRequiredService<IPlaybackRevocations>()).Told, told => told.Id == session);
        (await App.GetAsync("/api/users/me", user.AccessToken)).IsProblem(HttpStatusCode.Unauthorized, "unauthenticated");
        (await App.PostAsync("/api/auth/refresh", cookie: user.RefreshToken)).IsProblem(HttpStatusCode.Unauthorized, "invalid_refresh");
        (await App.PostAsync("/api/auth/exchange", new { code })).IsProblem(HttpStatusCode.Unauthorized, "invalid_code");
        // As for an account that does not exist.
        var refused = await LoginAsync();
        refused.IsProblem(HttpStatusCode.Unauthorized, "invalid_credentials");
        Assert.Equal((await App.PostAsync("/api/auth/login", new { email = "nobody@example.com", password = ControlPlaneApp.Password })).Said, refused.Said);
        Assert.Contains("disabled your account", await App.MailAsync(Email), StringComparison.Ordinal);
        await App.PostAsync("/api/auth/password/forgotten", new { email = Email });
        Assert.DoesNotContain(await App.MailsAsync(Email), mail => mail.Contains("#token", StringComparison.Ordinal));

        // The log tells apart what a moment lies between.
        App.Clock.Advance(TimeSpan.FromSeconds(1));
        Assert.Equal(HttpStatusCode.NoContent, (await EnableAsync(admin, user.Id)).Status);
        SignedInUser.Of(await LoginAsync());
        // What is over stays over.
        (await App.PostAsync("/api/auth/refresh", cookie: user.RefreshToken)).IsProblem(HttpStatusCode.Unauthorized, "invalid_refresh");
        Assert.Equal(
            ["account_enabled", "account_disabled"],
            (await App.GetAsync("/api/users/audit", admin.AccessToken)).Json.GetProperty("items").EnumerateArray().Select(entry => entry.GetProperty("action").GetString()!));
    }

    [Fact]
    public async Task Disable_Twice_IsNotedOnce_AndSeenInTheList()
    {
        var admin = await App.SignInAsync("a@example.com", "viewer", "admin");
        var user = await App.AddUserAsync(Email);
        for (var i = 0; i < 2; i++) Assert.Equal(HttpStatusCode.NoContent, (await DisableAsync(admin, user.ToString("N"))).Status);
        Assert.Single((await App.GetAsync("/api/users/audit", admin.AccessToken)).Json.GetProperty("items").EnumerateArray());
        Assert.True((await App.GetAsync($"/api/users?email={Email}", admin.AccessToken)).Json.GetProperty("items")[0].GetProperty("isDisabled").GetBoolean());
        for (var i = 0; i < 2; i++) Assert.Equal(HttpStatusCode.NoContent, (await EnableAsync(admin, user.ToString("N"))).Status);
        Assert.False((await App.GetAsync($"/api/users?email={Email}", admin.AccessToken)).Json.GetProperty("items")[0].GetProperty("isDisabled").GetBoolean());
    }

    [Fact]
    public async Task Disable_OfAnEditor_RestsTheKeysOfTheAccountAlone()
    {
        var admin = await App.SignInAsync("a@example.com", "viewer", "admin");
        var (gone, stays) = (await App.SignInAsync(Email, "viewer", "editor"), await App.SignInAsync("c@example.com", "viewer", "editor"));
        var (resting, other) = (await KeyAsync(gone), await KeyAsync(stays));
        await DisableAsync(admin, gone.Id);
        (await App.GetAsync("/api/movies/details", resting)).IsProblem(HttpStatusCode.Unauthorized, "unauthenticated");
        Assert.Equal(HttpStatusCode.OK, (await App.GetAsync("/api/movies/details", other)).Status);
        await EnableAsync(admin, gone.Id);
        Assert.Equal(HttpStatusCode.OK, (await App.GetAsync("/api/movies/details", resting)).Status);
    }

    [Fact]
    public async Task Disable_WhatCannotBe_IsRefused()
    {
        var admin = await App.SignInAsync("a@example.com", "viewer", "admin");
        (await DisableAsync(admin, admin.Id)).IsProblem(HttpStatusCode.Conflict, "own_account");
        foreach (var nobody in new[] { "x", new string('0', 32) })
        {
            (await DisableAsync(admin, nobody)).IsProblem(HttpStatusCode.NotFound, "not_found");
            (await EnableAsync(admin, nobody)).IsProblem(HttpStatusCode.NotFound, "not_found");
        }

        App.Clock.Advance(TimeSpan.FromMinutes(11));
        (await DisableAsync(admin, admin.Id)).IsProblem(HttpStatusCode.Forbidden, "reauthentication_required");
    }

    [Fact]
    public async Task Disable_TwoAdminsEachOtherAtOnce_LeavesOne()
    {
        var (first, second) = (await App.SignInAsync("a@example.com", "viewer", "admin"), await App.SignInAsync(Email, "viewer", "admin"));
        await Task.WhenAll(DisableAsync(first, second.Id), DisableAsync(second, first.Id));
        await using var connection = await App.Identity.OpenConnectionAsync();
        Assert.Equal(1, await connection.QuerySingleAsync<int>("SELECT count(*) FROM users WHERE disabled_at IS NULL"));
    }

    [Fact]
    public async Task Delete_OfTheOnlyAdminWhoIsNotDisabled_IsRefused()
    {
        var (first, second) = (await App.SignInAsync("a@example.com", "viewer", "admin"), await App.SignInAsync(Email, "viewer", "admin"));
        await DisableAsync(first, second.Id);
        (await App.SendAsync(HttpMethod.Delete, "/api/users/me", accessToken: first.AccessToken)).IsProblem(HttpStatusCode.Conflict, "last_admin");
    }

    [Fact]
    public async Task SecondFactor_OfASignInThatBeganBefore_IsNotLetIn()
    {
        var admin = await App.SignInAsync("a@example.com", "viewer", "admin");
        var user = await App.AddUserAsync(Email);
        App.Options.SecondFactorRequiredFor = ["viewer"];
        var ticket = (await LoginAsync()).Json.GetProperty("ticket").GetString();
        App.Options.SecondFactorRequiredFor = [];
        await DisableAsync(admin, user.ToString("N"));
        (await App.PostAsync("/api/auth/login/enrolment", new { ticket })).IsProblem(HttpStatusCode.Unauthorized, "invalid_ticket");
    }

    private Task<Answer> LoginAsync() => App.PostAsync("/api/auth/login", new { email = Email, password = ControlPlaneApp.Password });

    private Task<Answer> DisableAsync(SignedInUser admin, string id) => App.SendAsync(HttpMethod.Put, $"/api/users/{id}/disabled", accessToken: admin.AccessToken);

    private Task<Answer> EnableAsync(SignedInUser admin, string id) => App.SendAsync(HttpMethod.Delete, $"/api/users/{id}/disabled", accessToken: admin.AccessToken);

    private async Task<string> KeyAsync(SignedInUser editor) =>
        (await App.PostAsync("/api/users/me/api-keys", new { name = "x", scopes = new[] { "catalogue" } }, editor.AccessToken)).Json.GetProperty("apiKey").GetString()!;
}
