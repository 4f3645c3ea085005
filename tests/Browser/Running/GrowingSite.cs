using System.Globalization;
using System.Net;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Hosting;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Logging;
using Movento.Contracts;
using Movento.Edge;
using Movento.Harness;
using Movento.Storage;
using Movento.Storage.Files;

namespace Movento.Browser.Tests.Running;

/// <summary>An edge over a store into which films are put while they are being played; a Chromium, and the other players' site.</summary>
public sealed class GrowingSite : IAsyncLifetime
{
    private static readonly PlaybackKeyRing Keys = new(new Dictionary<byte, byte[]> { [1] = Enumerable.Repeat((byte)1, 32).ToArray() }, 1);

    private readonly TemporaryFolder _folder = new();
    private readonly FileObjectStore _store;
    private IPlaywright? _playwright;
    private IBrowser? _browser;
    private PeerServer? _peers;
    private WebApplication? _edge;

    public GrowingSite() => _store = new FileObjectStore(new FileStorageOptions { Folder = _folder.Combine("store") }, TimeProvider.System);

    /// <summary>What the films are made of: chunks of one second of pictures, and sound that is as long.</summary>
    internal GrowingSource Source { get; private set; } = null!;

    public async Task InitializeAsync()
    {
        Source = await GrowingSource.MakeAsync(_folder);
        _playwright = await Playwright.CreateAsync();
        _browser = await Chromium.StartAsync(_playwright);
        _peers = await PeerServer.StartAsync();
        var options = new EdgeOptions();
        var builder = WebApplication.CreateSlimBuilder();
        builder.Logging.ClearProviders();
        builder.Services.AddSingleton(TimeProvider.System);
        builder.Services.AddSingleton<IObjectStore>(_store);
        builder.Services.AddSingleton(new PlaybackKeys(Keys));
        builder.Services.AddSingleton(new ContentKeySecret(Enumerable.Repeat((byte)2, ContentKeySecret.Length).ToArray()));
        builder.Services.AddMoventoEdge(options);
        builder.WebHost.ConfigureKestrel(kestrel =>
        {
            kestrel.ConfigureMoventoEdge(options);
            kestrel.Listen(IPAddress.Loopback, 0);
        });
        _edge = builder.Build();
        _edge.UseMoventoEdge();
        await _edge.StartAsync();
    }

    /// <summary>A film of which nothing is there yet.</summary>
    internal GrowingFilm NewFilm() => new(Source, _store);

    /// <summary>The signed URL of a file of a film.</summary>
    internal string UrlOf(GrowingFilm film, string file)
    {
        var token = new PlaybackTokenSigner(Keys).Sign(new PlaybackClaims(
            film.Asset, PlaybackScope.Presentation, DateTimeOffset.UtcNow.AddHours(1), Guid.Empty));
        return string.Create(CultureInfo.InvariantCulture, $"{_edge!.Urls.Single()}/{token}/assets/{film.Asset}/v{GrowingFilm.Version}/{file}");
    }

    /// <summary>A new page with one of the other players.</summary>
    public async Task<IPage> OpenPeerAsync(string player)
    {
        var context = await _browser!.NewContextAsync();
        context.SetDefaultTimeout(StreamingSite.PatienceMilliseconds);
        var page = await context.NewPageAsync();
        await page.GotoAsync(_peers!.PageOf(player));
        await page.WaitForFunctionAsync("() => window.peer !== undefined");
        return page;
    }

    public async Task DisposeAsync()
    {
        if (_browser is not null) await _browser.CloseAsync();
        _playwright?.Dispose();
        if (_peers is not null) await _peers.DisposeAsync();
        if (_edge is not null) await _edge.DisposeAsync();
        _store.Dispose();
        _folder.Dispose();
    }
}
