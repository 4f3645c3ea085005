using Microsoft.Extensions.Diagnostics.HealthChecks;
using Movento.Contracts;
using Movento.Storage;

namespace Movento.Hosting;

/// <summary>Whether the object store answers. The reason names no host and no path: anybody may read it.</summary>
internal sealed class ObjectStoreHealth(IObjectStore store) : IHealthCheck
{
    private static readonly TimeSpan Patience = TimeSpan.FromSeconds(2);

    public async Task<HealthCheckResult> CheckHealthAsync(HealthCheckContext context, CancellationToken cancellationToken = default)
    {
        using var patience = CancellationTokenSource.CreateLinkedTokenSource(cancellationToken);
        patience.CancelAfter(Patience);
        try
        {
            await store.HeadAsync(StorageKey.ReadinessProbe, patience.Token);
            return HealthCheckResult.Healthy();
        }
        catch (OperationCanceledException) when (!cancellationToken.IsCancellationRequested)
        {
            return new HealthCheckResult(context.Registration.FailureStatus, $"The object store did not answer within {Patience.TotalSeconds} seconds.");
        }
#pragma warning disable CA1031 // Whatever it is, it is what is wrong with the store.
        catch (Exception) when (!cancellationToken.IsCancellationRequested)
#pragma warning restore CA1031
        {
            return new HealthCheckResult(context.Registration.FailureStatus, "The object store does not answer.");
        }
    }
}
