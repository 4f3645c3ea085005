using Movento.Edge;
using Movento.Logging;
using Movento.Storage;

namespace Movento.Hosting;

/// <summary>The server of media: a Kestrel of its own, tuned for delivery, which pages reach across origins as they would a CDN.</summary>
internal static class EdgeServer
{
    public static WebApplication Build(MoventoHost host, string? logFile)
    {
        var options = host.Options;
        var builder = WebApplication.CreateSlimBuilder();
        builder.Logging.AddMoventoLogging(logFile);
        builder.WebHost.UseUrls(options.EdgeServer.Url);
        builder.WebHost.ConfigureKestrel(kestrel => kestrel.ConfigureMoventoEdge(options.Edge));
        builder.Services.Configure<HostOptions>(hosting => hosting.ShutdownTimeout = MoventoHost.StopLimit);
        builder.Services.AddSingleton<IHostLifetime, NoLifetime>();
        builder.Services.AddSingleton(TimeProvider.System);
        builder.Services.AddSingleton(host.PlaybackKeys);
        builder.Services.AddSingleton(host.Secrets.ContentKeys());
        builder.Services.AddMoventoStorage(options.Storage);
        builder.Services.AddMoventoEdge(options.Edge);

        var app = builder.Build();
        app.UseMoventoEdge();
        return app;
    }
}
