using Microsoft.AspNetCore.Builder;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.DependencyInjection.Extensions;
using Movento.Contracts;
using Movento.Edge.Admission;
using Movento.Edge.Cache;
using Movento.Edge.Delivery;
using Movento.Edge.Health;
using Movento.Edge.Origin;

namespace Movento.Edge;

/// <summary>Puts the edge into a server of its own. The host registers <c>IObjectStore</c>, <see cref="PlaybackKeyRing"/> and <see cref="TimeProvider"/>.</summary>
public static class EdgeRegistration
{
    /// <summary>Registers the edge: admission, caches, delivery, origin.</summary>
    public static IServiceCollection AddMoventoEdge(this IServiceCollection services, EdgeOptions options)
    {
        services.AddSingleton(options);
        services.AddMetrics();
        services.AddSingleton<EdgeMetrics>();

        services.TryAddSingleton<PlaybackTokenVerifier>();
        services.AddSingleton<Gatekeeper>();

        services.AddSingleton<OriginReader>();
        services.AddSingleton<VersionLoader>();

        services.AddSingleton<BlockCache>();
        services.AddSingleton<Representations>();

        services.AddSingleton<CrossOrigin>();
        services.AddSingleton<BodyWriter>();

        services.AddSingleton<HealthChecks>();
        return services.AddSingleton<EdgeHandler>();
    }

    /// <summary>
    /// Ends the pipeline with the edge: every request is its own. A terminal middleware and not endpoints, because the URLs are read from
    /// the raw target, and routing would decode, match and allocate before the body of every segment.
    /// </summary>
    public static void UseMoventoEdge(this IApplicationBuilder app) =>
        app.Run(app.ApplicationServices.GetRequiredService<EdgeHandler>().InvokeAsync);
}
