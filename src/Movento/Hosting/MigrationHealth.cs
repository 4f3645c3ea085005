using System.Reflection;
using Microsoft.Extensions.Diagnostics.HealthChecks;
using Movento.ControlPlane.Health;
using Movento.Database;
using Npgsql;

namespace Movento.Hosting;

/// <summary>Whether a schema is as this process's code wants it: part of its start.</summary>
internal sealed class MigrationHealth(NpgsqlDataSource source, string schema, Assembly assembly) : IHealthCheck
{
    public static HealthCheckRegistration Of(NpgsqlDataSource source, string schema, Assembly assembly) =>
        new(schema + " schema", _ => new MigrationHealth(source, schema, assembly), HealthStatus.Unhealthy, [HealthApi.StartupTag]);

    public async Task<HealthCheckResult> CheckHealthAsync(HealthCheckContext context, CancellationToken cancellationToken = default)
    {
        try
        {
            var missing = await MigrationRunner.FindMissingAsync(source, schema, assembly, cancellationToken);
            return missing.Count > 0
                ? HealthCheckResult.Unhealthy($"Migrations that are not applied: {string.Join(", ", missing)}.")
                : HealthCheckResult.Healthy();
        }
        catch (NpgsqlException)
        {
            return HealthCheckResult.Unhealthy("The database cannot be reached.");
        }
    }
}
