using Movento.Contracts;
using Movento.Edge;
using Movento.Edge.Steering;
using Movento.Harness;
using Movento.Storage;
using Movento.Storage.Files;

namespace Movento.Browser.Tests.Running;

/// <summary>One store with a film of a minute in two rungs, and pairs of edges over it that steer players between them, or single ones; a Chromium, and the other players' site.</summary>
public sealed class SteeredSite : IAsyncLifetime
{
    private readonly TemporaryFolder _folder = new();
    private readonly FileObjectStore _store;
    private AssetId _asset;
    private PeerBrowser? _browser;

    public SteeredSite() => _store = new FileObjectStore(new FileStorageOptions { Folder = _folder.Combine("store") }, TimeProvider.System);

    public async Task InitializeAsync()
    {
        var small = _folder.Combine("small.mp4");
        await Tool.OutputAsync(
            "ffmpeg", "-v", "error", "-nostdin", "-y", "-i", Film.BigBuckBunny720.Path, "-an", "-vf", "scale=320:180", "-c:v", "libx264", "-preset", "ultrafast",
            "-g", "48", "-sc_threshold", "0", small);
        _asset = await StoredFilm.PutAsync(
            _store, new Dictionary<string, string> { ["v180"] = small, ["v720"] = Film.BigBuckBunny720.Path }, Film.BigBuckBunny720.Path, TimeSpan.FromSeconds(2));
        _browser = await PeerBrowser.StartAsync();
    }

    /// <summary>Two edges that know of one another, <c>a</c> and <c>b</c>.</summary>
    internal async Task<(SteeredEdge A, SteeredEdge B)> StartPairAsync()
    {
        EdgePathway[] pathways = [new() { Id = "a", Url = $"http://127.0.0.1:{FreePort.Next()}" }, new() { Id = "b", Url = $"http://127.0.0.1:{FreePort.Next()}" }];
        return (await StartAsync(pathways, 0), await StartAsync(pathways, 1));
    }

    /// <summary>An edge that steers nobody.</summary>
    internal async Task<SteeredEdge> StartAloneAsync() => new(await StoreEdge.StartAsync(_store, new EdgeOptions()), _asset);

    /// <summary>A new page with one of the other players.</summary>
    internal Task<IPage> OpenPeerAsync(string player) => _browser!.OpenPeerAsync(player);

    public async Task DisposeAsync()
    {
        if (_browser is not null) await _browser.DisposeAsync();
        _store.Dispose();
        _folder.Dispose();
    }

    private async Task<SteeredEdge> StartAsync(EdgePathway[] pathways, int own)
    {
        var options = new EdgeOptions { Pathway = pathways[own].Id, SteeringLifetime = TimeSpan.FromSeconds(1) };
        foreach (var pathway in pathways) options.Pathways.Add(pathway);
        return new SteeredEdge(await StoreEdge.StartAsync(_store, options, new Uri(pathways[own].Url).Port), _asset);
    }

    /// <summary>One edge.</summary>
    internal sealed class SteeredEdge(StoreEdge edge, AssetId asset) : IAsyncDisposable
    {
        /// <summary>Without a slash at its end.</summary>
        public string Url => edge.Url;

        /// <summary>The signed URL of a file of the film.</summary>
        public string UrlOf(string file) => edge.UrlOf(asset, StoredFilm.Version, file);

        public void Drain() => edge.Drain();

        public ValueTask DisposeAsync() => edge.DisposeAsync();
    }
}

/// <summary>Shares the site between the classes that use it.</summary>
[CollectionDefinition(nameof(SteeredSite))]
public sealed class SharedSteeredSite : ICollectionFixture<SteeredSite>;
