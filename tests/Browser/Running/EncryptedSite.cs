using Movento.Servers;

namespace Movento.Browser.Tests.Running;

/// <summary>
/// The real system, which has published one film under every encryption that ingest knows, started anew with each setting; a Chromium and
/// the other players' site.
/// </summary>
public sealed class EncryptedSite : IAsyncLifetime
{
    private readonly Dictionary<string, PlayableFilm> _films = [];
    private PeerBrowser? _browser;

    /// <summary>cbcs, its key changed at every segment.</summary>
    public const string Rotating = "rotating";

    public RunningMovento Movento { get; } = new();

    /// <summary>The film under an encryption: <c>cbcs</c>, <c>cenc</c>, <c>aes-128</c> or <see cref="Rotating"/>.</summary>
    public PlayableFilm FilmOf(string encryption) => _films[encryption];

    /// <summary>The heights of the film's rungs.</summary>
    public int[] RungHeights { get; private set; } = [];

    public async Task InitializeAsync()
    {
        _browser = await PeerBrowser.StartAsync();
        foreach (var encryption in (string[])["aes-128", "cenc", "cbcs", Rotating])
        {
            // The later of two settings counts.
            Movento.With($"Ingest:Encryption={(encryption == Rotating ? "cbcs" : encryption)}").With($"Ingest:KeyPeriod={(encryption == Rotating ? "00:00:04" : "0")}");
            if (_films.Count > 0) await Movento.StopAsync();
            await Movento.InitializeAsync();
            _films[encryption] = await Movento.PublishAsync(Film.Nasa.Path, encryption);
        }

        var asset = await Movento.AssetAsync(FilmOf("cbcs").AssetId);
        RungHeights = [.. asset.GetProperty("rungs").EnumerateArray().Select(rung => rung.GetProperty("height").GetInt32()).Where(height => height > 0).OrderDescending()];
    }

    /// <summary>A new page with one of the other players.</summary>
    public Task<IPage> OpenPeerAsync(string player) => _browser!.OpenPeerAsync(player);

    /// <summary>A new page in a browser profile of its own.</summary>
    public Task<IPage> OpenAsync() => _browser!.OpenAsync();

    public async Task DisposeAsync()
    {
        if (_browser is not null) await _browser.DisposeAsync();
        await Movento.DisposeAsync();
    }
}
