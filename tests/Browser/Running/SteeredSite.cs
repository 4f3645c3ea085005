using System.Buffers;
using Movento.Contracts;
using Movento.Edge;
using Movento.Edge.Steering;
using Movento.Harness;
using Movento.Packager.Cmaf;
using Movento.Packager.Presentations;
using Movento.Storage;
using Movento.Storage.Files;

namespace Movento.Browser.Tests.Running;

/// <summary>One store with a film of a minute in two rungs, and pairs of edges over it that steer players between them; a Chromium, and the other players' site.</summary>
public sealed class SteeredSite : IAsyncLifetime
{
    private const int Version = 1;

    private static readonly AssetId Asset = new(Guid.CreateVersion7());

    private readonly TemporaryFolder _folder = new();
    private readonly FileObjectStore _store;
    private PeerBrowser? _browser;

    public SteeredSite() => _store = new FileObjectStore(new FileStorageOptions { Folder = _folder.Combine("store") }, TimeProvider.System);

    public async Task InitializeAsync()
    {
        var small = _folder.Combine("small.mp4");
        await Tool.OutputAsync(
            "ffmpeg", "-v", "error", "-nostdin", "-y", "-i", Film.BigBuckBunny720.Path, "-an", "-vf", "scale=320:180", "-c:v", "libx264", "-preset", "ultrafast",
            "-g", "48", "-sc_threshold", "0", small);
        var json = new ArrayBufferWriter<byte>();
        PresentationJson.Write(json, new Presentation
        {
            Renditions =
            [
                await PackageAsync(small, "v180", TrackKind.Video), await PackageAsync(Film.BigBuckBunny720.Path, "v720", TrackKind.Video),
                await PackageAsync(Film.BigBuckBunny720.Path, "a0", TrackKind.Audio),
            ],
        });
        await PutAsync(StorageKey.Presentation(Asset, Version), json.WrittenSpan.ToArray());
        _browser = await PeerBrowser.StartAsync();
    }

    /// <summary>Two edges that know of one another, <c>a</c> and <c>b</c>.</summary>
    internal async Task<(SteeredEdge A, SteeredEdge B)> StartPairAsync()
    {
        EdgePathway[] pathways = [new() { Id = "a", Url = $"http://127.0.0.1:{FreePort.Next()}" }, new() { Id = "b", Url = $"http://127.0.0.1:{FreePort.Next()}" }];
        return (await StartAsync(pathways, 0), await StartAsync(pathways, 1));
    }

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
        return new SteeredEdge(await StoreEdge.StartAsync(_store, options, new Uri(pathways[own].Url).Port));
    }

    private async Task<Rendition> PackageAsync(string path, string id, TrackKind kind)
    {
        await using var source = File.OpenRead(path);
        using var file = new MemoryStream();
        var settings = new CmafSettings { Id = id, Kind = kind, SegmentDuration = TimeSpan.FromSeconds(2), IsDefault = kind == TrackKind.Audio, Language = kind == TrackKind.Audio ? "en" : null };
        var rendition = await CmafPackager.PackageAsync(source, file, settings, default);
        await PutAsync(StorageKey.Rendition(Asset, Version, id), file.ToArray());
        return rendition;
    }

    private async Task PutAsync(string key, byte[] bytes)
    {
        using var content = new MemoryStream(bytes, writable: false);
        await _store.PutAsync(key, content, "application/octet-stream", default);
    }

    /// <summary>One edge of a pair.</summary>
    internal sealed class SteeredEdge(StoreEdge edge) : IAsyncDisposable
    {
        /// <summary>Without a slash at its end.</summary>
        public string Url => edge.Url;

        /// <summary>The signed URL of a file of the film.</summary>
        public string UrlOf(string file) => edge.UrlOf(Asset, Version, file);

        public void Drain() => edge.Drain();

        public ValueTask DisposeAsync() => edge.DisposeAsync();
    }
}
