using Microsoft.Extensions.Diagnostics.HealthChecks;
using Movento.ControlPlane.Identity.AccessTokens;

namespace Movento.Secrets;

/// <summary>Whether the key that signs access tokens is there, and is one of those that verify them.</summary>
internal sealed class AccessTokenKeyHealth(AccessTokenKeyRing keys, TimeProvider time) : IHealthCheck
{
    public Task<HealthCheckResult> CheckHealthAsync(HealthCheckContext context, CancellationToken cancellationToken = default)
    {
        var now = time.GetUtcNow();
        return Task.FromResult(keys.FindAt(keys.SigningAt(now).Key.KeyId, now) is null
            ? HealthCheckResult.Unhealthy("The key that signs access tokens verifies none.")
            : HealthCheckResult.Healthy());
    }
}
