using System.Diagnostics;
using System.Net;
using System.Net.Http.Headers;
using System.Net.Http.Json;
using System.Text.Json;
using Movento.Harness;
using Movento.Servers;
using Xunit.Abstractions;

namespace Movento.Journey.Tests;

/// <summary>A whole system and a further edge of its own process, with a real Redis between them.</summary>
public sealed class LogoutTests(ITestOutputHelper output) : IAsyncLifetime
{
    private readonly TemporaryFolder _folder = new();
    private readonly RunningMovento _whole = new();
    private readonly RunningMovento _edge = new() { Roles = "edge" };
    private readonly HttpClient _viewer = new();
    private RedisServer? _redis;

    [Fact]
    public async Task Logout_ClosesWhatTheSignInPlays_AtEveryEdge()
    {
        await FilmCut.MakeAsync(Repository.Media("bbb_720p24_60s.mp4"), _folder.Combine("film.mp4"), seconds: 2);
        var film = await _whole.PublishAsync(_folder.Combine("film.mp4"));

        // Two browsers of one person, each with the cookie of its own session: it is what a log-out ends.
        using var here = new HttpClient { BaseAddress = _whole.Api };
        using var elsewhere = new HttpClient { BaseAddress = _whole.Api };
        var granted = await SignInAndGrantAsync(here, film.AssetId);
        Uri[] closing = [granted, At(_edge.Edge, granted)];
        var other = await SignInAndGrantAsync(elsewhere, film.AssetId);
        Uri[] open = [other, At(_edge.Edge, other)];
        foreach (var url in (Uri[])[.. closing, .. open]) Assert.Equal(HttpStatusCode.OK, await AskAsync(url));

        using var logout = await here.PostAsync("/api/auth/logout", null);
        var since = Stopwatch.StartNew();
        Assert.Equal(HttpStatusCode.NoContent, logout.StatusCode);
        // Two seconds are promised. How long it takes is told and decides nothing: but for the log-out these grants play on for hours.
        await Eventually.TrueAsync(
            async () => await AskAsync(closing[0]) == HttpStatusCode.Forbidden && await AskAsync(closing[1]) == HttpStatusCode.Forbidden, "both edges know");
        output.WriteLine($"From the log-out to 403 at both edges: {since.Elapsed.TotalMilliseconds:0} ms");
        foreach (var url in open) Assert.Equal(HttpStatusCode.OK, await AskAsync(url));

        // What the access token could do in its last minutes.
        using var refused = await here.PostAsync($"/api/streaming/{film.AssetId}/grant", null);
        Assert.Equal(HttpStatusCode.Unauthorized, refused.StatusCode);
    }

    public async Task InitializeAsync()
    {
        _redis = await RedisServer.StartAsync();
        _whole.With("Edge:Redis:Configuration=" + _redis.Configuration);
        await _whole.InitializeAsync();
        _edge.With("Edge:Redis:Configuration=" + _redis.Configuration)
            .With("SecretsFile=" + Path.Combine(_whole.DataFolder, "secrets.json"))
            .With("Storage:Files:Folder=" + Path.Combine(_whole.DataFolder, "objects"));
        await _edge.StartAsync();
    }

    public async Task DisposeAsync()
    {
        await _edge.DisposeAsync();
        await _whole.DisposeAsync();
        if (_redis is not null) await _redis.DisposeAsync();
        _viewer.Dispose();
        _folder.Dispose();
    }

    private async Task<Uri> SignInAndGrantAsync(HttpClient browser, string assetId)
    {
        var (email, password) = _whole.Operator;
        using var signedIn = await browser.PostAsJsonAsync("/api/auth/login", new { email, password });
        browser.DefaultRequestHeaders.Authorization = new AuthenticationHeaderValue(
            "Bearer", (await signedIn.Content.ReadFromJsonAsync<JsonElement>()).GetProperty("accessToken").GetString());
        using var granted = await browser.PostAsync($"/api/streaming/{assetId}/grant", null);
        return new Uri((await granted.Content.ReadFromJsonAsync<JsonElement>()).GetProperty("hlsUrl").GetString()!);
    }

    private async Task<HttpStatusCode> AskAsync(Uri url)
    {
        using var answer = await _viewer.GetAsync(url);
        return answer.StatusCode;
    }

    private static Uri At(Uri edge, Uri url) => new(edge, url.PathAndQuery);
}
