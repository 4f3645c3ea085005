using System.Net.Http.Json;
using System.Security.Cryptography;
using System.Text.Json;
using Movento.Browser.Tests.Running;
using Movento.Harness;
using Movento.Servers;

namespace Movento.Browser.Tests.Uploads;

/// <summary>The real executable, which takes no film, so that what was received lies where it was received; and a Chromium.</summary>
public sealed class UploadSite : IAsyncLifetime
{
    private readonly TemporaryFolder _folder = new();
    private SharedChromium? _chromium;
    private string _script = "";

    public RunningMovento Movento { get; } = new RunningMovento().With("Ingest:Films=0");

    /// <summary>The operator's access token.</summary>
    public string Token => Movento.Http.DefaultRequestHeaders.Authorization!.Parameter!;

    public async Task InitializeAsync()
    {
        var bundle = _folder.Combine("uploads.js");
        await Tool.OutputAsync("node", Repository.Combine("tests", "npm", "bundle.mjs"), Repository.Combine("tests", "Browser", "Peers", "uploads.mjs"), bundle);
        _script = await File.ReadAllTextAsync(bundle);
        _chromium = await SharedChromium.TakeAsync();
        await Movento.InitializeAsync();
    }

    /// <summary>A page in a browser profile of its own.</summary>
    public async Task<IPage> OpenAsync()
    {
        var context = await _chromium!.Browser.NewContextAsync(new BrowserNewContextOptions { Locale = "en-GB" });
        context.SetDefaultTimeout(StreamingSite.PatienceMilliseconds);
        return await context.NewPageAsync();
    }

    /// <summary>A page with the other people's clients, on our server's own origin.</summary>
    public async Task<IPage> OpenPeerAsync()
    {
        var page = await OpenAsync();
        await page.RouteAsync("**/peers/uploads.html", route => route.FulfillAsync(new RouteFulfillOptions
        {
            ContentType = "text/html", Body = "<!doctype html><title>uploads</title><input type=file id=file><script type=module src=uploads.js></script>",
        }));
        await page.RouteAsync("**/peers/uploads.js", route => route.FulfillAsync(new RouteFulfillOptions { ContentType = "text/javascript", Body = _script }));
        await page.GotoAsync(new Uri(Movento.Api, "/peers/uploads.html").AbsoluteUri);
        await page.WaitForFunctionAsync("() => window.peer !== undefined");
        return page;
    }

    /// <summary>A file of random bytes, to be sent.</summary>
    public async Task<(string Path, byte[] Bytes)> NewFileAsync(int length)
    {
        var path = _folder.Combine($"{Guid.NewGuid():N}.mp4");
        var bytes = RandomNumberGenerator.GetBytes(length);
        await File.WriteAllBytesAsync(path, bytes);
        return (path, bytes);
    }

    /// <summary>Demands that the asset waits for a worker, with exactly these bytes.</summary>
    public async Task DemandQueuedAsync(string assetId, byte[] bytes)
    {
        JsonElement asset = default;
        await Eventually.TrueAsync(
            async () => (asset = await Movento.Http.GetFromJsonAsync<JsonElement>($"/api/assets/{assetId}")).GetProperty("state").GetString() == "queued", "it is queued");
        var stored = await File.ReadAllBytesAsync(Path.Combine(Movento.DataFolder, "objects", "uploads", assetId));
        Assert.True(bytes.AsSpan().SequenceEqual(stored), "Other bytes are stored than were sent.");
    }

    /// <summary>Lets the page send no more than so many bytes a second; −1: as many as it can.</summary>
    public static async Task<ICDPSession> ThrottleAsync(IPage page, int bytesPerSecond, ICDPSession? session = null)
    {
        session ??= await page.Context.NewCDPSessionAsync(page);
        await session.SendAsync("Network.enable");
        await session.SendAsync("Network.emulateNetworkConditions", new Dictionary<string, object>
        {
            ["offline"] = false, ["latency"] = 0, ["downloadThroughput"] = -1, ["uploadThroughput"] = bytesPerSecond,
        });
        return session;
    }

    /// <summary>Takes the line away, and gives it back.</summary>
    public static async Task BreakAsync(IPage page, ICDPSession session)
    {
        await session.SendAsync("Network.emulateNetworkConditions", new Dictionary<string, object>
        {
            ["offline"] = true, ["latency"] = 0, ["downloadThroughput"] = -1, ["uploadThroughput"] = -1,
        });
        await page.WaitForFunctionAsync("() => !navigator.onLine");
        await ThrottleAsync(page, -1, session);
    }

    public async Task DisposeAsync()
    {
        if (_chromium is not null) await _chromium.GiveBackAsync();
        await Movento.DisposeAsync();
        _folder.Dispose();
    }
}
