using System.Net;
using Movento.Contracts;

namespace Movento.ControlPlane.Tests.Billing;

/// <summary>What of a whole life of an account is in the log, with everything logged that anybody can log: nothing that is secret, and nothing that names them.</summary>
public sealed class LogSecretsTests(BillingFixture fixture) : BillingTest(fixture)
{
    private const string Email = "somebody.private@example.com";
    private const string Name = "Somebody Unmistakable";
    private const string OldPassword = "a password that nobody guesses";
    private const string NewPassword = "another one that nobody guesses";

    [Fact]
    public async Task Log_AtItsMostTalkative_HoldsNoSecretAndNobodysName()
    {
        var log = RecordLog();
        var secrets = new List<string> { Email, Name, OldPassword, NewPassword, BillingFixture.Key, BillingFixture.WebhookSecret };

        // :: Step 1: an account, its mail, and sign-ins right and wrong
        Assert.Equal(HttpStatusCode.Created, (await App.PostAsync("/api/auth/register", new { email = Email, password = OldPassword, name = Name })).Status);
        await App.MailsAsync(Email);
        Assert.Equal(HttpStatusCode.Unauthorized, (await App.PostAsync("/api/auth/login", new { email = Email, password = "wrong, and not to be seen" })).Status);
        secrets.Add("wrong, and not to be seen");
        var signedIn = await App.PostAsync("/api/auth/login", new { email = Email, password = OldPassword });
        var user = SignedInUser.Of(signedIn);
        var refreshed = await App.PostAsync("/api/auth/refresh", cookie: user.RefreshToken);
        secrets.AddRange([user.AccessToken, user.RefreshToken, signedIn.Device, refreshed.RefreshToken, refreshed.Json.GetProperty("accessToken").GetString()!]);
        // A token with one letter too many, and one that is none.
        await App.GetAsync("/api/users/me", user.AccessToken + "x");
        await App.GetAsync("/api/users/me", "not-a-token-but-secret");
        secrets.Add("not-a-token-but-secret");

        // :: Step 2: a new password
        Assert.Equal(HttpStatusCode.Accepted, (await App.PostAsync("/api/auth/password/forgotten", new { email = Email })).Status);
        var link = await App.LinkTokenAsync(Email);
        Assert.Equal(HttpStatusCode.NoContent, (await App.PostAsync("/api/auth/password/reset", new { token = link, password = NewPassword })).Status);
        secrets.Add(link);

        // :: Step 3: a program's key
        var editor = await App.SignInAsync("editor.private@example.com", Access.EditorRole);
        var created = await App.PostAsync("/api/users/me/api-keys", new { name = "robot", scopes = new[] { "catalogue" } }, editor.AccessToken);
        Assert.Equal(HttpStatusCode.Created, created.Status);
        var key = created.Json.GetProperty("apiKey").GetString()!;
        Assert.Equal(HttpStatusCode.OK, (await App.GetAsync("/api/movies/details", key)).Status);
        Assert.Equal(HttpStatusCode.Unauthorized, (await App.GetAsync("/api/movies/details", ApiKeyFormat.New().Key)).Status);
        secrets.AddRange([editor.AccessToken, editor.RefreshToken, "editor.private@example.com", key]);

        // :: Step 4: a plan, Stripe's webhooks, and a film
        var again = SignedInUser.Of(await App.PostAsync("/api/auth/login", new { email = Email, password = NewPassword }));
        await SubscribeAsync(again, Basic);
        var (body, signature) = Stripe.Sign(Stripe.Events[^1], App.Clock.Now);
        using (var content = new ByteArrayContent([.. body, (byte)' ']))
            (await App.SendAsync(HttpMethod.Post, "/api/payments/webhook", content, headers: ("Stripe-Signature", signature))).IsProblem(HttpStatusCode.BadRequest, "invalid_signature");
        var grant = await GrantAsync(again, await App.PublishAsync("A film"));
        Assert.Equal(HttpStatusCode.OK, grant.Status);
        secrets.AddRange([again.AccessToken, again.RefreshToken, signature, grant.Json.GetProperty("hlsUrl").GetString()!.Split('/')[3]]);

        // :: Step 5: what is in the log
        var lines = log();
        Assert.Contains("/api/auth/login", lines, StringComparison.Ordinal);
        Assert.Contains("was successfully authenticated", lines, StringComparison.Ordinal);
        Assert.All(secrets, secret => Assert.True(secret.Length > 8, secret));
        var seen = secrets.Where(secret => lines.Contains(secret, StringComparison.OrdinalIgnoreCase))
            .Select(secret => lines.Split('\n').First(line => line.Contains(secret, StringComparison.OrdinalIgnoreCase)));
        Assert.Equal("", string.Join('\n', seen.Distinct()));
    }
}
