using System.Globalization;
using System.Net;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Hosting;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Logging;
using Movento.Contracts;
using Movento.Edge;
using Movento.Edge.Operation;
using Movento.Storage;

namespace Movento.Browser.Tests.Running;

/// <summary>A real edge over a store that the test fills, on the loopback address.</summary>
internal sealed class StoreEdge : IAsyncDisposable
{
    private static readonly PlaybackKeyRing Keys = new(new Dictionary<byte, byte[]> { [1] = Enumerable.Repeat((byte)1, 32).ToArray() }, 1);

    /// <summary>From which it derives the keys that it gives out.</summary>
    public static ContentKeySecret ContentKeys { get; } = new(Enumerable.Repeat((byte)2, ContentKeySecret.Length).ToArray());

    private readonly WebApplication _app;

    private StoreEdge(WebApplication app) => _app = app;

    /// <summary>Without a slash at its end.</summary>
    public string Url => _app.Urls.Single();

    /// <param name="port">0 for any that is free.</param>
    public static async Task<StoreEdge> StartAsync(IObjectStore store, EdgeOptions options, int port = 0)
    {
        Assert.Empty(options.Validate());
        var builder = WebApplication.CreateSlimBuilder();
        builder.Logging.ClearProviders();
        builder.Services.AddSingleton(TimeProvider.System);
        builder.Services.AddSingleton(store);
        builder.Services.AddSingleton(new PlaybackKeys(Keys));
        builder.Services.AddSingleton(ContentKeys);
        builder.Services.AddMoventoEdge(options);
        builder.WebHost.ConfigureKestrel(kestrel =>
        {
            kestrel.ConfigureMoventoEdge(options);
            kestrel.Listen(IPAddress.Loopback, port);
        });
        var app = builder.Build();
        app.UseMoventoEdge();
        await app.StartAsync();
        return new StoreEdge(app);
    }

    /// <summary>The signed URL of a file of a version.</summary>
    public string UrlOf(AssetId asset, int version, string file)
    {
        var token = new PlaybackTokenSigner(Keys).Sign(new PlaybackClaims(asset, PlaybackScope.Presentation, DateTimeOffset.UtcNow.AddHours(1), Guid.Empty));
        return string.Create(CultureInfo.InvariantCulture, $"{Url}/{token}/assets/{asset}/v{version}/{file}");
    }

    /// <summary>From now on it sends its players elsewhere.</summary>
    public void Drain() => _app.Services.GetRequiredService<DrainState>().Begin();

    public ValueTask DisposeAsync() => _app.DisposeAsync();
}
