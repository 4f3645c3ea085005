using Movento.Edge;
using Movento.Harness;
using Movento.Packager.Presentations;
using Movento.Storage;
using Movento.Storage.Files;

namespace Movento.Browser.Tests.Running;

/// <summary>An edge over a store into which films are put while they are being played; a Chromium, and the other players' site.</summary>
public sealed class GrowingSite : IAsyncLifetime
{
    private readonly TemporaryFolder _folder = new();
    private readonly FileObjectStore _store;
    private PeerBrowser? _browser;
    private StoreEdge? _edge;

    public GrowingSite() => _store = new FileObjectStore(new FileStorageOptions { Folder = _folder.Combine("store") }, TimeProvider.System);

    /// <summary>What the films are made of: chunks of one second of pictures, and sound that is as long.</summary>
    internal GrowingSource Source { get; private set; } = null!;

    public async Task InitializeAsync()
    {
        Source = await GrowingSource.MakeAsync(_folder);
        _browser = await PeerBrowser.StartAsync();
        _edge = await StoreEdge.StartAsync(_store, new EdgeOptions());
    }

    /// <summary>A film of which nothing is there yet.</summary>
    /// <param name="scheme">How it is encrypted; null for in the clear.</param>
    internal GrowingFilm NewFilm(EncryptionScheme? scheme = null) => new(Source, _store, scheme);

    /// <summary>The signed URL of a file of a film.</summary>
    internal string UrlOf(GrowingFilm film, string file) => _edge!.UrlOf(film.Asset, GrowingFilm.Version, file);

    /// <summary>Takes away what was given out of a whole film early, once the edge has seen that it is whole: ingest leaves it far longer than that.</summary>
    internal async Task RemoveRemainsAsync(GrowingFilm film)
    {
        using var client = new HttpClient();
        await Eventually.TrueAsync(
            async () =>
            {
                using var answer = await client.GetAsync(new Uri(UrlOf(film, "segments/master.m3u8")));
                return answer.EnsureSuccessStatusCode().Headers.CacheControl!.Extensions.Any(extension => extension.Name == "immutable");
            },
            "the edge gives out the whole film");
        await film.RemoveRemainsAsync();
    }

    /// <summary>A new page with one of the other players.</summary>
    public Task<IPage> OpenPeerAsync(string player) => _browser!.OpenPeerAsync(player);

    public async Task DisposeAsync()
    {
        if (_browser is not null) await _browser.DisposeAsync();
        if (_edge is not null) await _edge.DisposeAsync();
        _store.Dispose();
        _folder.Dispose();
    }
}

/// <summary>Shares the site between the classes that use it.</summary>
[CollectionDefinition(nameof(GrowingSite))]
public sealed class SharedGrowingSite : ICollectionFixture<GrowingSite>;
