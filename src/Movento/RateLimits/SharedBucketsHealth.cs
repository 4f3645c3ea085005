using Microsoft.Extensions.Diagnostics.HealthChecks;

namespace Movento.RateLimits;

/// <summary>Whether the Redis is there in which processes count requests together. Without it each counts alone, and nobody is refused for it.</summary>
internal sealed class SharedBucketsHealth(SharedBuckets buckets) : IHealthCheck
{
    public Task<HealthCheckResult> CheckHealthAsync(HealthCheckContext context, CancellationToken cancellationToken = default) =>
        Task.FromResult(buckets.IsConnected ? HealthCheckResult.Healthy() : HealthCheckResult.Degraded("Redis cannot be reached: each process counts requests alone."));
}
