using System.Net;
using System.Net.Http.Json;
using System.Text.Json;
using Movento.Servers.Stripe;

namespace Movento.ControlPlane.Tests.Billing;

public sealed class SubscriptionTests(BillingFixture fixture) : BillingTest(fixture)
{
    [Fact]
    public async Task Plans_AreWhatStripeSells_InTheOperatorsOrder()
    {
        var plans = (await App.GetAsync("/api/payments/plans")).Json;
        Assert.True(plans.GetProperty("isOn").GetBoolean());
        Assert.Equal(["basic", "premium"], plans.GetProperty("plans").EnumerateArray().Select(plan => plan.GetProperty("code").GetString()!));
        var basic = plans.GetProperty("plans")[0];
        Assert.Equal((1, 720, 14), (basic.GetProperty("streams").GetInt32(), basic.GetProperty("maxHeight").GetInt32(), basic.GetProperty("trialDays").GetInt32()));
        Assert.Equal($$"""{"id":"{{Basic}}","currency":"eur","amount":1000,"interval":"month","intervalCount":1}""", basic.GetProperty("prices")[0].GetRawText());
        Assert.Equal("new", plans.GetProperty("rentals")[0].GetProperty("code").GetString());

        // What is taken off sale is gone with its webhook, and those who have it keep it.
        var user = await App.SignInAsync("a@example.com");
        await SubscribeAsync(user, Premium);
        Stripe.Products[Stripe.Prices[Premium]["product"]!.GetValue<string>()]["active"] = false;
        Stripe.AddPrice("Family", 3000, "month", null, ("movento_plan", "family"));
        await DeliverAsync();
        Assert.Equal(
            ["family", "basic"], (await App.GetAsync("/api/payments/plans")).Json.GetProperty("plans").EnumerateArray().Select(plan => plan.GetProperty("code").GetString()!));
        Assert.Equal("premium", (await AccountAsync(user)).GetProperty("plan").GetProperty("code").GetString());
    }

    [Fact]
    public async Task Checkout_OfAPlan_BeginsWithItsTrialAndRenews()
    {
        var user = await App.SignInAsync("a@example.com");
        Assert.Equal("""{"plan":null,"subscription":null}""", (await AccountAsync(user)).GetRawText());
        await SubscribeAsync(user, Basic);
        var account = await AccountAsync(user);
        Assert.Equal("basic", account.GetProperty("plan").GetProperty("code").GetString());
        Assert.Equal("trialing", account.GetProperty("subscription").GetProperty("status").GetString());
        Assert.Equal("2026-03-15T10:00:00Z", account.GetProperty("subscription").GetProperty("trialEnd").GetString());

        user = await LaterAsync(user, TimeSpan.FromDays(15));
        account = await AccountAsync(user);
        Assert.Equal("active", account.GetProperty("subscription").GetProperty("status").GetString());
        Assert.Equal("2026-04-15T10:00:00Z", account.GetProperty("subscription").GetProperty("periodEnd").GetString());
        Assert.Equal("2026-04-16T10:00:00Z", account.GetProperty("plan").GetProperty("playsUntil").GetString());
    }

    [Fact]
    public async Task Checkout_OnceMore_HasNoSecondTrialAndNoSecondPlan()
    {
        var user = await App.SignInAsync("a@example.com");
        var first = await SubscribeAsync(user, Basic);
        (await App.PostAsync("/api/payments/checkout", new { priceId = Premium }, user.AccessToken)).IsProblem(HttpStatusCode.Conflict, "already_subscribed");
        Stripe.Cancel(first);
        // The end is found though no webhook told of it.
        var session = await OpenCheckoutAsync(user, new { priceId = Basic });
        Assert.Null(Stripe.Sessions[session]["_subscription_data"]!["trial_period_days"]);
    }

    [Fact]
    public async Task Checkout_OpenedTwice_SellsOnce()
    {
        var user = await App.SignInAsync("a@example.com");
        var first = await OpenCheckoutAsync(user, new { priceId = Basic });
        var second = await OpenCheckoutAsync(user, new { priceId = Premium });
        Assert.False(Stripe.CompleteCheckout(first));
        Assert.True(Stripe.CompleteCheckout(second));
        Assert.Single(Stripe.Customers);
    }

    [Fact]
    public async Task Checkout_WithACode_IsCheaper()
    {
        Stripe.AddPromotionCode("SPRING", 50);
        var user = await App.SignInAsync("a@example.com");
        var session = await OpenCheckoutAsync(user, new { priceId = Premium, promotionCode = "SPRING" });
        Assert.Equal(1000, Stripe.Sessions[session]["amount_total"]!.GetValue<long>());
        Assert.False(Stripe.Sessions[session]["allow_promotion_codes"]!.GetValue<bool>());
        // Without one, the page asks.
        Assert.True(Stripe.Sessions[await OpenCheckoutAsync(user, new { priceId = Premium })]["allow_promotion_codes"]!.GetValue<bool>());
        (await App.PostAsync("/api/payments/checkout", new { priceId = Premium, promotionCode = "AUTUMN" }, user.AccessToken)).NamesFields("promotionCode");
    }

    [Theory]
    [InlineData("{}", "priceId")]
    [InlineData("{\"priceId\":\"\"}", "priceId")]
    [InlineData("{\"priceId\":\"price_unknown\"}", "priceId")]
    [InlineData("{\"priceId\":\"'; DROP TABLE prices; --\"}", "priceId")]
    [InlineData("{\"assetId\":\"x\"}", "assetId")]
    [InlineData("{\"priceId\":\"x\",\"promotionCode\":\"a b\"}", "promotionCode")]
    [InlineData("{\"assetId\":\"x\",\"promotionCode\":\"\"}", "assetId", "promotionCode")]
    public async Task Checkout_OfWhatCannotBe_IsNamed(string body, params string[] fields)
    {
        var user = await App.SignInAsync("a@example.com");
        using var content = new StringContent(body, System.Text.Encoding.UTF8, "application/json");
        (await App.SendAsync(HttpMethod.Post, "/api/payments/checkout", content, user.AccessToken)).NamesFields(fields);
    }

    [Fact]
    public async Task Everything_OfOnesOwn_NeedsASignIn()
    {
        foreach (var path in new[] { "account", "invoices", "rentals" }) (await App.GetAsync($"/api/payments/{path}")).IsProblem(HttpStatusCode.Unauthorized, "unauthenticated");
        foreach (var path in new[] { "checkout", "portal", "account/refresh", "subscription/preview" })
            (await App.PostAsync($"/api/payments/{path}", new { })).IsProblem(HttpStatusCode.Unauthorized, "unauthenticated");
        var viewer = await App.SignInAsync("a@example.com");
        (await App.SendAsync(HttpMethod.Put, $"/api/payments/films/{Guid.NewGuid():N}", JsonContent.Create(new { access = "free" }), viewer.AccessToken))
            .IsProblem(HttpStatusCode.Forbidden, "forbidden");
    }

    [Fact]
    public async Task Change_ToADearerPlan_IsPaidForTheRestOfThePeriodAndBeginsAtOnce()
    {
        var user = await App.SignInAsync("a@example.com");
        await SubscribeAsync(user, Basic);
        user = await LaterAsync(user, TimeSpan.FromDays(14.5 + 15)); // half of the first month that is paid
        var preview = await App.PostAsync("/api/payments/subscription/preview", new { priceId = Premium }, user.AccessToken);
        Assert.Equal(HttpStatusCode.OK, preview.Status);
        Assert.InRange(preview.Json.GetProperty("dueNow").GetInt64(), 450, 550);

        var changed = await PatchAsync(user, new { priceId = Premium });
        Assert.Equal(HttpStatusCode.OK, changed.Status);
        Assert.Equal("premium", changed.Json.GetProperty("plan").GetProperty("code").GetString());
        var newest = Stripe.Invoices.Values.Last();
        Assert.Equal(("subscription_update", preview.Json.GetProperty("dueNow").GetInt64()), (newest["billing_reason"]!.GetValue<string>(), newest["total"]!.GetValue<long>()));
    }

    [Fact]
    public async Task Change_ThatIsDeclined_ChangesNothing()
    {
        var user = await App.SignInAsync("a@example.com");
        await SubscribeAsync(user, Basic);
        user = await LaterAsync(user, TimeSpan.FromDays(20));
        Stripe.SetCard(Stripe.Customers.Keys.Single(), works: false);
        (await PatchAsync(user, new { priceId = Premium })).IsProblem(HttpStatusCode.PaymentRequired, "payment_declined");
        Assert.Equal("basic", (await AccountAsync(user)).GetProperty("plan").GetProperty("code").GetString());
    }

    [Fact]
    public async Task Change_ToACheaperPlan_CostsNothingNow()
    {
        var user = await App.SignInAsync("a@example.com");
        await SubscribeAsync(user, Premium);
        var invoices = Stripe.Invoices.Count;
        Assert.True((await App.PostAsync("/api/payments/subscription/preview", new { priceId = Basic }, user.AccessToken)).Json.GetProperty("dueNow").GetInt64() < 0);
        Assert.Equal("basic", (await PatchAsync(user, new { priceId = Basic })).Json.GetProperty("plan").GetProperty("code").GetString());
        Assert.Equal(invoices, Stripe.Invoices.Count);
    }

    [Fact]
    public async Task Change_OfWhatCannotBe_IsNamed()
    {
        var user = await App.SignInAsync("a@example.com");
        (await PatchAsync(user, new { priceId = Premium })).IsProblem(HttpStatusCode.Conflict, "no_subscription");
        (await PatchAsync(user, new { cancelAtPeriodEnd = true })).IsProblem(HttpStatusCode.Conflict, "no_subscription");
        await SubscribeAsync(user, Basic);
        (await PatchAsync(user, new { priceId = Basic })).NamesFields("priceId");
        (await PatchAsync(user, new { priceId = NewRelease })).NamesFields("priceId");
        (await PatchAsync(user, new { })).NamesFields("priceId");
        (await PatchAsync(user, new { priceId = Premium, cancelAtPeriodEnd = true })).NamesFields("priceId");
    }

    [Fact]
    public async Task Cancel_PlaysToTheEndOfThePeriod_AndCanBeTakenBackUntilThen()
    {
        var user = await App.SignInAsync("a@example.com");
        await SubscribeAsync(user, Premium);
        var cancelled = (await PatchAsync(user, new { cancelAtPeriodEnd = true })).Json;
        Assert.Equal("2026-04-01T10:00:00Z", cancelled.GetProperty("subscription").GetProperty("endsAt").GetString());
        Assert.Equal("2026-04-01T10:00:00Z", cancelled.GetProperty("plan").GetProperty("playsUntil").GetString());
        var resumed = (await PatchAsync(user, new { cancelAtPeriodEnd = false })).Json;
        Assert.Equal(JsonValueKind.Null, resumed.GetProperty("subscription").GetProperty("endsAt").ValueKind);

        await PatchAsync(user, new { cancelAtPeriodEnd = true });
        user = await LaterAsync(user, TimeSpan.FromDays(31));
        var ended = await AccountAsync(user);
        Assert.Equal(JsonValueKind.Null, ended.GetProperty("plan").ValueKind);
        Assert.Equal("canceled", ended.GetProperty("subscription").GetProperty("status").GetString());
    }

    [Fact]
    public async Task Dunning_PlaysForTheGrace_ThenNot_AndAgainOncePaid()
    {
        Stripe.AfterRetries = "unpaid";
        var user = await App.SignInAsync("a@example.com");
        var film = await App.PublishAsync("A");
        var subscription = await SubscribeAsync(user, Premium);
        Stripe.SetCard(Stripe.Customers.Keys.Single(), works: false);

        user = await LaterAsync(user, TimeSpan.FromDays(31.5));
        var account = await AccountAsync(user);
        Assert.Equal("past_due", account.GetProperty("subscription").GetProperty("status").GetString());
        Assert.Equal("2026-04-01T10:00:00Z", account.GetProperty("subscription").GetProperty("unpaidSince").GetString());
        Assert.Equal("2026-04-08T10:00:00Z", account.GetProperty("plan").GetProperty("playsUntil").GetString());
        Assert.Equal(HttpStatusCode.OK, (await GrantAsync(user, film)).Status);
        (await PatchAsync(user, new { priceId = Basic })).IsProblem(HttpStatusCode.Conflict, "payment_overdue");

        user = await LaterAsync(user, TimeSpan.FromDays(7));
        (await GrantAsync(user, film)).IsProblem(HttpStatusCode.Forbidden, "payment_overdue");
        user = await LaterAsync(user, TimeSpan.FromDays(10));
        Assert.Equal("unpaid", (await AccountAsync(user)).GetProperty("subscription").GetProperty("status").GetString());
        (await GrantAsync(user, film)).IsProblem(HttpStatusCode.Forbidden, "payment_overdue");

        Stripe.SetCard(Stripe.Customers.Keys.Single(), works: true);
        Assert.True(Stripe.PayOpenInvoices(subscription));
        await DeliverAsync();
        Assert.Equal(HttpStatusCode.OK, (await GrantAsync(user, film)).Status);
    }

    [Fact]
    public async Task Refresh_AfterCheckout_NeedsNoWebhook()
    {
        var user = await App.SignInAsync("a@example.com");
        Assert.True(Stripe.CompleteCheckout(await OpenCheckoutAsync(user, new { priceId = Basic })));
        Lose();
        App.Clock.Advance(TimeSpan.FromSeconds(5));
        var refreshed = await App.PostAsync("/api/payments/account/refresh", accessToken: user.AccessToken);
        Assert.Equal("basic", refreshed.Json.GetProperty("plan").GetProperty("code").GetString());
        var calls = Api.Calls.Count;
        await App.PostAsync("/api/payments/account/refresh", accessToken: user.AccessToken);
        Assert.Equal(calls, Api.Calls.Count);
    }

    [Fact]
    public async Task Invoices_ComeInPages_EachOnce()
    {
        var user = await App.SignInAsync("a@example.com");
        Assert.Equal("""{"items":[],"next":null}""", (await App.GetAsync("/api/payments/invoices", user.AccessToken)).Text);
        await SubscribeAsync(user, Premium);
        user = await LaterAsync(user, TimeSpan.FromDays(100));
        var seen = new List<string>();
        for (string? next = ""; next is not null;)
        {
            var page = (await App.GetAsync($"/api/payments/invoices?limit=3{(next.Length == 0 ? "" : $"&after={next}")}", user.AccessToken)).Json;
            seen.AddRange(page.GetProperty("items").EnumerateArray().Select(item => item.GetProperty("id").GetString()!));
            next = page.GetProperty("next").GetString();
        }

        Assert.Equal(Stripe.Invoices.Keys.Order(StringComparer.Ordinal).Reverse(), seen);
        Assert.Equal(4, seen.Count);
        (await App.GetAsync("/api/payments/invoices?limit=0&after=%27", user.AccessToken)).NamesFields("after", "limit");
        Assert.Empty((await App.GetAsync("/api/payments/invoices", (await App.SignInAsync("b@example.com")).AccessToken)).Json.GetProperty("items").EnumerateArray());
    }

    [Fact]
    public async Task Portal_IsForThoseWhoBought()
    {
        var user = await App.SignInAsync("a@example.com");
        (await App.PostAsync("/api/payments/portal", accessToken: user.AccessToken)).IsProblem(HttpStatusCode.NotFound, "no_customer");
        await SubscribeAsync(user, Basic);
        var portal = await App.PostAsync("/api/payments/portal", accessToken: user.AccessToken);
        Assert.Equal(HttpStatusCode.Created, portal.Status);
        Assert.StartsWith("https://billing.stripe.example/", portal.Json.GetProperty("url").GetString(), StringComparison.Ordinal);
    }

    [Fact]
    public async Task Customer_DeletedAtStripe_HasNothing_AndMayBuyAgain()
    {
        var user = await App.SignInAsync("a@example.com");
        await SubscribeAsync(user, Basic);
        Stripe.DeleteCustomer(Stripe.Customers.Keys.Single());
        await DeliverAsync();
        Assert.Equal("""{"plan":null,"subscription":null}""", (await AccountAsync(user)).GetRawText());
        await SubscribeAsync(user, Premium);
        Assert.Equal("premium", (await AccountAsync(user)).GetProperty("plan").GetProperty("code").GetString());
    }

    [Fact]
    public async Task Checkout_WhoseAnswerIsLost_IsAskedForAgainAndMadeOnce()
    {
        var user = await App.SignInAsync("a@example.com");
        var (lost, replays) = (0, Api.Replays);
        Api.FaultOf = call => call == "POST /v1/checkout/sessions" && lost++ == 0 ? FakeStripeApi.Fault.LostAnswer : FakeStripeApi.Fault.None;
        await OpenCheckoutAsync(user, new { priceId = Basic });
        Assert.Equal(replays + 1, Api.Replays);
        Assert.Single(Stripe.Sessions);
    }

    [Theory]
    [InlineData(FakeStripeApi.Fault.Unavailable)]
    [InlineData(FakeStripeApi.Fault.TooMany)]
    public async Task Checkout_WhileStripeIsAway_IsTriedThreeTimesAndNamed(FakeStripeApi.Fault fault)
    {
        var user = await App.SignInAsync("a@example.com");
        var calls = Api.Calls.Count;
        Api.FaultOf = _ => fault;
        var answer = await App.PostAsync("/api/payments/checkout", new { priceId = Basic }, user.AccessToken);
        answer.IsProblem(HttpStatusCode.ServiceUnavailable, "payments_unavailable");
        Assert.NotNull(answer.Headers.RetryAfter);
        Assert.Equal(calls + 3, Api.Calls.Count);
    }

    private Task<Answer> PatchAsync(SignedInUser user, object body) =>
        App.SendAsync(HttpMethod.Patch, "/api/payments/subscription", JsonContent.Create(body), user.AccessToken);
}
