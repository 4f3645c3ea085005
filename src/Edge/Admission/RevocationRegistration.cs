using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.DependencyInjection.Extensions;
using Microsoft.Extensions.Hosting;
using Movento.Contracts;
using Movento.Edge.Redis;

namespace Movento.Edge.Admission;

/// <summary>How a process takes part in revocations: an edge hears of them, a control plane speaks of them.</summary>
public static class RevocationRegistration
{
    /// <summary>Registers <see cref="IPlaybackRevocations"/>: through Redis where there is one, else within this process alone.</summary>
    public static IServiceCollection AddPlaybackRevocations(this IServiceCollection services, EdgeOptions options)
    {
        services.TryAddSingleton(options);
        services.AddSingleton<RevokedSessions>();
        if (!options.Redis.IsOn) return services.AddSingleton<IPlaybackRevocations>(provider => provider.GetRequiredService<RevokedSessions>());
        services.TryAddSingleton<RedisConnection>();
        services.AddSingleton<RedisRevocations>();
        services.AddSingleton<IPlaybackRevocations>(provider => provider.GetRequiredService<RedisRevocations>());
        return services.AddSingleton<IHostedService>(provider => provider.GetRequiredService<RedisRevocations>());
    }
}
