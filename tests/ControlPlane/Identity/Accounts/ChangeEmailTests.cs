using System.Net;
using Dapper;
using Microsoft.Extensions.DependencyInjection;
using Movento.Contracts;

namespace Movento.ControlPlane.Tests.Identity.Accounts;

public sealed class ChangeEmailTests(ControlPlaneFixture fixture) : ControlPlaneTest(fixture)
{
    private const string Old = "old@example.com";
    private const string New = "new@example.com";

    [Fact]
    public async Task Change_ByTheLinkAtTheNewAddress_MovesTheAccount_EndsEverySessionAndTellsTheOldOne()
    {
        var user = await App.SignInAsync(Old);
        var film = await App.PublishAsync("A");
        Assert.Equal(HttpStatusCode.OK, (await App.PostAsync($"/api/streaming/{film}/grant", accessToken: user.AccessToken)).Status);
        Assert.Equal(HttpStatusCode.Accepted, (await AskAsync(user)).Status);
        var token = await App.LinkTokenAsync(New);
        var note = await App.MailAsync(Old);
        Assert.Contains("was asked for", note, StringComparison.Ordinal);
        Assert.DoesNotContain(New, note, StringComparison.Ordinal);
        // Nothing has happened yet.
        Assert.Equal(Old, (await App.GetAsync("/api/users/me", user.AccessToken)).Json.GetProperty("email").GetString());

        Assert.Equal(HttpStatusCode.NoContent, (await ConfirmAsync(token)).Status);
        (await App.GetAsync("/api/users/me", user.AccessToken)).IsProblem(HttpStatusCode.Unauthorized, "unauthenticated");
        (await App.PostAsync("/api/auth/refresh", cookie: user.RefreshToken)).IsProblem(HttpStatusCode.Unauthorized, "invalid_refresh");
        Assert.NotEmpty(((RevocationRecorder)App.Services.GetRequiredService<IPlaybackRevocations>()).Told);
        Assert.Contains("another e-mail address from now on", await App.MailAsync(Old), StringComparison.Ordinal);
        (await LoginAsync(Old)).IsProblem(HttpStatusCode.Unauthorized, "invalid_credentials");
        Assert.Equal(user.Id, SignedInUser.Of(await LoginAsync(New)).Id);
        (await ConfirmAsync(token)).IsProblem(HttpStatusCode.BadRequest, "invalid_link");
    }

    [Fact]
    public async Task Change_ToAnAddressThatIsTaken_AnswersAlike_AndItsOwnerAloneIsTold()
    {
        var user = await App.SignInAsync(Old);
        await App.AddUserAsync("taken@example.com");
        var (free, taken) = (await AskAsync(user), await AskAsync(user, "taken@example.com"));
        Assert.Equal((free.Status, free.Said), (taken.Status, taken.Said));
        Assert.Equal(
            free.Headers.Where(header => header.Key is not ("Date" or "X-Request-ID")).Select(header => (header.Key, string.Join(',', header.Value))),
            taken.Headers.Where(header => header.Key is not ("Date" or "X-Request-ID")).Select(header => (header.Key, string.Join(',', header.Value))));
        var mail = await App.MailAsync("taken@example.com");
        Assert.Contains("has one already", mail, StringComparison.Ordinal);
        Assert.DoesNotContain("#token", mail, StringComparison.Ordinal);
    }

    [Fact]
    public async Task Change_ToAnAddressThatIsTakenMeanwhile_DoesNothing()
    {
        var user = await App.SignInAsync(Old);
        await AskAsync(user);
        var token = await App.LinkTokenAsync(New);
        await App.AddUserAsync(New);
        (await ConfirmAsync(token)).IsProblem(HttpStatusCode.BadRequest, "invalid_link");
        Assert.Equal(Old, (await App.GetAsync("/api/users/me", user.AccessToken)).Json.GetProperty("email").GetString());
    }

    [Fact]
    public async Task Change_ManyConfirmationsAtOnce_OneWins()
    {
        await AskAsync(await App.SignInAsync(Old));
        var token = await App.LinkTokenAsync(New);
        var answers = await Task.WhenAll(Enumerable.Range(0, 6).Select(_ => ConfirmAsync(token)));
        Assert.Single(answers, answer => answer.Status == HttpStatusCode.NoContent);
    }

    [Fact]
    public async Task Change_AfterTheOwnersNewPassword_IsOfNoUse()
    {
        await AskAsync(await App.SignInAsync(Old));
        var sent = await App.LinkTokenAsync(New);
        await App.PostAsync("/api/auth/password/forgotten", new { email = Old });
        var reset = await App.LinkTokenAsync(Old);
        Assert.Equal(HttpStatusCode.NoContent, (await App.PostAsync("/api/auth/password/reset", new { token = reset, password = "a password of tomorrow" })).Status);
        (await ConfirmAsync(sent)).IsProblem(HttpStatusCode.BadRequest, "invalid_link");
    }

    [Fact]
    public async Task Change_LeavesLinksOfTheOldAddress_OfNoUse()
    {
        var user = await App.SignInAsync(Old);
        await App.PostAsync("/api/auth/password/forgotten", new { email = Old });
        var reset = await App.LinkTokenAsync(Old);
        await AskAsync(user);
        Assert.Equal(HttpStatusCode.NoContent, (await ConfirmAsync(await App.LinkTokenAsync(New))).Status);
        (await App.PostAsync("/api/auth/password/reset", new { token = reset, password = "a password of tomorrow" })).IsProblem(HttpStatusCode.BadRequest, "invalid_link");
    }

    [Fact]
    public async Task Change_PastTheLinksLifetime_IsRefused()
    {
        await AskAsync(await App.SignInAsync(Old));
        var token = await App.LinkTokenAsync(New);
        App.Clock.Advance(TimeSpan.FromHours(24));
        (await ConfirmAsync(token)).IsProblem(HttpStatusCode.BadRequest, "invalid_link");
    }

    [Fact]
    public async Task Change_WithAnotherPassword_SendsNothing()
    {
        var user = await App.SignInAsync(Old);
        (await App.PostAsync("/api/auth/email", new { email = New, password = "not it" }, user.AccessToken)).NamesFields("password");
        await using var connection = await App.Identity.OpenConnectionAsync();
        Assert.Equal(0, await connection.QuerySingleAsync<int>("SELECT count(*) FROM mails"));
    }

    [Theory]
    [InlineData("x", "y", "email")]
    [InlineData("OLD@example.com", "y", "email")]
    [InlineData(null, null, "email", "password")]
    public async Task Change_WhatCannotBe_IsNamed(string? email, string? password, params string[] fields) =>
        (await App.PostAsync("/api/auth/email", new { email, password }, (await App.SignInAsync(Old)).AccessToken)).NamesFields(fields);

    [Fact]
    public async Task Change_TooOften_Returns429()
    {
        App.Options.Mail.MailsPerAddress = 2;
        var user = await App.SignInAsync(Old);
        for (var i = 0; i < 2; i++) Assert.Equal(HttpStatusCode.Accepted, (await AskAsync(user)).Status);
        (await AskAsync(user)).IsProblem(HttpStatusCode.TooManyRequests, "too_many_attempts");
    }

    private Task<Answer> AskAsync(SignedInUser user, string email = New) =>
        App.PostAsync("/api/auth/email", new { email, password = ControlPlaneApp.Password }, user.AccessToken);

    private Task<Answer> ConfirmAsync(string token) => App.PostAsync("/api/auth/confirm", new { token });

    private Task<Answer> LoginAsync(string email) => App.PostAsync("/api/auth/login", new { email, password = ControlPlaneApp.Password });
}
