using Microsoft.Extensions.Diagnostics.HealthChecks;

namespace Movento.ControlPlane.Health;

/// <summary>What the health checks of some kind say. Anybody may ask, so the dependencies are asked once in <see cref="Lifetime"/>, for all who do.</summary>
internal sealed class HealthReports(HealthCheckService checks, Func<HealthCheckRegistration, bool> which, TimeProvider time)
{
    private static readonly TimeSpan Lifetime = TimeSpan.FromSeconds(1);

    private readonly Lock _lock = new();
    private Task<HealthReport>? _latest;
    private long _latestAt;

    /// <summary>The newest report.</summary>
    public Task<HealthReport> LatestAsync(CancellationToken cancellationToken)
    {
        lock (_lock)
        {
            if (_latest is null || (_latest.IsCompleted && time.GetElapsedTime(_latestAt) > Lifetime))
            {
                _latestAt = time.GetTimestamp();
                // For others too: whoever goes away does not end it.
                _latest = Task.Run(() => checks.CheckHealthAsync(which, CancellationToken.None), CancellationToken.None);
            }

            return _latest.WaitAsync(cancellationToken);
        }
    }
}
