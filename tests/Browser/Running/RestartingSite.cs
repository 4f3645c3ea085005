using System.Globalization;
using Movento.Contracts;
using Movento.Harness;
using Movento.Servers;
using Movento.Storage;
using Movento.Storage.Files;

namespace Movento.Browser.Tests.Running;

/// <summary>An edge in a process of its own that can be killed and started again, with a film of some seconds in two rungs; a Chromium, and the other players' site.</summary>
public sealed class RestartingSite : IAsyncLifetime
{
    /// <summary>Of the film; and so about how long it plays.</summary>
    public const int Seconds = 12;

    private readonly TemporaryFolder _folder = new();
    private AssetId _asset;
    private PeerBrowser? _browser;

    public RestartingSite() => Edge = new RunningMovento { Roles = "edge" }
        .With($"Storage:Files:Folder={Store}").With("Edge:WarmUp:SaveInterval=00:00:01").With($"EdgeServer:OperatorUrl={Operator}");

    /// <summary>The edge.</summary>
    public RunningMovento Edge { get; }

    /// <summary>Where the edge tells its figures.</summary>
    public Uri Operator { get; } = new($"http://127.0.0.1:{FreePort.Next()}");

    private string Store => _folder.Combine("store");

    public async Task InitializeAsync()
    {
        var pictures = new Dictionary<string, string>();
        foreach (var height in (int[])[180, 360]) pictures[$"v{height}"] = await EncodeAsync(height);
        var sound = _folder.Combine("sound.mp4");
        await FilmCut.MakeAsync(Film.BigBuckBunny720.Path, sound, Seconds);
        using (var store = new FileObjectStore(new FileStorageOptions { Folder = Store }, TimeProvider.System))
            _asset = await StoredFilm.PutAsync(store, pictures, sound, TimeSpan.FromSeconds(1));
        _browser = await PeerBrowser.StartAsync();
        await Edge.StartAsync();
    }

    /// <summary>The signed URL of a file of the film.</summary>
    public string UrlOf(string file) => Edge.SignedUrl(_asset, StoredFilm.Version, file);

    /// <summary>A new page with hls.js, which has no more than so many seconds in its buffer.</summary>
    public Task<IPage> OpenHlsJsAsync(int buffer) => _browser!.OpenPeerAsync("hlsjs", string.Create(CultureInfo.InvariantCulture, $"?buffer={buffer}"));

    /// <summary>A figure of the edge's: a line of /metrics by its name and labels.</summary>
    public async Task<double> FigureAsync(string name)
    {
        using var http = new HttpClient { BaseAddress = Operator };
        var line = (await http.GetStringAsync("/metrics")).Split('\n').FirstOrDefault(line => line.StartsWith(name + " ", StringComparison.Ordinal));
        return line is null ? 0 : double.Parse(line[name.Length..], CultureInfo.InvariantCulture);
    }

    public async Task DisposeAsync()
    {
        if (_browser is not null) await _browser.DisposeAsync();
        await Edge.DisposeAsync();
        _folder.Dispose();
    }

    // A key frame a second, so that a segment is as long.
    private async Task<string> EncodeAsync(int height)
    {
        var path = _folder.Combine($"{height}.mp4");
        await Tool.OutputAsync(
            "ffmpeg", "-v", "error", "-nostdin", "-y", "-t", Seconds.ToString(CultureInfo.InvariantCulture), "-i", Film.BigBuckBunny720.Path, "-an",
            "-vf", $"scale={height * 16 / 9}:{height}", "-c:v", "libx264", "-preset", "ultrafast", "-g", "24", "-sc_threshold", "0", path);
        return path;
    }
}
