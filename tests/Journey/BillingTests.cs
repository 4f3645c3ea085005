using System.Diagnostics;
using System.Net;
using System.Net.Http.Headers;
using System.Net.Http.Json;
using System.Text.Json;
using Movento.Harness;
using Movento.Servers;
using Movento.Servers.Stripe;
using Xunit.Abstractions;

namespace Movento.Journey.Tests;

/// <summary>A whole system that sells through a fake Stripe: what is not paid for any more does not play any more, at the edge.</summary>
public sealed class BillingTests(ITestOutputHelper output) : IAsyncLifetime
{
    private readonly TemporaryFolder _folder = new();
    private readonly RunningMovento _whole = new();
    private readonly HttpClient _viewer = new();
    private FakeStripeServer? _stripe;

    private FakeStripe Stripe => _stripe!.Stripe;

    [Fact]
    public async Task Plan_ThatEnds_ClosesTheEdgeWithinTheTokensLife()
    {
        await FilmCut.MakeAsync(Repository.Media("bbb_720p24_60s.mp4"), _folder.Combine("film.mp4"), seconds: 2);
        var film = await _whole.PublishAsync(_folder.Combine("film.mp4"));
        await SignUpAsync();
        using var without = await _viewer.PostAsync($"/api/streaming/{film.AssetId}/grant", null);
        Assert.Equal(HttpStatusCode.Forbidden, without.StatusCode);
        Assert.Equal("plan_required", (await without.Content.ReadFromJsonAsync<JsonElement>()).GetProperty("code").GetString());

        // 1. Cancelled at once: as soon as the webhook is there. Two seconds are promised; the time is told and decides nothing: the grant is for hours.
        var first = await SubscribeAsync();
        var url = await GrantAsync(film);
        Assert.Equal(HttpStatusCode.OK, await AskAsync(url));
        Stripe.Cancel(first);
        await DeliverAsync();
        var since = Stopwatch.StartNew();
        await Eventually.TrueAsync(async () => await AskAsync(url) == HttpStatusCode.Forbidden, "the edge knows");
        output.WriteLine($"From the webhook of a cancellation to 403 at the edge: {since.Elapsed.TotalMilliseconds:0} ms");

        // 2. The period ends, and nobody tells of it: the token's own end.
        var second = Stripe.Subscriptions[await SubscribeAsync()];
        var end = DateTimeOffset.FromUnixTimeSeconds(Stripe.Now + 10);
        lock (Stripe.Gate)
        {
            FakeStripe.Item(second)["current_period_end"] = end.ToUnixTimeSeconds();
            Stripe.SetCancelAtPeriodEnd(second["id"]!.GetValue<string>(), true);
        }

        await DeliverAsync();
        url = await GrantAsync(film);
        Assert.Equal(HttpStatusCode.OK, await AskAsync(url));
        await Eventually.TrueAsync(async () => await AskAsync(url) == HttpStatusCode.Forbidden, "the token has ended");
        var late = TimeProvider.System.GetUtcNow() - end;
        output.WriteLine($"From the end of a plan to 403 at the edge, with no webhook: {late.TotalMilliseconds:0} ms");
        Assert.True(late >= TimeSpan.Zero, $"{-late.TotalMilliseconds:0} ms too early");
    }

    public async Task InitializeAsync()
    {
        _stripe = await FakeStripeServer.StartAsync(TimeProvider.System);
        _whole.With("ControlPlane:Billing:SecretKey=" + Stripe.SecretKey)
            .With("ControlPlane:Billing:WebhookSecrets:0=" + Stripe.WebhookSecret)
            .With("ControlPlane:Billing:ApiUrl=" + _stripe.Url.AbsoluteUri);
        Stripe.AddPrice("Plan", 1000, "month", null, ("movento_plan", "plan"), ("movento_streams", "2"));
        await _whole.InitializeAsync();
        await DeliverAsync();
        _viewer.BaseAddress = _whole.Api;
    }

    public async Task DisposeAsync()
    {
        await _whole.DisposeAsync();
        if (_stripe is not null) await _stripe.DisposeAsync();
        _viewer.Dispose();
        _folder.Dispose();
    }

    private async Task SignUpAsync()
    {
        var account = new { email = "viewer@example.com", password = "correct horse battery staple" };
        using var registered = await _viewer.PostAsJsonAsync("/api/auth/register", account);
        registered.EnsureSuccessStatusCode();
        using var signedIn = await _viewer.PostAsJsonAsync("/api/auth/login", account);
        _viewer.DefaultRequestHeaders.Authorization = new AuthenticationHeaderValue(
            "Bearer", (await signedIn.Content.ReadFromJsonAsync<JsonElement>()).GetProperty("accessToken").GetString());
    }

    private async Task<string> SubscribeAsync()
    {
        var plans = await _viewer.GetFromJsonAsync<JsonElement>("/api/payments/plans");
        var priceId = plans.GetProperty("plans")[0].GetProperty("prices")[0].GetProperty("id").GetString();
        using var checkout = await _viewer.PostAsJsonAsync("/api/payments/checkout", new { priceId });
        checkout.EnsureSuccessStatusCode();
        var page = (await checkout.Content.ReadFromJsonAsync<JsonElement>()).GetProperty("url").GetString()!;
        Assert.True(Stripe.CompleteCheckout(page.Split('/')[^1]));
        await DeliverAsync();
        return Stripe.Subscriptions.Keys.Order(StringComparer.Ordinal).Last();
    }

    private async Task<Uri> GrantAsync(PlayableFilm film)
    {
        using var granted = await _viewer.PostAsync($"/api/streaming/{film.AssetId}/grant", null);
        granted.EnsureSuccessStatusCode();
        return new Uri((await granted.Content.ReadFromJsonAsync<JsonElement>()).GetProperty("hlsUrl").GetString()!);
    }

    private Task<int> DeliverAsync() => _stripe!.DeliverAsync(new Uri(_whole.Api, "/api/payments/webhook"));

    private static readonly HttpClient Player = new();

    private static async Task<HttpStatusCode> AskAsync(Uri url)
    {
        using var answer = await Player.GetAsync(url);
        return answer.StatusCode;
    }
}
