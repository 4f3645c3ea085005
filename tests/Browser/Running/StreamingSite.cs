using System.Globalization;
using System.Net.Http.Json;
using System.Text.Json;
using Movento.Harness;
using Movento.Servers;

namespace Movento.Browser.Tests.Running;

/// <summary>
/// What every test of this project shares: the real system, started as <c>movento demo</c>, a Chromium, and the other players' site.
/// Films are encoded once, when the first test asks for them.
/// </summary>
public sealed class StreamingSite : IAsyncLifetime
{
    /// <summary>Long enough for a machine that encodes beside the test; a passing test never waits it out.</summary>
    public const float PatienceMilliseconds = 180_000;

    private readonly Dictionary<string, string> _published = [];
    private readonly SemaphoreSlim _publishing = new(1, 1);
    private readonly TemporaryFolder _cuts = new();
    private SharedChromium? _chromium;
    private PeerServer? _peers;

    // Players care for what is in the streams, not for how small they are; faster still, there would be no pictures that are shown out of order.
    public StreamingSite() => Movento = new RunningMovento().AsDemo().With("Ingest:X264Preset=superfast").With("Ingest:Webhooks:AllowLoopback=true").With($"EdgeServer:OperatorUrl={Operator}");

    public RunningMovento Movento { get; }

    /// <summary>Where the edge tells its figures.</summary>
    public Uri Operator { get; } = new($"http://127.0.0.1:{FreePort.Next()}");

    /// <summary>The link that the demo printed: it signs its reader in once, and plays.</summary>
    public Uri WatchLink { get; private set; } = new("about:blank");

    public async Task InitializeAsync()
    {
        _chromium = await SharedChromium.TakeAsync();
        _peers = await PeerServer.StartAsync();
        await Movento.InitializeAsync();
        WatchLink = await Movento.WatchLinkAsync();
        _published[Film.BigBuckBunny720.Path] = WatchLink.Segments[^1];
    }

    /// <summary>The asset id of a film, published.</summary>
    public async Task<string> AssetIdOfAsync(Film film)
    {
        await _publishing.WaitAsync();
        try
        {
            if (_published.TryGetValue(film.Path, out var known)) return known;
            await Movento.SignInAsync();
            var path = film.Path;
            if (film.Seconds is { } seconds) await FilmCut.MakeAsync(film.Path, path = _cuts.Combine($"{Guid.NewGuid():N}.mp4"), seconds);
            var published = await Movento.PublishAsync(path, film.Title);
            return _published[film.Path] = published.AssetId;
        }
        finally
        {
            _publishing.Release();
        }
    }

    /// <summary>A viewer's account with nothing but the right to watch; e-mail address and password.</summary>
    public async Task<(string Email, string Password)> RegisterViewerAsync()
    {
        var account = (Email: $"viewer-{Guid.NewGuid():N}@example.org", Password: "a calm and quiet evening");
        using var http = new HttpClient { BaseAddress = Movento.Api };
        using var answer = await http.PostAsJsonAsync("/api/auth/register", new { email = account.Email, password = account.Password });
        answer.EnsureSuccessStatusCode();
        return account;
    }

    /// <summary>A signed URL of a film's playlist or MPD.</summary>
    public async Task<string> GrantAsync(string assetId, string protocol)
    {
        using var answer = await Movento.Http.PostAsync($"/api/streaming/{assetId}/grant", null);
        answer.EnsureSuccessStatusCode();
        return (await answer.Content.ReadFromJsonAsync<JsonElement>()).GetProperty(protocol + "Url").GetString()!;
    }

    /// <summary>A figure of the edge's: a line of /metrics without labels.</summary>
    public async Task<double> FigureAsync(string name)
    {
        using var http = new HttpClient { BaseAddress = Operator };
        var line = (await http.GetStringAsync("/metrics")).Split('\n').Single(line => line.StartsWith(name + " ", StringComparison.Ordinal));
        return double.Parse(line[name.Length..], CultureInfo.InvariantCulture);
    }

    /// <summary>The heights of the film's rungs, the highest first.</summary>
    public async Task<int[]> RungHeightsAsync(string assetId) =>
        [.. (await Movento.AssetAsync(assetId)).GetProperty("rungs").EnumerateArray()
            .Select(rung => rung.GetProperty("height").GetInt32()).Where(height => height > 0).OrderDescending()];

    /// <summary>A new page in a browser profile of its own: no cookies, no storage.</summary>
    public Task<IPage> OpenAsync(int width = 1280, int height = 800) => OpenAsync(_chromium!.Browser, width, height);

    /// <summary>A page in a Chromium that refuses to start with sound before somebody has touched the page.</summary>
    public async Task<IPage> OpenQuietlyAsync()
    {
        var browser = await Chromium.StartAsync(_chromium!.Playwright, mayPlayAloud: false);
        var page = await OpenAsync(browser, 1280, 800);
        page.Context.Close += (_, _) => _ = browser.CloseAsync();
        return page;
    }

    /// <summary>A new page with one of the other players: <c>hlsjs</c>, <c>shaka</c> or <c>dashjs</c>.</summary>
    public async Task<IPage> OpenPeerAsync(string player)
    {
        var page = await OpenAsync();
        await page.GotoAsync(_peers!.PageOf(player));
        await page.WaitForFunctionAsync("() => window.peer !== undefined");
        return page;
    }

    public async Task DisposeAsync()
    {
        if (_chromium is not null) await _chromium.GiveBackAsync();
        if (_peers is not null) await _peers.DisposeAsync();
        await Movento.DisposeAsync();
        _publishing.Dispose();
        _cuts.Dispose();
    }

    private static async Task<IPage> OpenAsync(IBrowser browser, int width, int height)
    {
        var context = await browser.NewContextAsync(new BrowserNewContextOptions
        {
            ViewportSize = new ViewportSize { Width = width, Height = height }, Locale = "en-GB",
        });
        context.SetDefaultTimeout(PatienceMilliseconds);
        return await context.NewPageAsync();
    }
}

/// <summary>Tests that share one <see cref="StreamingSite"/>; they take turns, since they share two cores too.</summary>
[CollectionDefinition(Name)]
public sealed class StreamingSiteTests : ICollectionFixture<StreamingSite>
{
    public const string Name = "streaming site";
}
