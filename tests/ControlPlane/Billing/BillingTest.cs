using System.Net;
using System.Net.Http.Json;
using System.Text.Json;
using Microsoft.Extensions.DependencyInjection;
using Movento.ControlPlane.Billing;
using Movento.Contracts;
using Movento.Servers.Stripe;

namespace Movento.ControlPlane.Tests.Billing;

/// <summary>A test of the control plane that sells, which it finds fresh: a plan of one stream, one of four, and a rental.</summary>
[Collection(BillingCollection.Name)]
public abstract class BillingTest(BillingFixture fixture) : IAsyncLifetime
{
    protected ControlPlaneApp App => fixture.App;
    protected FakeStripe Stripe => fixture.Stripe;
    protected FakeStripeApi Api => fixture.Server.Api;

    /// <summary>Everything that is logged from now on.</summary>
    protected Func<string> RecordLog()
    {
        fixture.LogFrom = Microsoft.Extensions.Logging.LogLevel.Trace;
        return () => fixture.Log;
    }


    /// <summary>10.00 a month, one stream, 720 lines, 14 days of trial.</summary>
    protected string Basic { get; private set; } = "";

    /// <summary>20.00 a month, four streams.</summary>
    protected string Premium { get; private set; } = "";

    /// <summary>5.00 for 48 hours.</summary>
    protected string NewRelease { get; private set; } = "";

    public async Task InitializeAsync()
    {
        await fixture.ResetAsync();
        Basic = Stripe.AddPrice("Basic", 1000, "month", null, ("movento_plan", "basic"), ("movento_streams", "1"), ("movento_max_height", "720"), ("movento_trial_days", "14"), ("movento_position", "1"));
        Premium = Stripe.AddPrice("Premium", 2000, "month", null, ("movento_plan", "premium"), ("movento_streams", "4"), ("movento_position", "2"));
        NewRelease = Stripe.AddPrice("New release", 500, null, null, ("movento_rental", "new"), ("movento_rental_hours", "48"));
        Stripe.AddPrice("Somebody else's", 1, "month");
        await DeliverAsync();
    }

    public Task DisposeAsync() => Task.CompletedTask;

    /// <summary>Brings every event that was not brought yet, in order.</summary>
    protected async Task DeliverAsync()
    {
        Stripe.RunClock();
        await fixture.Server.DeliverAsync(fixture.Endpoint);
    }

    protected Task<HttpStatusCode> DeliverAsync(System.Text.Json.Nodes.JsonObject happened) => fixture.Server.DeliverAsync(fixture.Endpoint, happened);

    /// <summary>Events that are forgotten by whoever brings them.</summary>
    protected void Lose() => fixture.Server.Skip();

    /// <summary>Time goes by, and what it brings is delivered; the user, signed in again, because their access token has gone stale.</summary>
    protected async Task<SignedInUser> LaterAsync(SignedInUser user, TimeSpan by)
    {
        App.Clock.Advance(by);
        await DeliverAsync();
        return await App.SignInAgainAsync(Guid.Parse(user.Id));
    }

    protected Task<int> SweepAsync() => App.Services.GetRequiredService<BillingSweep>().SweepAsync(CancellationToken.None);

    /// <summary>The id of the checkout session whose page was opened.</summary>
    protected async Task<string> OpenCheckoutAsync(SignedInUser user, object order)
    {
        var opened = await App.PostAsync("/api/payments/checkout", order, user.AccessToken);
        Assert.Equal(HttpStatusCode.Created, opened.Status);
        return opened.Json.GetProperty("url").GetString()!.Split('/')[^1];
    }

    /// <summary>Buys a plan and has its webhooks brought; the subscription's id.</summary>
    protected async Task<string> SubscribeAsync(SignedInUser user, string price)
    {
        Assert.True(Stripe.CompleteCheckout(await OpenCheckoutAsync(user, new { priceId = price })));
        await DeliverAsync();
        return Stripe.Subscriptions.Keys.Order(StringComparer.Ordinal).Last();
    }

    /// <summary>Says how a film is sold.</summary>
    protected async Task SellAsync(AssetId film, string access, string? rental = null)
    {
        var editor = (await App.SignInAsync($"{Guid.NewGuid():N}@example.com", Access.EditorRole)).AccessToken;
        var answer = await App.SendAsync(HttpMethod.Put, $"/api/payments/films/{film}", JsonContent.Create(new { access, rental }), editor);
        Assert.Equal(HttpStatusCode.OK, answer.Status);
    }

    protected Task<Answer> GrantAsync(SignedInUser user, AssetId film, string query = "") => App.PostAsync($"/api/streaming/{film}/grant{query}", accessToken: user.AccessToken);

    protected async Task<JsonElement> AccountAsync(SignedInUser user)
    {
        var answer = await App.GetAsync("/api/payments/account", user.AccessToken);
        Assert.Equal(HttpStatusCode.OK, answer.Status);
        return answer.Json;
    }

    protected PlaybackTokenOutcome Open(Answer grant, out PlaybackClaims claims) =>
        new PlaybackTokenVerifier(App.PlaybackKeys).Verify(grant.Json.GetProperty("hlsUrl").GetString()!.Split('/')[3], App.Clock.Now, out claims);
}
