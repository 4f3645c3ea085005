using System.Diagnostics.Metrics;
using System.Net;
using System.Security.Cryptography.X509Certificates;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Hosting;
using Microsoft.AspNetCore.Hosting.Server;
using Microsoft.AspNetCore.Hosting.Server.Features;
using Microsoft.AspNetCore.Server.Kestrel.Core;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Logging;
using Movento.Contracts;
using Movento.Edge.Observation.Playbacks;
using Movento.Harness;
using Movento.Storage;
using Movento.Storage.Files;

namespace Movento.Edge.Tests.Host;

/// <summary>A real edge on a free port of a real Kestrel, over a file store that holds <see cref="Film"/>.</summary>
internal sealed class EdgeHost : IAsyncDisposable
{
    private static readonly PlaybackKeyRing Keys = new(new Dictionary<byte, byte[]> { [1] = Enumerable.Repeat((byte)1, 32).ToArray() }, 1);

    private readonly TemporaryFolder _folder = new();
    private readonly FileObjectStore _files;
    private WebApplication? _app;

    private EdgeHost()
    {
        _files = new FileObjectStore(new FileStorageOptions { Folder = _folder.FullName }, TimeProvider.System);
        Store = new ObservedStore(_files);
    }

    public ObservedStore Store { get; }

    public MovableClock Clock { get; } = new();

    public PlaybackKeys PlaybackKeys { get; } = new(Keys);

    public required Film Film { get; init; }

    public HttpClient Client { get; private set; } = null!;

    public IPEndPoint EndPoint { get; private set; } = null!;

    public Figures Figures { get; private set; } = null!;

    public IServiceProvider Services => _app!.Services;

    /// <param name="certificate">Speaks TLS, HTTP/1.1 and HTTP/2, with it.</param>
    /// <param name="limit">Sets the server's limits otherwise than the edge does.</param>
    public static async Task<EdgeHost> StartAsync(
        Action<EdgeOptions>? configure = null, X509Certificate2? certificate = null, Action<KestrelServerLimits>? limit = null,
        IPlaybackReports? reports = null)
    {
        var host = new EdgeHost { Film = await Film.GetAsync() };
        foreach (var (key, bytes) in host.Film.Objects)
        {
            // A key is the path below the store's folder. Not through the store: its syncs are slow, and none of ours.
            var path = host._folder.Combine(key);
            Directory.CreateDirectory(System.IO.Path.GetDirectoryName(path)!);
            await File.WriteAllBytesAsync(path, bytes);
        }

        var options = new EdgeOptions { CacheBytes = 64L << 20, OriginConcurrency = 8 };
        configure?.Invoke(options);
        Assert.Empty(options.Validate());

        var builder = WebApplication.CreateSlimBuilder();
        builder.Logging.ClearProviders();
        builder.Services.AddSingleton<TimeProvider>(host.Clock);
        builder.Services.AddSingleton<IObjectStore>(host.Store);
        builder.Services.AddSingleton(host.PlaybackKeys);
        builder.Services.AddSingleton(new ContentKeySecret(Enumerable.Repeat((byte)2, ContentKeySecret.Length).ToArray()));
        if (reports is not null) builder.Services.AddSingleton(reports);
        builder.Services.AddMoventoEdge(options);
        builder.WebHost.ConfigureKestrel(kestrel =>
        {
            kestrel.ConfigureMoventoEdge(options);
            limit?.Invoke(kestrel.Limits);
            kestrel.Listen(IPAddress.Loopback, 0, listen =>
            {
                if (certificate is not null) listen.UseHttps(certificate);
            });
        });
        host._app = builder.Build();
        host._app.UseMoventoEdge();
        host.Figures = new Figures(host._app.Services.GetRequiredService<IMeterFactory>());
        await host._app.StartAsync();

        var address = new Uri(host._app.Services.GetRequiredService<IServer>().Features.Get<IServerAddressesFeature>()!.Addresses.Single());
        host.EndPoint = new IPEndPoint(IPAddress.Loopback, address.Port);
        host.Client = new HttpClient(new SocketsHttpHandler { SslOptions = { RemoteCertificateValidationCallback = (_, offered, _, _) => offered!.Equals(certificate) } }) { BaseAddress = address, Timeout = TimeSpan.FromSeconds(60) };
        return host;
    }

    /// <summary>A token as the control plane signs it.</summary>
    public string Token(PlaybackScope scope = PlaybackScope.Presentation, AssetId? asset = null, TimeSpan? lifetime = null) =>
        Sign(Claims(scope, asset, lifetime));

    /// <summary>What such a token grants.</summary>
    public PlaybackClaims Claims(PlaybackScope scope = PlaybackScope.Presentation, AssetId? asset = null, TimeSpan? lifetime = null) =>
        new(asset ?? Film.Asset, scope, Clock.GetUtcNow() + (lifetime ?? TimeSpan.FromHours(1)), Guid.Empty);

    /// <summary>A token of these claims.</summary>
    public string Sign(in PlaybackClaims claims) => new PlaybackTokenSigner(PlaybackKeys).Sign(claims);

    /// <summary>The path of a file of the film under a good token.</summary>
    public string Path(string file) => $"/{Token()}/assets/{Film.Asset}/v{Film.Version}/{file}";

    /// <summary>Sends a request; <paramref name="headers"/> as name, value, name, value.</summary>
    public async Task<HttpResponseMessage> SendAsync(HttpMethod method, string path, params string[] headers)
    {
        using var request = new HttpRequestMessage(method, new Uri(Client.BaseAddress!.GetLeftPart(UriPartial.Authority) + path));
        for (var header = 0; header < headers.Length; header += 2)
            Assert.True(request.Headers.TryAddWithoutValidation(headers[header], headers[header + 1]));
        return await Client.SendAsync(request, HttpCompletionOption.ResponseHeadersRead);
    }

    public Task<HttpResponseMessage> GetAsync(string file, params string[] headers) => SendAsync(HttpMethod.Get, Path(file), headers);

    /// <summary>Sends the same request again and again until it is answered so.</summary>
    public Task RepeatUntilAsync(HttpStatusCode status, string path, HttpMethod? method = null) => Eventually.TrueAsync(
        async () =>
        {
            using var response = await SendAsync(method ?? HttpMethod.Get, path);
            await response.Content.ReadAsByteArrayAsync();
            return response.StatusCode == status;
        },
        $"the answer is {status}");

    /// <summary>The media type of an answer, as written.</summary>
    public static string? ContentType(HttpResponseMessage response) => Header(response, "Content-Type");

    /// <summary>A header of an answer as it was on the wire, of its body or not.</summary>
    public static string? Header(HttpResponseMessage response, string name) =>
        response.Headers.NonValidated.TryGetValues(name, out var values) || response.Content.Headers.NonValidated.TryGetValues(name, out values)
            ? values.ToString()
            : null;

    /// <summary>Stops as a process does that is asked to: what waits to be written or sent goes out.</summary>
    public Task StopAsync() => _app!.StopAsync();

    public async ValueTask DisposeAsync()
    {
        Client?.Dispose();
        Figures?.Dispose();
        if (_app is not null) await _app.DisposeAsync();
        _files.Dispose();
        _folder.Dispose();
    }
}
