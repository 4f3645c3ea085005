using System.Net;
using Dapper;
using Microsoft.Extensions.DependencyInjection;
using Movento.ControlPlane.Identity.Mail;
using Movento.Harness;

namespace Movento.ControlPlane.Tests.Identity.Passwords;

public sealed class ResetPasswordTests(ControlPlaneFixture fixture) : ControlPlaneTest(fixture)
{
    private const string NewPassword = "a password of tomorrow";

    [Fact]
    public async Task Reset_ByTheLinkOfTheMail_SetsThePasswordEndsEverySessionAndSaysSo()
    {
        var user = await App.SignInAsync("a@example.com");
        var token = await AskAsync("a@example.com");
        Assert.Equal(HttpStatusCode.NoContent, (await ResetAsync(token, NewPassword)).Status);

        (await App.PostAsync("/api/auth/refresh", cookie: user.RefreshToken)).IsProblem(HttpStatusCode.Unauthorized, "invalid_refresh");
        (await LoginAsync(ControlPlaneApp.Password)).IsProblem(HttpStatusCode.Unauthorized, "invalid_credentials");
        SignedInUser.Of(await LoginAsync(NewPassword));
        Assert.Contains("was changed", await App.MailAsync("a@example.com"), StringComparison.Ordinal);
    }

    [Fact]
    public async Task Reset_ASecondTime_IsRefused_ForEveryLinkOfBefore()
    {
        await App.AddUserAsync("a@example.com");
        var first = await AskAsync("a@example.com");
        var second = await AskAsync("a@example.com");
        Assert.NotEqual(first, second);
        Assert.Equal(HttpStatusCode.NoContent, (await ResetAsync(second, NewPassword)).Status);
        (await ResetAsync(second, "yet another one")).IsProblem(HttpStatusCode.BadRequest, "invalid_link");
        (await ResetAsync(first, "yet another one")).IsProblem(HttpStatusCode.BadRequest, "invalid_link");
        SignedInUser.Of(await LoginAsync(NewPassword));
    }

    [Fact]
    public async Task Reset_ManyAtOnce_OneWins()
    {
        await App.AddUserAsync("a@example.com");
        var token = await AskAsync("a@example.com");
        var answers = await Task.WhenAll(Enumerable.Range(0, 6).Select(i => ResetAsync(token, $"password number {i}")));
        Assert.Single(answers, answer => answer.Status == HttpStatusCode.NoContent);
    }

    [Fact]
    public async Task Reset_PastItsLifetime_IsRefused()
    {
        await App.AddUserAsync("a@example.com");
        var token = await AskAsync("a@example.com");
        App.Clock.Advance(TimeSpan.FromMinutes(30));
        (await ResetAsync(token, NewPassword)).IsProblem(HttpStatusCode.BadRequest, "invalid_link");
    }

    [Fact]
    public async Task Reset_APasswordThatCannotBe_IsNamedAndLeavesTheLinkGood()
    {
        await App.AddUserAsync("a@example.com");
        var token = await AskAsync("a@example.com");
        (await ResetAsync(token, "short")).NamesFields("password");
        (await ResetAsync(token, "password1")).NamesFields("password");
        Assert.Equal(HttpStatusCode.NoContent, (await ResetAsync(token, NewPassword)).Status);
    }

    [Fact]
    public async Task Reset_ConfirmsTheAddress()
    {
        await App.PostAsync("/api/auth/register", new { email = "a@example.com", password = "the attacker's choice" });
        await ResetAsync(await AskAsync("a@example.com"), NewPassword);
        Assert.True((await LoginAsync(NewPassword)).Json.GetProperty("user").GetProperty("isConfirmed").GetBoolean());
        (await LoginAsync("the attacker's choice")).IsProblem(HttpStatusCode.Unauthorized, "invalid_credentials");
    }

    [Fact]
    public async Task Forgotten_AddressWithoutAnAccount_AnswersAlikeAndSendsNothing()
    {
        await App.AddUserAsync("a@example.com");
        var somebody = await App.PostAsync("/api/auth/password/forgotten", new { email = "a@example.com" });
        var nobody = await App.PostAsync("/api/auth/password/forgotten", new { email = "b@example.com" });
        Assert.Equal(HttpStatusCode.Accepted, somebody.Status);
        Assert.Equal(somebody.Status, nobody.Status);
        Assert.Equal(somebody.Text, nobody.Text);
        Assert.Equal(Names(somebody), Names(nobody));
        Assert.Single(await App.MailsAsync("a@example.com"));
        Assert.Empty(await App.MailsAsync("b@example.com"));

        static IEnumerable<string> Names(Answer answer) => answer.Headers.Select(header => header.Key).Order();
    }

    [Fact]
    public async Task Forgotten_TooOften_Returns429_WhetherThereIsAnAccountOrNot()
    {
        App.Options.Mail.MailsPerAddress = 2;
        await App.AddUserAsync("a@example.com");
        foreach (var email in new[] { "a@example.com", "b@example.com" })
        {
            for (var i = 0; i < 2; i++)
                Assert.Equal(HttpStatusCode.Accepted, (await App.PostAsync("/api/auth/password/forgotten", new { email })).Status);
            (await App.PostAsync("/api/auth/password/forgotten", new { email })).IsProblem(HttpStatusCode.TooManyRequests, "too_many_attempts");
        }
    }

    [Fact]
    public async Task Forgotten_WhatTheDatabaseKeeps_HoldsNoLink()
    {
        await App.AddUserAsync("a@example.com");
        var token = await AskAsync("a@example.com");
        await using var connection = await App.Identity.OpenConnectionAsync();
        var kept = string.Join('\n', await connection.QueryAsync<string>("SELECT l::text FROM link_tokens l UNION ALL SELECT m::text FROM mails m"));
        Assert.DoesNotContain(token, kept, StringComparison.Ordinal);
        Assert.DoesNotContain(Convert.ToHexStringLower(System.Buffers.Text.Base64Url.DecodeFromChars(token)), kept, StringComparison.Ordinal);
    }

    [Fact]
    public async Task Forgotten_WhileMailsAreNotTaken_IsSentLater()
    {
        var mailbox = (MailRecorder)App.Services.GetRequiredService<IMailer>();
        var sender = App.Services.GetRequiredService<MailSender>();
        await App.AddUserAsync("a@example.com");
        mailbox.IsReachable = false;
        try
        {
            Assert.Equal(HttpStatusCode.Accepted, (await App.PostAsync("/api/auth/password/forgotten", new { email = "a@example.com" })).Status);
            await using var connection = await App.Identity.OpenConnectionAsync();
            await Eventually.TrueAsync(
                async () =>
                {
                    await sender.SendDueAsync(CancellationToken.None);
                    return await connection.QuerySingleAsync<int>("SELECT attempts FROM mails") == 1;
                },
                "it was tried");
        }
        finally
        {
            mailbox.IsReachable = true;
        }

        Assert.Empty(mailbox.Sent);
        App.Clock.Advance(TimeSpan.FromMinutes(1));
        Assert.NotEmpty(await App.LinkTokenAsync("a@example.com"));
    }

    private async Task<string> AskAsync(string email)
    {
        Assert.Equal(HttpStatusCode.Accepted, (await App.PostAsync("/api/auth/password/forgotten", new { email })).Status);
        return await App.LinkTokenAsync(email);
    }

    private Task<Answer> ResetAsync(string token, string password) => App.PostAsync("/api/auth/password/reset", new { token, password });

    private Task<Answer> LoginAsync(string password) => App.PostAsync("/api/auth/login", new { email = "a@example.com", password });
}
