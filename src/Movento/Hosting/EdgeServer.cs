using MassTransit;
using Movento.ControlPlane.Quality;
using Movento.Edge;
using Movento.Edge.Observation.Playbacks;
using Movento.Logging;
using Movento.Storage;

namespace Movento.Hosting;

/// <summary>The server of media: a Kestrel of its own, tuned for delivery, which pages reach across origins as they would a CDN.</summary>
internal static class EdgeServer
{
    public static WebApplication Build(MoventoHost host, string? logFile)
    {
        var options = host.Options;
        var builder = ServerBuilder.Create();
        builder.Logging.AddMoventoLogging(logFile);
        builder.WebHost.UseUrls(options.EdgeServer.Url);
        builder.WebHost.ConfigureKestrel(kestrel => kestrel.ConfigureMoventoEdge(options.Edge));
        if (options.EdgeServer.Certificate is { } certificate)
        {
            var file = new CertificateFile(certificate, options.EdgeServer.CertificateKey, TimeProvider.System);
            builder.WebHost.UseKestrelHttpsConfiguration();
            builder.WebHost.ConfigureKestrel(kestrel => kestrel.ConfigureHttpsDefaults(https =>
            {
                https.ServerCertificateSelector = (_, _) => file.Current;
                https.ServerCertificateChain = file.Chain;
            }));
        }

        builder.Services.Configure<HostOptions>(hosting => hosting.ShutdownTimeout = MoventoHost.StopLimit);
        builder.Services.AddSingleton<IHostLifetime, NoLifetime>();
        builder.Services.AddSingleton(TimeProvider.System);
        builder.Services.AddSingleton(host.PlaybackKeys);
        builder.Services.AddSingleton(host.Secrets.ContentKeys());
        builder.Services.AddMoventoStorage(options.Storage);
        // Before the edge, so that it stops after it: the last reports go out by it.
        AddMessages(builder.Services, host);
        builder.Services.AddMoventoEdge(options.Edge);

        var app = builder.Build();
        app.UseMoventoEdge();
        return app;
    }

    // A process with other roles has a bus already; an edge alone has one of its own, to send by, or nobody to tell. A bus inside the process
    // forgets what is on its way when it stops, so there reports go straight to who keeps them.
    private static void AddMessages(IServiceCollection services, MoventoHost host)
    {
        switch (host.Options)
        {
            case { Roles: Roles.Edge, Messaging.RabbitMq: { } address }:
                services.AddMassTransit(bus =>
                {
                    bus.DisableUsageTelemetry();
                    bus.UsingRabbitMq((_, rabbit) => rabbit.Host(new Uri(address)));
                });
                services.AddSingleton<IPlaybackReports>(provider => new PlaybackMessages(provider.GetRequiredService<IBus>));
                break;
            case { Roles: Roles.Edge }:
                break;
            case { Messaging.RabbitMq: null }:
                services.AddSingleton<IPlaybackReports>(new PlaybackRecords(() => host.Api?.Services.GetService<QualityRecords>()));
                break;
            default:
                services.AddSingleton<IPlaybackReports>(new PlaybackMessages(() => host.Api?.Services.GetService<IBus>()));
                break;
        }
    }
}
