using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Connections;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.DependencyInjection.Extensions;
using Microsoft.Extensions.Logging;
using Movento.Contracts;
using Movento.Edge.Admission;
using Movento.Edge.Cache;
using Movento.Edge.Cache.HotBlocks;
using Movento.Edge.Connections;
using Movento.Edge.Delivery;
using Movento.Edge.Health;
using Movento.Edge.Keys;
using Movento.Edge.Observation;
using Movento.Edge.Observation.Metrics;
using Movento.Edge.Observation.Playbacks;
using Movento.Edge.Observation.Requests;
using Movento.Edge.Operation;
using Movento.Edge.Origin;
using Movento.Edge.Redis;
using Movento.Edge.Steering;

namespace Movento.Edge;

/// <summary>Puts the edge into a server of its own. The host registers <c>IObjectStore</c>, <see cref="PlaybackKeys"/>, <see cref="ContentKeySecret"/> and <see cref="TimeProvider"/>.</summary>
public static class EdgeRegistration
{
    /// <summary>Registers the edge: admission, caches, delivery, origin.</summary>
    public static IServiceCollection AddMoventoEdge(this IServiceCollection services, EdgeOptions options)
    {
        services.AddSingleton(options);
        services.AddMetrics();
        services.AddSingleton<EdgeMetrics>();

        services.AddSingleton(options.Admission);
        services.AddPlaybackRevocations(options);
        services.AddSingleton<Gatekeeper>();
        services.AddSingleton(options.Limits);
        services.AddSingleton<Turnstile>();

        services.AddSingleton<OriginReader>();
        services.AddSingleton<VersionLoader>();

        services.TryAddSingleton<RedisConnection>();
        services.AddSingleton<SharedCache>();
        services.AddSingleton<BlockCache>();
        services.AddSingleton<Representations>();
        if (options.WarmUp.IsOn) services.AddWarmUp(options.WarmUp.Path!);

        services.AddSingleton<CrossOrigin>();
        services.AddSingleton<ServerData>();
        services.AddSingleton<BodyWriter>();

        services.AddSingleton<KeyDelivery>();

        services.AddSingleton<DrainState>();
        services.AddSingleton<SteeringPathways>();
        services.AddSingleton<SteeringDelivery>();

        services.AddSingleton<HealthChecks>();
        services.AddSingleton<EdgeHandler>();

        return services.AddObservation().AddTransport().QuietHosting();
    }

    private static void AddWarmUp(this IServiceCollection services, string path)
    {
        services.AddSingleton(new HotListFile(path));
        services.AddSingleton<CacheWarmer>();
        services.AddHostedService<HotListKeeper>();
    }

    private static IServiceCollection AddObservation(this IServiceCollection services)
    {
        services.AddSingleton<RequestObserver>();
        services.AddSingleton<MetricsReader>();
        services.AddSingleton<AccessLog>();
        services.AddHostedService<AccessLogWriter>();
        services.AddSingleton<PlaybackTable>();
        services.AddSingleton<PlaybackObserver>();
        services.AddSingleton<ClientDataReports>();
        services.AddHostedService<PlaybackReporter>();
        return services;
    }

    // The hosting layer makes an activity and a logging scope of every request as long as somebody might log about it: measured, half of what a hit cost
    // besides the kernel, and most of what it allocated. The edge tells of its requests itself.
    private static IServiceCollection QuietHosting(this IServiceCollection services) =>
        services.Configure<LoggerFilterOptions>(filters => filters.AddFilter("Microsoft.AspNetCore.Hosting.Diagnostics", LogLevel.None));

    // The pool and the scheduling only concern servers of this container: the edge has one of its own. Nothing between a request and its
    // bytes blocks a thread (loads and rendering run on the pool), so the transport may run the answer where the request was read.
    private static IServiceCollection AddTransport(this IServiceCollection services)
    {
        services.AddSingleton<PinnedBlockPoolFactory>();
        services.AddSingleton<IMemoryPoolFactory<byte>>(provider => provider.GetRequiredService<PinnedBlockPoolFactory>());
        return services.AddSingleton<IConnectionListenerFactory, EventLoopTransport>();
    }

    /// <summary>
    /// Ends the pipeline with the edge: every request is its own. A terminal middleware and not endpoints, because the URLs are read from
    /// the raw target, and routing would decode, match and allocate before the body of every segment.
    /// </summary>
    public static void UseMoventoEdge(this IApplicationBuilder app) =>
        app.Run(app.ApplicationServices.GetRequiredService<EdgeHandler>().InvokeAsync);
}
