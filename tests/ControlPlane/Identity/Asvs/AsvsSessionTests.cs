using System.Net;
using System.Numerics;
using Movento.Contracts;
using Movento.ControlPlane.Identity.Sessions;

namespace Movento.ControlPlane.Tests.Identity.Asvs;

/// <summary>OWASP ASVS 5.0, chapter 7, sessions: levels 1 and 2, as far as they apply (docs/asvs.md), a test each.</summary>
public sealed class AsvsSessionTests(ControlPlaneFixture fixture) : AsvsTest(fixture)
{
    private static readonly string[] PagesOfSessions = ["catalogue", "watch", "studio", "account"];

    [Fact]
    public void V7_1_1_Lifetimes_AreDocumentedAsTheyAre_AndWhyTheyDiffer()
    {
        var defaults = new ControlPlaneOptions();
        Assert.Contains($"{defaults.RefreshTokenLifetime.Days} days without use (`RefreshTokenLifetime`)", Documentation, StringComparison.Ordinal);
        Assert.Contains($"after {defaults.LongestSession.Days} days in any case (`LongestSession`)", Documentation, StringComparison.Ordinal);
        Assert.Contains("NIST SP 800-63B", Documentation, StringComparison.Ordinal);
    }

    [Fact]
    public void V7_1_2_SessionsAtTheSameTime_AreDocumentedAsTheyAre() => Assert.Contains(
        $"At most {SignInSessions.MostSessions} sessions of an account; one more ends the one used longest ago.", Documentation, StringComparison.Ordinal);

    [Fact]
    public async Task V7_2_1_Tokens_AreTakenForNothingButWhatTheServerKnows()
    {
        var user = await App.SignInAsync(Email);
        var other = user.RefreshToken[0] == 'A' ? 'B' : 'A';
        (await RefreshAsync(other + user.RefreshToken[1..])).IsProblem(HttpStatusCode.Unauthorized, "invalid_refresh");
        (await App.GetAsync("/api/auth/sessions", TokenForge.WithClaims(user.AccessToken, claims => claims["sub"] = new string('0', 32))))
            .IsProblem(HttpStatusCode.Unauthorized, "unauthenticated");
        SignedInUser.Of(await RefreshAsync(user.RefreshToken));
    }

    [Fact]
    public async Task V7_2_2_Sessions_HaveTokensThatAreMadeForThem_AndNoStaticKeyOpensOne()
    {
        var first = await App.SignInAsync(Email, "viewer", "editor");
        var second = await App.SignInAgainAsync(Guid.Parse(first.Id));
        Assert.NotEqual(first.RefreshToken, second.RefreshToken);
        Assert.NotEqual(first.AccessToken, second.AccessToken);
        var created = await App.PostAsync("/api/users/me/api-keys", new { name = "x", scopes = ApiKeyScope.All }, first.AccessToken);
        var key = created.Json.GetProperty("apiKey").GetString()!;
        (await App.GetAsync("/api/auth/sessions", key)).IsProblem(HttpStatusCode.Forbidden, "forbidden");
        (await RefreshAsync(key)).IsProblem(HttpStatusCode.Unauthorized, "invalid_refresh");
    }

    [Fact]
    public async Task V7_2_3_Tokens_AreUniqueAndRandom()
    {
        var user = await App.AddUserAsync(Email);
        var tokens = new List<byte[]>();
        for (var i = 0; i < 20; i++) tokens.Add(System.Buffers.Text.Base64Url.DecodeFromChars((await App.SignInAgainAsync(user)).RefreshToken));
        Assert.All(tokens, token => Assert.True(token.Length * 8 >= 128));
        Assert.Equal(20, tokens.Select(Convert.ToHexString).Distinct().Count());
        // Of 5,120 bits of a fair coin, this many are set but for once in a million times.
        Assert.InRange(tokens.SelectMany(token => token).Sum(value => BitOperations.PopCount(value)), 2384, 2736);
    }

    [Fact]
    public async Task V7_2_4_EverySignIn_MakesANewToken_AndEndsTheOneThatTheBrowserHad()
    {
        var before = await App.SignInAsync(Email);
        var after = SignedInUser.Of(await App.PostAsync("/api/auth/login", new { email = Email, password = ControlPlaneApp.Password }, cookie: before.RefreshToken));
        Assert.NotEqual(before.RefreshToken, after.RefreshToken);
        (await RefreshAsync(before.RefreshToken)).IsProblem(HttpStatusCode.Unauthorized, "invalid_refresh");
        Assert.Single((await App.GetAsync("/api/auth/sessions", after.AccessToken)).Json.GetProperty("items").EnumerateArray());

        var again = SignedInUser.Of(await App.PostAsync("/api/auth/reauthenticate", new { password = ControlPlaneApp.Password }, after.AccessToken, after.RefreshToken));
        Assert.NotEqual(after.RefreshToken, again.RefreshToken);
        App.Clock.Advance(SignInSessions.Grace + TimeSpan.FromSeconds(1));
        (await RefreshAsync(after.RefreshToken)).IsProblem(HttpStatusCode.Unauthorized, "invalid_refresh");
    }

    [Fact]
    public async Task V7_3_1_Session_ThatIsNotUsed_Ends()
    {
        var user = await App.SignInAsync(Email);
        App.Clock.Advance(App.Options.RefreshTokenLifetime);
        (await RefreshAsync(user.RefreshToken)).IsProblem(HttpStatusCode.Unauthorized, "invalid_refresh");
    }

    [Fact]
    public async Task V7_3_2_Session_HoweverOftenItIsUsed_EndsAtItsLongest()
    {
        var token = (await App.SignInAsync(Email)).RefreshToken;
        for (var days = 0; days < 364; days += 28)
        {
            App.Clock.Advance(TimeSpan.FromDays(28));
            token = SignedInUser.Of(await RefreshAsync(token)).RefreshToken;
        }

        App.Clock.Advance(TimeSpan.FromDays(1));
        (await RefreshAsync(token)).IsProblem(HttpStatusCode.Unauthorized, "invalid_refresh");
    }

    [Fact]
    public async Task V7_4_1_SignOut_LeavesNeitherTokenOfAnyUse()
    {
        var user = await App.SignInAsync(Email);
        var film = await App.PublishAsync("A");
        Assert.Equal(HttpStatusCode.OK, (await App.GetAsync("/api/users/me", user.AccessToken)).Status);
        Assert.Equal(HttpStatusCode.NoContent, (await App.PostAsync("/api/auth/logout", cookie: user.RefreshToken)).Status);

        (await RefreshAsync(user.RefreshToken)).IsProblem(HttpStatusCode.Unauthorized, "invalid_refresh");
        (await App.GetAsync("/api/users/me", user.AccessToken)).IsProblem(HttpStatusCode.Unauthorized, "unauthenticated");
        (await App.PostAsync($"/api/streaming/{film}/grant", accessToken: user.AccessToken)).IsProblem(HttpStatusCode.Unauthorized, "unauthenticated");
        // Another sign-in of the account is another session.
        Assert.Equal(HttpStatusCode.OK, (await App.GetAsync("/api/users/me", (await App.SignInAgainAsync(Guid.Parse(user.Id))).AccessToken)).Status);
    }

    [Fact]
    public async Task V7_4_2_Account_ThatIsDeleted_HasNoSessionAnyMore()
    {
        var user = await App.SignInAsync(Email);
        var other = await App.SignInAgainAsync(Guid.Parse(user.Id));
        Assert.Equal(HttpStatusCode.NoContent, (await App.SendAsync(HttpMethod.Delete, "/api/users/me", accessToken: user.AccessToken)).Status);
        foreach (var ended in new[] { user, other })
        {
            (await App.GetAsync("/api/auth/sessions", ended.AccessToken)).IsProblem(HttpStatusCode.Unauthorized, "unauthenticated");
            (await RefreshAsync(ended.RefreshToken)).IsProblem(HttpStatusCode.Unauthorized, "invalid_refresh");
        }
    }

    [Fact]
    public async Task V7_4_2_Account_ThatIsDisabled_HasNoSessionAnyMore()
    {
        var admin = await App.SignInAsync("a@example.com", "viewer", "admin");
        var user = await App.SignInAsync(Email);
        Assert.Equal(HttpStatusCode.NoContent, (await App.SendAsync(HttpMethod.Put, $"/api/users/{user.Id}/disabled", accessToken: admin.AccessToken)).Status);
        (await App.GetAsync("/api/auth/sessions", user.AccessToken)).IsProblem(HttpStatusCode.Unauthorized, "unauthenticated");
        (await RefreshAsync(user.RefreshToken)).IsProblem(HttpStatusCode.Unauthorized, "invalid_refresh");
    }

    [Fact]
    public async Task V7_4_3_Sessions_EndWithAChangeOfPassword_AndCanBeEndedAfterOneOfTheSecondFactor()
    {
        var here = await App.SignInAsync(Email);
        var there = await App.SignInAgainAsync(Guid.Parse(here.Id));
        await EnrolAsync(here);
        SignedInUser.Of(await RefreshAsync(there.RefreshToken));
        Assert.Equal(HttpStatusCode.NoContent, (await App.SendAsync(HttpMethod.Delete, "/api/auth/sessions", accessToken: here.AccessToken)).Status);
        (await App.GetAsync("/api/users/me", there.AccessToken)).IsProblem(HttpStatusCode.Unauthorized, "unauthenticated");

        var third = await App.PostAsync("/api/auth/password", new { currentPassword = ControlPlaneApp.Password, newPassword = "a password of tomorrow" }, here.AccessToken);
        Assert.Equal(HttpStatusCode.NoContent, third.Status);
        SignedInUser.Of(await RefreshAsync(here.RefreshToken));
        Assert.Single((await App.GetAsync("/api/auth/sessions", here.AccessToken)).Json.GetProperty("items").EnumerateArray());
    }

    [Fact]
    public void V7_4_4_Pages_OfWhoeverIsSignedIn_HaveTheWayOut()
    {
        Assert.Contains("id: 'sign-out'", Page("js/page/header.js"), StringComparison.Ordinal);
        Assert.Contains("id=\"account\"", Page("parts/header.html"), StringComparison.Ordinal);
        Assert.All(PagesOfSessions, page =>
        {
            Assert.Contains("{{header}}", Page($"pages/{page}.html"), StringComparison.Ordinal);
            Assert.Contains("showHeader()", Page($"js/{page}/{page}.js"), StringComparison.Ordinal);
        });
    }

    [Fact]
    public async Task V7_4_5_Admins_EndTheSessionsOfAnAccount_WhichIsNoted()
    {
        var admin = await App.SignInAsync("a@example.com", "viewer", "admin");
        var user = await App.SignInAsync(Email);
        Assert.Equal(HttpStatusCode.NoContent, (await App.SendAsync(HttpMethod.Delete, $"/api/users/{user.Id}/sessions", accessToken: admin.AccessToken)).Status);
        (await RefreshAsync(user.RefreshToken)).IsProblem(HttpStatusCode.Unauthorized, "invalid_refresh");
        SignedInUser.Of(await RefreshAsync(admin.RefreshToken));
        Assert.Equal("sessions_ended", (await App.GetAsync("/api/users/audit", admin.AccessToken)).Json.GetProperty("items")[0].GetProperty("action").GetString());
    }

    [Fact]
    public async Task V7_5_1_WhatAuthenticates_IsChangedAfterTheWholeSignInOnceMore()
    {
        var (user, secret, _) = await EnrolAsync();
        App.Clock.Advance(RecentSignIn.Window + TimeSpan.FromMinutes(1));
        (await App.SendAsync(HttpMethod.Delete, SecondFactorPath, accessToken: user.AccessToken)).IsProblem(HttpStatusCode.Forbidden, "reauthentication_required");
        (await App.PostAsync(SecondFactorPath + "/recovery-codes", accessToken: user.AccessToken)).IsProblem(HttpStatusCode.Forbidden, "reauthentication_required");

        // Every factor, not the password alone.
        (await App.PostAsync("/api/auth/email", new { email = "new@example.com" }, user.AccessToken)).NamesFields("password");
        (await App.PostAsync("/api/auth/email", new { email = "new@example.com", password = ControlPlaneApp.Password }, user.AccessToken))
            .IsProblem(HttpStatusCode.Unauthorized, "invalid_code");
        (await App.PostAsync("/api/auth/reauthenticate", new { password = ControlPlaneApp.Password }, user.AccessToken, user.RefreshToken))
            .IsProblem(HttpStatusCode.Unauthorized, "invalid_code");
        SignedInUser.Of(await App.PostAsync(
            "/api/auth/reauthenticate", new { password = ControlPlaneApp.Password, code = Code(secret) }, user.AccessToken, user.RefreshToken));
        Assert.Equal(HttpStatusCode.NoContent, (await App.SendAsync(HttpMethod.Delete, SecondFactorPath, accessToken: user.AccessToken)).Status);
    }

    [Fact]
    public async Task V7_5_2_Users_SeeTheirSessions_AndEndThemAfterSigningInAgain()
    {
        var here = await App.SignInAsync(Email);
        var there = await App.SignInAgainAsync(Guid.Parse(here.Id));
        App.Clock.Advance(RecentSignIn.Window + TimeSpan.FromMinutes(1));
        var id = (await App.GetAsync("/api/auth/sessions", here.AccessToken)).Json.GetProperty("items").EnumerateArray()
            .Single(item => !item.GetProperty("isCurrent").GetBoolean()).GetProperty("id").GetString();
        (await EndAsync($"/{id}", here)).IsProblem(HttpStatusCode.Forbidden, "reauthentication_required");
        (await EndAsync("", here)).IsProblem(HttpStatusCode.Forbidden, "reauthentication_required");
        here = SignedInUser.Of(await App.PostAsync("/api/auth/reauthenticate", new { password = ControlPlaneApp.Password }, here.AccessToken, here.RefreshToken));
        Assert.Equal(HttpStatusCode.NoContent, (await EndAsync($"/{id}", here)).Status);
        (await RefreshAsync(there.RefreshToken)).IsProblem(HttpStatusCode.Unauthorized, "invalid_refresh");
        Assert.Equal(HttpStatusCode.NoContent, (await EndAsync("", here)).Status);
    }

    private Task<Answer> EndAsync(string which, SignedInUser user) => App.SendAsync(HttpMethod.Delete, "/api/auth/sessions" + which, accessToken: user.AccessToken);

    private Task<Answer> RefreshAsync(string token) => App.PostAsync("/api/auth/refresh", cookie: token);
}
