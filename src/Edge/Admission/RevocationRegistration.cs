using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.DependencyInjection.Extensions;
using Movento.Contracts;

namespace Movento.Edge.Admission;

/// <summary>How a process takes part in revocations: an edge hears of them, a control plane speaks of them.</summary>
public static class RevocationRegistration
{
    /// <summary>Registers <see cref="IPlaybackRevocations"/>: within this process alone.</summary>
    public static IServiceCollection AddPlaybackRevocations(this IServiceCollection services, EdgeOptions options)
    {
        services.TryAddSingleton(options);
        services.AddSingleton<RevokedSessions>();
        return services.AddSingleton<IPlaybackRevocations>(provider => provider.GetRequiredService<RevokedSessions>());
    }
}
