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
    public async Task Login_RightPassword_GivesATokenAndACookie()
    {
        await App.AddUserAsync("a@example.com");
        var answer = await App.PostAsync("/api/auth/login", new { email = " A@Example.com ", password = ControlPlaneApp.Password });

        Assert.Equal(HttpStatusCode.OK, answer.Status);
        Assert.Equal("Bearer", answer.Json.GetProperty("tokenType").GetString());
        Assert.Equal(900, answer.Json.GetProperty("expiresIn").GetInt32());
        Assert.Equal("no-store", answer.Headers.CacheControl?.ToString());
        Assert.Matches("^[A-Za-z0-9_-]{43}$", answer.RefreshToken);
        Assert.Contains("max-age=2592000", answer.SetCookie, StringComparison.Ordinal);
    }

    [Fact]
    public async Task Login_AccountThatDoesNotExist_AnswersLikeAWrongPassword()
    {
        await App.AddUserAsync("a@example.com");
        var wrong = await App.PostAsync("/api/auth/login", new { email = "a@example.com", password = "not the password" });
        var nobody = await App.PostAsync("/api/auth/login", new { email = "b@example.com", password = "not the password" });

        wrong.IsProblem(HttpStatusCode.Unauthorized, "invalid_credentials");
        Assert.Equal(wrong.Status, nobody.Status);
        Assert.Equal(wrong.Said, nobody.Said);
        Assert.Equal(
            wrong.Headers.Where(header => header.Key is not ("Date" or "X-Request-ID")).Select(header => (header.Key, string.Join(',', header.Value))),
            nobody.Headers.Where(header => header.Key is not ("Date" or "X-Request-ID")).Select(header => (header.Key, string.Join(',', header.Value))));
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
    public async Task Login_TooManyFailures_Returns429EvenForTheRightPasswordUntilTheWaitIsOver()
    {
        await App.AddUserAsync("a@example.com");
        for (var i = 0; i < 3; i++) (await LoginAsync("wrong")).IsProblem(HttpStatusCode.Unauthorized, "invalid_credentials");
        App.Clock.Advance(TimeSpan.FromSeconds(20));
        var refused = await LoginAsync(ControlPlaneApp.Password);
        refused.IsProblem(HttpStatusCode.TooManyRequests, "too_many_attempts");
        Assert.Equal(TimeSpan.FromSeconds(40), refused.Headers.RetryAfter?.Delta);

        App.Clock.Advance(TimeSpan.FromSeconds(40));
        SignedInUser.Of(await LoginAsync(ControlPlaneApp.Password));
        // And all is forgotten.
        for (var i = 0; i < 3; i++) (await LoginAsync("wrong")).IsProblem(HttpStatusCode.Unauthorized, "invalid_credentials");
    }

    [Fact]
    public async Task Login_EachFurtherFailure_DoublesTheWait_AndWhatIsTriedMeanwhileDoesNot()
    {
        App.Options.SignInFailuresPerAddress = 100;
        await App.AddUserAsync("a@example.com");
        for (var i = 0; i < 3; i++) await LoginAsync("wrong");
        foreach (var minutes in new[] { 1, 2, 4, 8, 15, 15 })
        {
            for (var i = 0; i < 5; i++)
            {
                var refused = await LoginAsync("wrong");
                refused.IsProblem(HttpStatusCode.TooManyRequests, "too_many_attempts");
                Assert.Equal(TimeSpan.FromMinutes(minutes), refused.Headers.RetryAfter?.Delta);
            }

            App.Clock.Advance(TimeSpan.FromMinutes(minutes) - TimeSpan.FromSeconds(1));
            (await LoginAsync("wrong")).IsProblem(HttpStatusCode.TooManyRequests, "too_many_attempts");
            App.Clock.Advance(TimeSpan.FromSeconds(1));
            if (minutes < 15) (await LoginAsync("wrong")).IsProblem(HttpStatusCode.Unauthorized, "invalid_credentials");
            else break;
        }
    }

    [Fact]
    public async Task Login_WhileStrangersFailAtTheAccount_TheOwnersDeviceIsLetIn()
    {
        App.Options.SignInFailuresPerAccount = 2;
        App.Options.SignInFailuresPerAddress = 100;
        await App.AddUserAsync("a@example.com");
        var device = (await LoginAsync(ControlPlaneApp.Password)).Device;
        for (var i = 0; i < 2; i++) (await LoginAsync("wrong")).IsProblem(HttpStatusCode.Unauthorized, "invalid_credentials");

        (await LoginAsync(ControlPlaneApp.Password)).IsProblem(HttpStatusCode.TooManyRequests, "too_many_attempts");
        SignedInUser.Of(await LoginAsync(ControlPlaneApp.Password, device));
        // A forged one, and one of another account, are strangers' too.
        (await LoginAsync(ControlPlaneApp.Password, device[..^2] + "AA")).IsProblem(HttpStatusCode.TooManyRequests, "too_many_attempts");
        await App.AddUserAsync("b@example.com");
        var others = (await App.PostAsync("/api/auth/login", new { email = "b@example.com", password = ControlPlaneApp.Password })).Device;
        (await LoginAsync(ControlPlaneApp.Password, others)).IsProblem(HttpStatusCode.TooManyRequests, "too_many_attempts");
    }

    [Fact]
    public async Task Login_FromAKnownDevice_IsLimitedAllTheSame()
    {
        await App.AddUserAsync("a@example.com");
        var device = (await LoginAsync(ControlPlaneApp.Password)).Device;
        for (var i = 0; i < 3; i++) (await LoginAsync("wrong", device)).IsProblem(HttpStatusCode.Unauthorized, "invalid_credentials");
        (await LoginAsync(ControlPlaneApp.Password, device)).IsProblem(HttpStatusCode.TooManyRequests, "too_many_attempts");
    }

    private Task<Answer> LoginAsync(string password, string? device = null) =>
        App.PostAsync("/api/auth/login", new { email = "a@example.com", password }, device: device);

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
        Assert.StartsWith("hs384$2b$10$", renewed, StringComparison.Ordinal);
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
