using System.Net.Http.Headers;
using System.Net.Http.Json;
using System.Text.Json;
using Movento.Browser.Tests.Running;
using Movento.Harness;
using Movento.Servers;
using Movento.Servers.Stripe;

namespace Movento.Browser.Tests.Pages;

/// <summary>A plan for one stream at a time, and two browsers that want to play.</summary>
public sealed class StreamLimitTests : IAsyncLifetime
{
    private readonly TemporaryFolder _folder = new();
    private readonly RunningMovento _movento = new RunningMovento().With("Ingest:X264Preset=superfast");
    private FakeStripeServer? _stripe;
    private PeerBrowser? _browser;

    [Fact]
    public async Task Watch_WhereAnotherBrowserHasTheOnlyPlace_SaysSo_AndPlaysOnceThatHasStopped()
    {
        await FilmCut.MakeAsync(Repository.Media("bbb_720p24_60s.mp4"), _folder.Combine("film.mp4"), seconds: 8);
        var film = await _movento.PublishAsync(_folder.Combine("film.mp4"), "Big Buck Bunny");
        var account = await SubscribeAsync();
        var first = await ComeAsync(film, account);
        var playing = new WatchPage(first.Page);
        await playing.PlaysAsync();
        await playing.PassesAsync(1);

        // 1. The second one is told why, and where it plays.
        var second = await ComeAsync(film, account);
        var waiting = new WatchPage(second.Page);
        await waiting.FailsWithAsync("stream_limit_reached");
        await Assertions.Expect(waiting.Message.GetByRole(AriaRole.Heading)).ToHaveTextAsync("Too many screens");
        await Assertions.Expect(waiting.Message).ToContainTextAsync("Once one of them has stopped, this one begins. Now playing: Chrome on Linux.");
        await Assertions.Expect(waiting.Message.GetByRole(AriaRole.Button, new() { Name = "See the devices" })).ToBeVisibleAsync();
        await Assertions.Expect(playing.Message).ToBeHiddenAsync();

        // 2. Whoever goes leaves their place, which is taken without anybody's doing.
        await first.Page.GotoAsync("about:blank");
        await waiting.PlaysAsync();
        await waiting.PassesAsync(1);
        await Assertions.Expect(waiting.Message).ToBeHiddenAsync();
        // A film as long as its segments, whose sound has a last one of a single frame.
        await waiting.StateIsAsync("ended");

        // 3. And the one that comes back waits in its turn.
        await first.Page.GotoAsync(UrlOf(film));
        await playing.FailsWithAsync("stream_limit_reached");
        Assert.Empty(first.Complaints);
        Assert.Empty(second.Complaints);
    }

    public async Task InitializeAsync()
    {
        _stripe = await FakeStripeServer.StartAsync(TimeProvider.System);
        _stripe.Stripe.AddPrice("Plan", 1000, "month", null, ("movento_plan", "plan"), ("movento_streams", "1"));
        _movento.With("ControlPlane:Billing:SecretKey=" + _stripe.Stripe.SecretKey)
            .With("ControlPlane:Billing:WebhookSecrets:0=" + _stripe.Stripe.WebhookSecret)
            .With("ControlPlane:Billing:ApiUrl=" + _stripe.Url.AbsoluteUri);
        await _movento.InitializeAsync();
        _browser = await PeerBrowser.StartAsync();
    }

    public async Task DisposeAsync()
    {
        if (_browser is not null) await _browser.DisposeAsync();
        await _movento.DisposeAsync();
        if (_stripe is not null) await _stripe.DisposeAsync();
        _folder.Dispose();
    }

    private string UrlOf(PlayableFilm film) => new Uri(_movento.Api, "/watch/" + film.AssetId).AbsoluteUri;

    private async Task<Visitor> ComeAsync(PlayableFilm film, (string Email, string Password) account)
    {
        var visitor = Visitor.At(await _browser!.OpenAsync());
        await visitor.Page.GotoAsync(UrlOf(film));
        await visitor.SignInAsync(account);
        return visitor;
    }

    // An account that has the plan.
    private async Task<(string Email, string Password)> SubscribeAsync()
    {
        var account = (Email: "viewer@example.com", Password: "a calm and quiet evening");
        using var http = new HttpClient { BaseAddress = _movento.Api };
        using var registered = await http.PostAsJsonAsync("/api/auth/register", new { email = account.Email, password = account.Password });
        registered.EnsureSuccessStatusCode();
        using var signedIn = await http.PostAsJsonAsync("/api/auth/login", new { email = account.Email, password = account.Password });
        http.DefaultRequestHeaders.Authorization = new AuthenticationHeaderValue(
            "Bearer", (await signedIn.Content.ReadFromJsonAsync<JsonElement>()).GetProperty("accessToken").GetString());
        await DeliverAsync();
        var plans = await http.GetFromJsonAsync<JsonElement>("/api/payments/plans");
        var priceId = plans.GetProperty("plans")[0].GetProperty("prices")[0].GetProperty("id").GetString();
        using var checkout = await http.PostAsJsonAsync("/api/payments/checkout", new { priceId });
        var page = (await checkout.Content.ReadFromJsonAsync<JsonElement>()).GetProperty("url").GetString()!;
        Assert.True(_stripe!.Stripe.CompleteCheckout(page.Split('/')[^1]));
        await DeliverAsync();
        return account;
    }

    private Task<int> DeliverAsync() => _stripe!.DeliverAsync(new Uri(_movento.Api, "/api/payments/webhook"));
}
