using System.Net;
using System.Text;
using Dapper;
using Movento.Servers.Stripe;

namespace Movento.ControlPlane.Tests.Billing;

public sealed class WebhookTests(BillingFixture fixture) : BillingTest(fixture)
{
    private const string Path = "/api/payments/webhook";

    [Fact]
    public async Task Webhook_WithoutARightSignature_IsRefusedAndChangesNothing()
    {
        var user = await App.SignInAsync("a@example.com");
        Assert.True(Stripe.CompleteCheckout(await OpenCheckoutAsync(user, new { priceId = Basic })));
        var (body, signature) = Stripe.Sign(Stripe.Events[^1], App.Clock.Now);

        (await PostAsync(body, null)).IsProblem(HttpStatusCode.BadRequest, "invalid_signature");
        (await PostAsync([.. body, (byte)'\n'], signature)).IsProblem(HttpStatusCode.BadRequest, "invalid_signature");
        App.Clock.Advance(TimeSpan.FromSeconds(301));
        (await PostAsync(body, signature)).IsProblem(HttpStatusCode.BadRequest, "invalid_signature");
        Assert.Equal(System.Text.Json.JsonValueKind.Null, (await AccountAsync(user)).GetProperty("subscription").ValueKind);
    }

    [Fact]
    public async Task Webhook_SignedButNoEvent_IsNamed()
    {
        foreach (var text in new[] { "", "null", "[]", "{}", "{\"id\":\"evt_1\"", "{\"id\":1,\"type\":\"x\",\"created\":1,\"data\":{\"object\":{}}}", "{\"id\":\"evt_1\",\"type\":\"x\",\"created\":1e300,\"data\":{\"object\":{}}}" })
        {
            var body = Encoding.UTF8.GetBytes(text);
            (await PostAsync(body, Sign(body))).IsProblem(HttpStatusCode.BadRequest, "malformed_json");
        }
    }

    [Fact]
    public async Task Webhook_TooLarge_Is413()
    {
        var body = new byte[(512 << 10) + 1];
        (await PostAsync(body, Sign(body))).IsProblem(HttpStatusCode.RequestEntityTooLarge, "too_large");
    }

    [Fact]
    public async Task Webhook_OfWhatIsNotOurs_IsTakenAndForgotten()
    {
        var stranger = Stripe.AddCustomer(new Dictionary<string, string>());
        foreach (var text in new[]
                 {
                     Event("evt_x1", "customer.subscription.updated", $"{{\"id\":\"sub_x\",\"object\":\"subscription\",\"customer\":\"{stranger}\"}}"),
                     Event("evt_x2", "customer.subscription.updated", $"{{\"id\":\"sub_x\",\"object\":\"subscription\",\"customer\":{{\"id\":\"{stranger}\"}}}}"),
                     Event("evt_x3", "charge.refunded", "{\"id\":\"ch_x\",\"object\":\"charge\",\"customer\":null}"),
                     Event("evt_x4", "payment_method.attached", "{\"id\":\"pm_x\",\"object\":\"payment_method\"}"),
                 })
        {
            var body = Encoding.UTF8.GetBytes(text);
            Assert.Equal(HttpStatusCode.OK, (await PostAsync(body, Sign(body))).Status);
        }

        await using var connection = await App.Billing.OpenConnectionAsync();
        Assert.Equal(0, await connection.QuerySingleAsync<int>("SELECT count(*) FROM events WHERE id LIKE 'evt_x%'"));
    }

    [Fact]
    public async Task Webhook_Repeated_ReadsOnce()
    {
        var user = await App.SignInAsync("a@example.com");
        await SubscribeAsync(user, Basic);
        var calls = Api.Calls.Count;
        for (var i = 0; i < 3; i++) Assert.Equal(HttpStatusCode.OK, await DeliverAsync(Stripe.Events[^1]));
        Assert.Equal(calls, Api.Calls.Count);
    }

    [Fact]
    public async Task Webhook_WhileStripeIsAway_IsNotTaken_AndIsWhenItComesAgain()
    {
        var user = await App.SignInAsync("a@example.com");
        Assert.True(Stripe.CompleteCheckout(await OpenCheckoutAsync(user, new { priceId = Basic })));
        var happened = Stripe.Events[^1];
        Api.FaultOf = _ => FakeStripeApi.Fault.Unavailable;
        Assert.Equal(HttpStatusCode.ServiceUnavailable, await DeliverAsync(happened));
        await using var connection = await App.Billing.OpenConnectionAsync();
        Assert.Equal(0, await connection.QuerySingleAsync<int>("SELECT count(*) FROM events WHERE id = @id", new { id = happened["id"]!.GetValue<string>() }));

        Api.FaultOf = null;
        Assert.Equal(HttpStatusCode.OK, await DeliverAsync(happened));
        Assert.Equal("trialing", (await AccountAsync(user)).GetProperty("subscription").GetProperty("status").GetString());
    }

    [Fact]
    public async Task Webhook_ThatTellsAnOldState_LeadsToTheNewOne()
    {
        var user = await App.SignInAsync("a@example.com");
        Assert.True(Stripe.CompleteCheckout(await OpenCheckoutAsync(user, new { priceId = Basic })));
        var created = Stripe.Events.First(one => one["type"]!.GetValue<string>() == "customer.subscription.created");
        Assert.Equal("trialing", created["data"]!["object"]!["status"]!.GetValue<string>());
        Stripe.Cancel(Stripe.Subscriptions.Keys.Single());
        Assert.Equal(HttpStatusCode.OK, await DeliverAsync(created));
        Assert.Equal("canceled", (await AccountAsync(user)).GetProperty("subscription").GetProperty("status").GetString());
    }

    [Fact]
    public async Task Sweep_FindsWhatNoWebhookBrought()
    {
        var user = await App.SignInAsync("a@example.com");
        await SubscribeAsync(user, Basic);
        Assert.Equal(0, await SweepAsync());
        Stripe.Cancel(Stripe.Subscriptions.Keys.Single());
        Lose();
        Assert.Equal("trialing", (await AccountAsync(user)).GetProperty("subscription").GetProperty("status").GetString());
        Assert.Equal(1, await SweepAsync());
        Assert.Equal("canceled", (await AccountAsync(user)).GetProperty("subscription").GetProperty("status").GetString());
        Assert.Equal(0, await SweepAsync());
    }

    [Fact]
    public async Task Sweep_OfACustomerFromWhomNothingWasHeard_ReadsItAgain()
    {
        var user = await App.SignInAsync("a@example.com");
        await SubscribeAsync(user, Premium);
        App.Clock.Advance(TimeSpan.FromDays(95));
        Stripe.RunClock();
        Lose();
        // Stripe lists no event that is older than thirty days.
        Stripe.Events.Clear();
        await SweepAsync();
        user = await App.SignInAgainAsync(Guid.Parse(user.Id));
        var subscription = (await AccountAsync(user)).GetProperty("subscription");
        Assert.Equal("active", subscription.GetProperty("status").GetString());
        Assert.True(subscription.GetProperty("periodEnd").GetDateTimeOffset() > App.Clock.Now);
    }

    [Fact]
    public async Task Nothing_OfKeysAndSecrets_IsLogged()
    {
        var recorded = RecordLog();
        var user = await App.SignInAsync("a@example.com");
        await SubscribeAsync(user, Basic);
        Api.FaultOf = _ => FakeStripeApi.Fault.Unavailable;
        await App.PostAsync("/api/payments/portal", accessToken: user.AccessToken);
        var log = recorded();
        Assert.Contains("out of reach", log, StringComparison.Ordinal);
        Assert.DoesNotContain(BillingFixture.Key, log, StringComparison.Ordinal);
        Assert.DoesNotContain(BillingFixture.WebhookSecret, log, StringComparison.Ordinal);
        Assert.DoesNotContain("v1=", log, StringComparison.Ordinal);
    }

    private string Sign(byte[] body)
    {
        var seconds = App.Clock.Now.ToUnixTimeSeconds();
        var signed = Encoding.UTF8.GetBytes($"{seconds}.").Concat(body).ToArray();
        return $"t={seconds},v1={Convert.ToHexStringLower(System.Security.Cryptography.HMACSHA256.HashData(Encoding.UTF8.GetBytes(BillingFixture.WebhookSecret), signed))}";
    }

    private async Task<Answer> PostAsync(byte[] body, string? signature)
    {
        using var content = new ByteArrayContent(body);
        content.Headers.ContentType = new("application/json");
        if (signature is not null) content.Headers.Add("Stripe-Signature", signature);
        return await App.SendAsync(HttpMethod.Post, Path, content);
    }

    private static string Event(string id, string type, string about) => $"{{\"id\":\"{id}\",\"type\":\"{type}\",\"created\":1700000000,\"data\":{{\"object\":{about}}}}}";
}
