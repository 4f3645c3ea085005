using System.Net;
using Dapper;
using Microsoft.AspNetCore.Identity;
using Microsoft.Extensions.Options;

namespace Movento.ControlPlane.Tests.Identity;

public sealed class LoginTests(ControlPlaneFixture fixture) : ControlPlaneTest(fixture)
{
    protected override void Configure(ControlPlaneOptions options)
    {
        options.SignInFailuresPerAccountAndAddress = 3;
        options.SignInFailuresPerAddress = 6;
    }

    [Fact]
    public async Task Login_RightPassword_GivesATokenAndACookieThatNoScriptReads()
    {
        await App.AddUserAsync("a@example.com");
        var answer = await App.PostAsync("/api/auth/login", new { email = " A@Example.com ", password = ControlPlaneApp.Password });

        Assert.Equal(HttpStatusCode.OK, answer.Status);
        Assert.Equal("Bearer", answer.Json.GetProperty("tokenType").GetString());
        Assert.Equal(900, answer.Json.GetProperty("expiresIn").GetInt32());
        Assert.Equal("no-store", answer.Headers.CacheControl?.ToString());
        var attributes = answer.SetCookie.Split("; ");
        Assert.Matches("^movento_refresh=[A-Za-z0-9_-]{43}$", attributes[0]);
        Assert.Equal(["httponly", "max-age=2592000", "path=/api/auth", "samesite=strict", "secure"], attributes[1..].Order());
    }

    [Fact]
    public async Task Login_AccountThatDoesNotExist_AnswersLikeAWrongPassword()
    {
        await App.AddUserAsync("a@example.com");
        var wrong = await App.PostAsync("/api/auth/login", new { email = "a@example.com", password = "not the password" });
        var nobody = await App.PostAsync("/api/auth/login", new { email = "b@example.com", password = "not the password" });

        wrong.IsProblem(HttpStatusCode.Unauthorized, "invalid_credentials");
        Assert.Equal(wrong.Status, nobody.Status);
        Assert.Equal(wrong.Text, nobody.Text);
        Assert.Equal(
            wrong.Headers.Where(header => header.Key != "Date").Select(header => (header.Key, string.Join(',', header.Value))),
            nobody.Headers.Where(header => header.Key != "Date").Select(header => (header.Key, string.Join(',', header.Value))));
        Assert.False(nobody.Headers.Contains("Set-Cookie"));
    }

    [Theory]
    [InlineData("a@example.com", "' OR '1'='1")]
    [InlineData("a@example.com", "'); DELETE FROM users; --")]
    public async Task Login_SqlInThePassword_IsAWrongPassword(string email, string password)
    {
        await App.AddUserAsync("a@example.com");
        (await App.PostAsync("/api/auth/login", new { email, password })).IsProblem(HttpStatusCode.Unauthorized, "invalid_credentials");
        SignedInUser.Of(await App.PostAsync("/api/auth/login", new { email = "a@example.com", password = ControlPlaneApp.Password }));
    }

    [Fact]
    public async Task Login_SqlInTheAddress_IsNoAddress() =>
        (await App.PostAsync("/api/auth/login", new { email = "a@example.com' OR '1'='1", password = "x" })).NamesFields("email");

    [Fact]
    public async Task Login_MissingFields_AreNamed() => (await App.PostAsync("/api/auth/login", new { })).NamesFields("email", "password");

    [Fact]
    public async Task Login_TooManyFailures_Returns429EvenForTheRightPasswordUntilTheWindowIsOver()
    {
        await App.AddUserAsync("a@example.com");
        for (var i = 0; i < 3; i++)
            (await App.PostAsync("/api/auth/login", new { email = "a@example.com", password = "wrong" })).IsProblem(HttpStatusCode.Unauthorized, "invalid_credentials");
        App.Clock.Advance(TimeSpan.FromMinutes(5));

        var refused = await App.PostAsync("/api/auth/login", new { email = "a@example.com", password = ControlPlaneApp.Password });
        refused.IsProblem(HttpStatusCode.TooManyRequests, "too_many_attempts");
        Assert.Equal(TimeSpan.FromMinutes(10), refused.Headers.RetryAfter?.Delta);

        App.Clock.Advance(TimeSpan.FromMinutes(10));
        SignedInUser.Of(await App.PostAsync("/api/auth/login", new { email = "a@example.com", password = ControlPlaneApp.Password }));
    }

    [Fact]
    public async Task Login_AnAccountThatDoesNotExist_IsLimitedTheSame()
    {
        for (var i = 0; i < 3; i++) await App.PostAsync("/api/auth/login", new { email = "b@example.com", password = "wrong" });
        (await App.PostAsync("/api/auth/login", new { email = "b@example.com", password = "wrong" })).IsProblem(HttpStatusCode.TooManyRequests, "too_many_attempts");
    }

    [Fact]
    public async Task Login_ManyAccountsFromOneAddress_AreLimitedTogether()
    {
        for (var i = 0; i < 6; i++)
            (await App.PostAsync("/api/auth/login", new { email = $"u{i}@example.com", password = "wrong" })).IsProblem(HttpStatusCode.Unauthorized, "invalid_credentials");
        (await App.PostAsync("/api/auth/login", new { email = "u6@example.com", password = "wrong" })).IsProblem(HttpStatusCode.TooManyRequests, "too_many_attempts");
    }

    [Fact]
    public async Task Login_Successes_DoNotCount()
    {
        await App.AddUserAsync("a@example.com");
        for (var i = 0; i < 8; i++)
            SignedInUser.Of(await App.PostAsync("/api/auth/login", new { email = "a@example.com", password = ControlPlaneApp.Password }));
    }

    [Fact]
    public async Task Login_ManyGuessesAtOnce_FindTheSameLimit()
    {
        var answers = await Task.WhenAll(Enumerable.Range(0, 20).Select(i =>
            App.PostAsync("/api/auth/login", new { email = "a@example.com", password = $"guess number {i}" })));
        Assert.Equal(3, answers.Count(answer => answer.Status == HttpStatusCode.Unauthorized));
        Assert.Equal(17, answers.Count(answer => answer.Status == HttpStatusCode.TooManyRequests));
    }

    [Fact]
    public async Task Login_HashOfOlderParameters_IsRenewed()
    {
        await App.AddUserAsync("a@example.com");
        var older = new PasswordHasher<object>(Options.Create(new PasswordHasherOptions { IterationCount = 1000 })).HashPassword(new object(), "an older password");
        await using var connection = await App.Identity.OpenConnectionAsync();
        await connection.ExecuteAsync("UPDATE users SET password_hash = @older", new { older });

        SignedInUser.Of(await App.PostAsync("/api/auth/login", new { email = "a@example.com", password = "an older password" }));

        var renewed = await connection.QuerySingleAsync<string>("SELECT password_hash FROM users");
        Assert.NotEqual(older, renewed);
        Assert.Equal(210_000u, System.Buffers.Binary.BinaryPrimitives.ReadUInt32BigEndian(Convert.FromBase64String(renewed).AsSpan(5)));
        SignedInUser.Of(await App.PostAsync("/api/auth/login", new { email = "a@example.com", password = "an older password" }));
    }

    [Fact]
    public async Task Login_WhatTheDatabaseKeeps_HoldsNoTokenAndNoAddressOfTheCaller()
    {
        var user = await App.SignInAsync("a@example.com");
        await App.PostAsync("/api/auth/login", new { email = "a@example.com", password = "wrong" });
        await using var connection = await App.Identity.OpenConnectionAsync();
        var kept = string.Join('\n', await connection.QueryAsync<string>(
            "SELECT a::text FROM attempts a UNION ALL SELECT t::text FROM refresh_tokens t UNION ALL SELECT s::text FROM sessions s"));
        Assert.DoesNotContain("127.0.0.1", kept, StringComparison.Ordinal);
        Assert.DoesNotContain("a@example.com", kept, StringComparison.Ordinal);
        Assert.DoesNotContain(
            Convert.ToHexStringLower(System.Buffers.Text.Base64Url.DecodeFromChars(user.RefreshToken)), kept, StringComparison.Ordinal);
    }
}
