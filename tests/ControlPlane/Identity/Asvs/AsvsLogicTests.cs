using System.Net;
using Dapper;
using Movento.ControlPlane.Identity.Profiles;

namespace Movento.ControlPlane.Tests.Identity.Asvs;

/// <summary>OWASP ASVS 5.0, chapters 2 and 4, validation, business logic and APIs: levels 1 and 2, where they concern identity and no other test holds them (docs/asvs.md).</summary>
public sealed class AsvsLogicTests(ControlPlaneFixture fixture) : AsvsTest(fixture)
{
    [Fact]
    public void V2_1_1_Rules_OfWhatIsTaken_AreDocumented() => Assert.All(
        ["email", "password", "name", "language", "scopes", "expiresInDays", "code", "ticket"],
        field => Assert.Contains($"\n| `{field}` |", Documentation, StringComparison.Ordinal));

    [Fact]
    public void V2_1_3_Limits_AreDocumentedAsTheyAre()
    {
        Assert.Contains($"{ProfileApi.Most} profiles", Documentation, StringComparison.Ordinal);
        Assert.Contains($"{ControlPlane.Identity.ApiKeys.ApiKeyApi.Most} keys", Documentation, StringComparison.Ordinal);
        Assert.Contains($"`RegistrationsPerAddress` ({new ControlPlaneOptions().RegistrationsPerAddress})", Documentation, StringComparison.Ordinal);
        Assert.Contains($"`Mail:MailsPerAddress` ({new ControlPlaneOptions().Mail.MailsPerAddress})", Documentation, StringComparison.Ordinal);
    }

    [Fact]
    public async Task V2_3_1_StepsOfASignIn_CannotBeLeftOut()
    {
        await EnrolAsync();
        (await App.PostAsync("/api/auth/login/second-factor", new { code = "000000" })).NamesFields("ticket");
        (await App.PostAsync("/api/auth/login/second-factor", new { ticket = new string('A', 43), code = "000000" })).IsProblem(HttpStatusCode.Unauthorized, "invalid_ticket");
        // Confirming an app that nobody began is no step either.
        var user = await App.SignInAsync("b@example.com");
        (await App.PostAsync(SecondFactorPath + "/confirm", new { code = "000000" }, user.AccessToken)).NamesFields("code");
    }

    [Fact]
    public async Task V2_3_3_Deletion_ThatCannotBeWhole_IsNotAtAll()
    {
        var admin = await App.SignInAsync("a@example.com", "viewer", "admin");
        var user = await App.SignInAsync(Email);
        await using var connection = await App.Identity.OpenConnectionAsync();
        await connection.ExecuteAsync("ALTER TABLE audit_entries ADD CONSTRAINT refuses CHECK (action <> 'account_deleted') NOT VALID");
        try
        {
            Assert.Equal(HttpStatusCode.InternalServerError, (await App.SendAsync(HttpMethod.Delete, "/api/users/me", accessToken: user.AccessToken)).Status);
        }
        finally
        {
            await connection.ExecuteAsync("ALTER TABLE audit_entries DROP CONSTRAINT refuses");
        }

        Assert.Equal(HttpStatusCode.OK, (await App.GetAsync("/api/users/me", user.AccessToken)).Status);
        SignedInUser.Of(await App.PostAsync("/api/auth/refresh", cookie: user.RefreshToken));
        Assert.Equal(0, await connection.QuerySingleAsync<int>("SELECT count(*) FROM deleted_accounts"));
        Assert.Empty((await App.GetAsync("/api/users/audit", admin.AccessToken)).Json.GetProperty("items").EnumerateArray());
    }

    [Fact]
    public async Task V2_4_1_WhatCostsAMail_IsBounded()
    {
        App.Options.Mail.MailsPerAddress = 2;
        for (var i = 0; i < 2; i++) Assert.Equal(HttpStatusCode.Accepted, (await App.PostAsync("/api/auth/password/forgotten", new { email = Email })).Status);
        (await App.PostAsync("/api/auth/password/forgotten", new { email = Email })).IsProblem(HttpStatusCode.TooManyRequests, "too_many_attempts");
    }

    [Fact]
    public async Task V4_1_1_Answers_SayWhatTheyAre()
    {
        var user = await App.SignInAsync(Email);
        foreach (var answer in new[]
                 {
                     await App.GetAsync("/api/users/me", user.AccessToken), await App.GetAsync("/api/auth/sessions", user.AccessToken), await App.GetAsync("/api/users/me"),
                     await App.PostAsync("/api/auth/login", new { }), await App.GetAsync("/api/users/nothing", user.AccessToken), await App.GetAsync("/.well-known/jwks.json"),
                 })
        {
            Assert.Contains(answer.ContentHeaders.ContentType!.MediaType, new[] { "application/json", "application/problem+json", "application/jwk-set+json" });
            Assert.NotEqual(System.Text.Json.JsonValueKind.Undefined, answer.Json.ValueKind);
        }
    }
}
