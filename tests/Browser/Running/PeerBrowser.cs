namespace Movento.Browser.Tests.Running;

/// <summary>A Chromium, and the other players' site.</summary>
internal sealed class PeerBrowser : IAsyncDisposable
{
    private readonly SharedChromium _chromium;
    private readonly PeerServer _peers;

    private PeerBrowser(SharedChromium chromium, PeerServer peers) => (_chromium, _peers) = (chromium, peers);

    public static async Task<PeerBrowser> StartAsync() => new(await SharedChromium.TakeAsync(), await PeerServer.StartAsync());

    /// <summary>A new page in a browser profile of its own: no cookies, no storage.</summary>
    public async Task<IPage> OpenAsync()
    {
        var context = await _chromium.Browser.NewContextAsync();
        context.SetDefaultTimeout(StreamingSite.PatienceMilliseconds);
        return await context.NewPageAsync();
    }

    /// <summary>A new page with one of the other players: <c>hlsjs</c>, <c>shaka</c> or <c>dashjs</c>; <paramref name="query"/> is what the page reads of its URL.</summary>
    public async Task<IPage> OpenPeerAsync(string player, string query = "")
    {
        var page = await OpenAsync();
        await page.GotoAsync(_peers.PageOf(player) + query);
        await page.WaitForFunctionAsync("() => window.peer !== undefined");
        return page;
    }

    public async ValueTask DisposeAsync()
    {
        await _chromium.GiveBackAsync();
        await _peers.DisposeAsync();
    }
}
