using System.Globalization;
using System.Net;
using System.Net.Http.Headers;
using MassTransit;
using Microsoft.Extensions.DependencyInjection;
using Movento.Contracts;
using Movento.Harness;

namespace Movento.ApiDescription.Tests;

/// <summary>A day of the service through Prism: what goes over the wire is what the document says. What Prism cannot see through is in <see cref="DirectTrafficTests"/>;
/// and it answers 501 by itself.</summary>
[Collection(nameof(DescribedHost))]
public sealed class TrafficTests(DescribedHost host)
{
    private const string Password = "correct horse battery staple";

    [Fact]
    public async Task Traffic_OfEveryArea_IsAsTheDocumentSays()
    {
        await using var prism = await PrismProxy.StartAsync(host.DocumentFile, host.Url);

        await AnybodyAsync(prism);
        await AccountAsync(prism);
        await BuyingAsync(prism);
        await EditingAsync(prism);
        await WatchingAsync(prism);
        await AdministeringAsync(prism);
        await LeavingAsync(prism);

        Assert.Empty(prism.Wrong);
    }

    private static async Task AnybodyAsync(PrismProxy prism)
    {
        foreach (var path in (string[])
                 ["/health/live", "/health/ready", "/.well-known/jwks.json", "/api/movies", "/api/movies?limit=2&language=de", "/api/series", "/api/search?q=night&kind=movie&genre=drama&yearFrom=1990"])
            await AnswersAsync(prism.GetAsync(path), HttpStatusCode.OK);

        // What is wrong is said so, and by the words that the document has.
        await AnswersAsync(prism.GetAsync("/api/movies?limit=many"), HttpStatusCode.BadRequest);
        await AnswersAsync(prism.GetAsync("/api/movies/0123456789abcdef0123456789abcdef"), HttpStatusCode.NotFound);
        await AnswersAsync(prism.GetAsync("/api/series/0123456789abcdef0123456789abcdef/episodes"), HttpStatusCode.NotFound);
        await AnswersAsync(prism.GetAsync("/api/recommendations/similar/0123456789abcdef0123456789abcdef"), HttpStatusCode.NotFound);
        await AnswersAsync(prism.GetAsync("/api/users/me"), HttpStatusCode.Unauthorized);
        await AnswersAsync(prism.GetAsync("/api/assets"), HttpStatusCode.Unauthorized);
        await AnswersAsync(prism.PostAsync("/api/auth/login", new { email = "nobody@example.com", password = Password }), HttpStatusCode.Unauthorized);
        await AnswersAsync(prism.PostAsync("/api/auth/login", new { email = "nobody" }), HttpStatusCode.BadRequest);
        await AnswersAsync(prism.PostAsync("/api/auth/exchange", new { code = "never" }), HttpStatusCode.Unauthorized);
        await AnswersAsync(prism.PostAsync("/api/auth/refresh"), HttpStatusCode.Unauthorized);
        await AnswersAsync(prism.PostAsync("/api/auth/confirm", new { token = "never" }), HttpStatusCode.BadRequest);
        await AnswersAsync(prism.PostAsync("/api/auth/password/forgotten", new { email = "nobody@example.com" }), HttpStatusCode.Accepted);
        await AnswersAsync(prism.PostAsync("/api/auth/password/reset", new { token = "never", password = Password }), HttpStatusCode.BadRequest);
        await AnswersAsync(prism.PostAsync("/api/auth/login/second-factor", new { ticket = "never", code = "000000" }), HttpStatusCode.Unauthorized);
        await AnswersAsync(prism.PostAsync("/api/streaming/revocations", new { session = new string('0', 32) }), HttpStatusCode.Unauthorized);
    }

    private static async Task AccountAsync(PrismProxy prism)
    {
        await AnswersAsync(prism.PostAsync("/api/auth/register", new { email = "viewer@example.com", password = Password, name = "Viewer" }), HttpStatusCode.Created);
        var signedIn = await AnswersAsync(prism.PostAsync("/api/auth/login", new { email = "viewer@example.com", password = Password }), HttpStatusCode.OK);
        var refreshed = await AnswersAsync(prism.PostAsync("/api/auth/refresh", null, ("Cookie", signedIn.Cookie("movento_refresh"))), HttpStatusCode.OK);
        prism.AccessToken = refreshed["accessToken"];
        var again = await AnswersAsync(
            prism.PostAsync("/api/auth/reauthenticate", new { password = Password }, ("Cookie", refreshed.Cookie("movento_refresh"))), HttpStatusCode.OK);
        prism.AccessToken = again["accessToken"];

        foreach (var path in (string[])["/api/users/me", "/api/users/me/second-factor", "/api/users/me/profiles", "/api/users/me/export", "/api/auth/sessions?limit=1"])
            await AnswersAsync(prism.GetAsync(path), HttpStatusCode.OK);
        var profile = await AnswersAsync(prism.PostAsync("/api/users/me/profiles", new { name = "Kids", isKids = true, language = "de" }), HttpStatusCode.Created);
        await AnswersAsync(prism.SendAsync(HttpMethod.Patch, $"/api/users/me/profiles/{profile["id"]}", PrismProxy.Json(new { name = "Children" })), HttpStatusCode.OK);
        await AnswersAsync(prism.SendAsync(HttpMethod.Put, "/api/auth/profile", PrismProxy.Json(new { profileId = profile["id"] })), HttpStatusCode.OK);
        // Out of a child's profile, the password is asked for again.
        await AnswersAsync(prism.SendAsync(HttpMethod.Delete, $"/api/users/me/profiles/{profile["id"]}"), HttpStatusCode.Forbidden);
        var unlocked = await AnswersAsync(
            prism.PostAsync("/api/auth/reauthenticate", new { password = Password }, ("Cookie", again.Cookie("movento_refresh"))), HttpStatusCode.OK);
        prism.AccessToken = unlocked["accessToken"];
        await AnswersAsync(prism.SendAsync(HttpMethod.Delete, $"/api/users/me/profiles/{profile["id"]}"), HttpStatusCode.NoContent);
        await AnswersAsync(prism.PostAsync("/api/users/me/second-factor"), HttpStatusCode.OK);
        await AnswersAsync(prism.PostAsync("/api/users/me/second-factor/confirm", new { code = "000000" }), HttpStatusCode.BadRequest);
        await AnswersAsync(prism.PostAsync("/api/users/me/second-factor/recovery-codes"), HttpStatusCode.Conflict);
        await AnswersAsync(prism.SendAsync(HttpMethod.Delete, $"/api/auth/sessions/{new string('0', 32)}"), HttpStatusCode.NotFound);
        await AnswersAsync(prism.SendAsync(HttpMethod.Delete, "/api/auth/sessions"), HttpStatusCode.NoContent);
        await AnswersAsync(prism.PostAsync("/api/auth/password", new { currentPassword = Password, newPassword = Password + "!" }), HttpStatusCode.NoContent);
        await AnswersAsync(prism.GetAsync("/api/users"), HttpStatusCode.Forbidden);
    }

    private async Task BuyingAsync(PrismProxy prism)
    {
        await DeliverAsync();
        var plans = await AnswersAsync(prism.GetAsync("/api/payments/plans"), HttpStatusCode.OK);
        var prices = plans.Json.GetProperty("plans").EnumerateArray().Select(plan => plan.GetProperty("prices")[0].GetProperty("id").GetString()).ToList();
        await AnswersAsync(prism.PostAsync("/api/payments/portal"), HttpStatusCode.NotFound);
        await AnswersAsync(prism.SendAsync(HttpMethod.Patch, "/api/payments/subscription", PrismProxy.Json(new { cancelAtPeriodEnd = true })), HttpStatusCode.Conflict);
        var checkout = await AnswersAsync(prism.PostAsync("/api/payments/checkout", new { priceId = prices[0] }), HttpStatusCode.Created);
        Assert.True(host.Stripe.Stripe.CompleteCheckout(checkout["url"].Split('/')[^1]));
        await DeliverAsync();
        await AnswersAsync(prism.PostAsync("/api/payments/checkout", new { priceId = prices[0] }), HttpStatusCode.Conflict);
        await AnswersAsync(prism.PostAsync("/api/payments/subscription/preview", new { priceId = prices[1] }), HttpStatusCode.OK);
        await AnswersAsync(prism.SendAsync(HttpMethod.Patch, "/api/payments/subscription", PrismProxy.Json(new { cancelAtPeriodEnd = true })), HttpStatusCode.OK);
        foreach (var path in (string[])["/api/payments/account", "/api/payments/invoices", "/api/payments/rentals", $"/api/payments/films/{AssetId.New(TimeProvider.System.GetUtcNow())}"])
            await AnswersAsync(prism.GetAsync(path), HttpStatusCode.OK);
        await AnswersAsync(prism.PostAsync("/api/payments/account/refresh"), HttpStatusCode.OK);
        await AnswersAsync(prism.PostAsync("/api/payments/portal"), HttpStatusCode.Created);
        await AnswersAsync(prism.PostAsync("/api/payments/webhook", new { }, ("Stripe-Signature", "t=1,v1=00")), HttpStatusCode.BadRequest);
    }

    private async Task EditingAsync(PrismProxy prism)
    {
        var secrets = host.Host.Secrets;
        var signedIn = await AnswersAsync(prism.PostAsync("/api/auth/login", new { email = secrets.OperatorEmail, password = secrets.OperatorPassword }), HttpStatusCode.OK);
        prism.AccessToken = signedIn["accessToken"];

        // Of ingest.
        var receipt = await AnswersAsync(prism.SendAsync(HttpMethod.Put, "/api/uploads/film.mp4?title=A%20film", new StringContent("not much of a film")), HttpStatusCode.Created);
        var asset = receipt["assetId"];
        await AnswersAsync(prism.SendAsync(HttpMethod.Put, "/api/uploads/film.mp4?priority=7", new StringContent("film")), HttpStatusCode.BadRequest);
        await AnswersAsync(prism.SendAsync(HttpMethod.Delete, $"/api/uploads/{new string('0', 32)}"), HttpStatusCode.NotFound);
        await Eventually.TrueAsync(
            async () => (await prism.GetAsync($"/api/assets/{asset}"))["state"] == "rejected", "what is no film is rejected");
        foreach (var path in (string[])["/api/assets", "/api/assets?limit=1&state=queued,rejected&title=film", $"/api/assets/{asset}", $"/api/assets/{asset}/versions", $"/api/assets/{asset}/subtitles"])
            await AnswersAsync(prism.GetAsync(path), HttpStatusCode.OK);
        await AnswersAsync(prism.GetAsync("/api/assets?state=lost"), HttpStatusCode.BadRequest);
        await AnswersAsync(prism.GetAsync($"/api/assets/{asset}/versions/1/receipt"), HttpStatusCode.NotFound);
        await AnswersAsync(prism.SendAsync(HttpMethod.Patch, $"/api/assets/{asset}", PrismProxy.Json(new { priority = 1, title = "The film" })), HttpStatusCode.OK);
        var text = new StringContent("1\n00:00:00,000 --> 00:00:01,000\nHello\n", MediaTypeHeaderValue.Parse("application/x-subrip"));
        var subtitles = await AnswersAsync(
            prism.SendAsync(HttpMethod.Post, $"/api/assets/{asset}/subtitles?language=en&role=caption&fileName=film.srt", text), HttpStatusCode.Created);
        await AnswersAsync(prism.SendAsync(HttpMethod.Delete, $"/api/assets/{asset}/subtitles/{subtitles["id"]}"), HttpStatusCode.NoContent);
        await AnswersAsync(prism.SendAsync(HttpMethod.Put, $"/api/assets/{asset}/subtitles/film.de.vtt", new StringContent("no subtitles")), HttpStatusCode.BadRequest);
        await AnswersAsync(prism.SendAsync(HttpMethod.Put, $"/api/assets/{asset}/poster", new StringContent("no picture")), HttpStatusCode.BadRequest);
        await AnswersAsync(prism.PostAsync($"/api/assets/{asset}/versions", new { priority = 7 }), HttpStatusCode.BadRequest);
        await AnswersAsync(prism.PostAsync($"/api/assets/{asset}/cancel"), HttpStatusCode.Conflict);
        await AnswersAsync(prism.SendAsync(HttpMethod.Delete, $"/api/assets/{asset}"), HttpStatusCode.NoContent);

        // Webhooks.
        var webhook = await AnswersAsync(prism.PostAsync("/api/webhooks", new { url = "https://example.com/hook", events = (string[])["asset.published"] }), HttpStatusCode.Created);
        var endpoint = $"/api/webhooks/{webhook["id"]}";
        await AnswersAsync(prism.PostAsync("/api/webhooks", new { url = "ftp://example.com" }), HttpStatusCode.BadRequest);
        await AnswersAsync(prism.GetAsync("/api/webhooks"), HttpStatusCode.OK);
        await AnswersAsync(prism.GetAsync(endpoint), HttpStatusCode.OK);
        await AnswersAsync(prism.SendAsync(HttpMethod.Patch, endpoint, PrismProxy.Json(new { enabled = false })), HttpStatusCode.OK);
        await AnswersAsync(prism.PostAsync(endpoint + "/secret", new { keepPreviousSeconds = 60 }), HttpStatusCode.OK);
        await AnswersAsync(prism.PostAsync(endpoint + "/test"), HttpStatusCode.Accepted);
        var deliveries = await AnswersAsync(prism.GetAsync(endpoint + "/deliveries?limit=5&state=pending"), HttpStatusCode.OK);
        var delivery = deliveries.Json.GetProperty("items")[0].GetProperty("id").GetString();
        await AnswersAsync(prism.GetAsync($"{endpoint}/deliveries/{delivery}"), HttpStatusCode.OK);
        await AnswersAsync(prism.PostAsync($"{endpoint}/deliveries/{delivery}/replay"), HttpStatusCode.Accepted);
        await AnswersAsync(prism.PostAsync(endpoint + "/replay", new { since = "2026-01-01T00:00:00Z" }), HttpStatusCode.Accepted);
        await AnswersAsync(prism.SendAsync(HttpMethod.Delete, endpoint), HttpStatusCode.NoContent);

        // What editors say.
        var series = await AnswersAsync(prism.PostAsync("/api/series", new { title = "A series", genres = (string[])["drama"], status = "draft" }), HttpStatusCode.Created);
        var seriesPath = series.Headers.Location!.ToString();
        await AnswersAsync(prism.GetAsync(seriesPath), HttpStatusCode.OK);
        await AnswersAsync(
            prism.SendAsync(HttpMethod.Patch, seriesPath, PrismProxy.Json(new { seasons = (object[])[new { number = 1 }] }), ("If-Match", series.Headers.ETag!.Tag)), HttpStatusCode.OK);
        await AnswersAsync(prism.SendAsync(HttpMethod.Put, seriesPath, PrismProxy.Json(new { title = "The series" }), ("If-Match", series.Headers.ETag!.Tag)), HttpStatusCode.PreconditionFailed);
        await AnswersAsync(prism.GetAsync("/api/series/details?limit=1"), HttpStatusCode.OK);
        await AnswersAsync(prism.SendAsync(HttpMethod.Delete, seriesPath, null, ("If-Match", "*")), HttpStatusCode.NoContent);
        var film = AssetId.New(TimeProvider.System.GetUtcNow());
        var said = new
        {
            title = "Named before its upload", description = "Long.", releaseYear = 1999, ageRating = new { label = "FSK 12", minimumAge = 12 }, genres = (string[])["science-fiction"],
            people = (object[])[new { name = "Somebody", role = "actor", character = "Anybody" }], titles = new { de = "Vorher benannt" },
        };
        var named = await AnswersAsync(prism.SendAsync(HttpMethod.Put, $"/api/movies/{film}/details", PrismProxy.Json(said), ("If-None-Match", "*")), HttpStatusCode.Created);
        await AnswersAsync(prism.GetAsync($"/api/movies/{film}/details"), HttpStatusCode.OK);
        await AnswersAsync(
            prism.SendAsync(HttpMethod.Patch, $"/api/movies/{film}/details", PrismProxy.Json(new { title = "Another" }), ("If-Match", named.Headers.ETag!.Tag)), HttpStatusCode.OK);
        await AnswersAsync(prism.SendAsync(HttpMethod.Patch, $"/api/movies/{film}/details", PrismProxy.Json(new { title = "Another" })), HttpStatusCode.PreconditionRequired);
        await AnswersAsync(prism.GetAsync("/api/movies/details?status=published&limit=1"), HttpStatusCode.OK);
        await AnswersAsync(prism.SendAsync(HttpMethod.Delete, $"/api/movies/{film}/details", null, ("If-Match", "*")), HttpStatusCode.NoContent);

        foreach (var path in (string[])["/api/quality/films?from=2026-01-01&limit=5", "/api/recommendations/experiment?days=3"])
            await AnswersAsync(prism.GetAsync(path), HttpStatusCode.OK);
    }

    private async Task WatchingAsync(PrismProxy prism)
    {
        var film = AssetId.New(TimeProvider.System.GetUtcNow());
        await host.Host.Api!.Services.GetRequiredService<IBus>().Publish(
            new AssetPublished(film.Value, host.Host.OperatorId, "A film", 1, 60, 1280, 720, HasPoster: true, TimeProvider.System.GetUtcNow()));
        await Eventually.TrueAsync(async () => (await host.Http.GetAsync($"/api/movies/{film}")).IsSuccessStatusCode, "the film is in the catalogue");

        foreach (var path in (string[])[$"/api/movies/{film}", "/api/movies", "/api/search?q=film", $"/api/recommendations/similar/{film}", "/api/recommendations/home"])
            await AnswersAsync(prism.GetAsync(path), HttpStatusCode.OK);
        await AnswersAsync(prism.SendAsync(HttpMethod.Put, $"/api/payments/films/{film}", PrismProxy.Json(new { access = "free" })), HttpStatusCode.OK);
        var grant = await AnswersAsync(prism.PostAsync($"/api/streaming/{film}/grant?maxHeight=720&deviceName=Test"), HttpStatusCode.OK);
        await AnswersAsync(prism.PostAsync("/api/streaming/heartbeats", new { session = grant["session"] }), HttpStatusCode.NoContent);
        var now = TimeProvider.System.GetUtcNow().ToString("O", CultureInfo.InvariantCulture);
        await AnswersAsync(
            prism.PostAsync("/api/viewing/heartbeats", new { sentAt = now, items = (object[])[new { assetId = film.ToString(), position = 20, duration = 60, watchedAt = now }] }),
            HttpStatusCode.NoContent);
        foreach (var path in (string[])["/api/viewing/history", "/api/viewing/continue?limit=5", $"/api/viewing/history/{film}", "/api/viewing/export", "/api/streaming/devices"])
            await AnswersAsync(prism.GetAsync(path), HttpStatusCode.OK);
        await AnswersAsync(prism.SendAsync(HttpMethod.Delete, $"/api/viewing/history/{film}"), HttpStatusCode.NoContent);
        await AnswersAsync(prism.SendAsync(HttpMethod.Delete, "/api/viewing/history"), HttpStatusCode.NoContent);
        await AnswersAsync(prism.SendAsync(HttpMethod.Delete, "/api/recommendations/history"), HttpStatusCode.NoContent);
        await AnswersAsync(prism.PostAsync("/api/streaming/revocations", new { session = grant["session"] }), HttpStatusCode.NoContent);
        await AnswersAsync(prism.PostAsync("/api/streaming/heartbeats", new { session = grant["session"] }), HttpStatusCode.Gone);
        await AnswersAsync(prism.SendAsync(HttpMethod.Delete, $"/api/streaming/sessions/{grant["session"]}"), HttpStatusCode.NoContent);
        await AnswersAsync(prism.SendAsync(HttpMethod.Delete, $"/api/streaming/devices/{new string('0', 32)}"), HttpStatusCode.NotFound);
    }

    private static async Task AdministeringAsync(PrismProxy prism)
    {
        var users = await AnswersAsync(prism.GetAsync("/api/users?email=viewer@example.com"), HttpStatusCode.OK);
        var viewer = users.Json.GetProperty("items")[0].GetProperty("id").GetString();
        await AnswersAsync(prism.SendAsync(HttpMethod.Put, $"/api/users/{viewer}/roles", PrismProxy.Json(new { roles = (string[])["viewer", "editor"] })), HttpStatusCode.OK);
        await AnswersAsync(prism.PostAsync($"/api/users/{viewer}/password-reset"), HttpStatusCode.Accepted);
        await AnswersAsync(prism.SendAsync(HttpMethod.Delete, $"/api/users/{viewer}/sessions"), HttpStatusCode.NoContent);
        await AnswersAsync(prism.GetAsync("/api/users/audit?limit=1"), HttpStatusCode.OK);
        var key = await AnswersAsync(prism.PostAsync("/api/users/me/api-keys", new { name = "Robot", scopes = (string[])["upload", "assets:read"] }), HttpStatusCode.Created);
        await AnswersAsync(prism.GetAsync("/api/users/me/api-keys"), HttpStatusCode.OK);
        var person = prism.AccessToken;
        prism.AccessToken = key["apiKey"];
        await AnswersAsync(prism.GetAsync("/api/assets"), HttpStatusCode.OK);
        await AnswersAsync(prism.GetAsync("/api/webhooks"), HttpStatusCode.Forbidden);
        prism.AccessToken = person;
        await AnswersAsync(prism.SendAsync(HttpMethod.Delete, $"/api/users/me/api-keys/{key.Json.GetProperty("key").GetProperty("id").GetString()}"), HttpStatusCode.NoContent);
    }

    private async Task LeavingAsync(PrismProxy prism)
    {
        await AnswersAsync(prism.SendAsync(HttpMethod.Delete, "/api/users/me"), HttpStatusCode.Conflict);
        var secrets = host.Host.Secrets;
        var signedIn = await AnswersAsync(prism.PostAsync("/api/auth/login", new { email = secrets.OperatorEmail, password = secrets.OperatorPassword }), HttpStatusCode.OK);
        await AnswersAsync(prism.PostAsync("/api/auth/logout", null, ("Cookie", signedIn.Cookie("movento_refresh"))), HttpStatusCode.NoContent);
    }

    private Task<int> DeliverAsync() => host.Stripe.DeliverAsync(new Uri(host.Url, "/api/payments/webhook"));

    private static async Task<ProxiedAnswer> AnswersAsync(Task<ProxiedAnswer> sent, HttpStatusCode status)
    {
        var answer = await sent;
        Assert.True(status == answer.Status, $"{answer.Status} in place of {status}: {answer.Text}");
        return answer;
    }
}
