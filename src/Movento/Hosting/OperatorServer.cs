using Movento.Edge.Operation;
using Movento.Logging;

namespace Movento.Hosting;

/// <summary>The server for whoever runs the edge: figures for Prometheus, at an address of its own that no viewer reaches.</summary>
internal static class OperatorServer
{
    /// <param name="url">Where it listens.</param>
    /// <param name="edge">The edge that it is about; not started yet, so that nothing of it is missed.</param>
    public static WebApplication Build(MoventoHost host, string url, WebApplication edge, string? logFile)
    {
        var builder = ServerBuilder.Create();
        builder.Logging.AddMoventoLogging(logFile);
        builder.WebHost.UseUrls(url);
        builder.WebHost.ConfigureKestrel(kestrel =>
        {
            kestrel.AddServerHeader = false;
            kestrel.Limits.MaxConcurrentConnections = 64;
            kestrel.Limits.MaxRequestBodySize = 0;
        });
        builder.Services.AddSingleton<IHostLifetime, NoLifetime>();
        var app = builder.Build();
        app.UseMoventoEdgeOperator(edge.Services, host.Options.EdgeServer.OperatorToken);
        return app;
    }
}
