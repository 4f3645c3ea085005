using Microsoft.Extensions.Diagnostics.HealthChecks;
using Npgsql;

namespace Movento.ControlPlane.Health;

/// <summary>Whether a database answers. The reason names no host and no account: anybody may read it.</summary>
public sealed class DatabaseHealth(NpgsqlDataSource source) : IHealthCheck
{
    /// <summary>Shorter than what asks, usually: load balancers give up after some seconds.</summary>
    private static readonly TimeSpan Patience = TimeSpan.FromSeconds(2);

    public static HealthCheckRegistration Of(string name, NpgsqlDataSource source) =>
        new(name, _ => new DatabaseHealth(source), HealthStatus.Unhealthy, tags: null);

    public async Task<HealthCheckResult> CheckHealthAsync(HealthCheckContext context, CancellationToken cancellationToken = default)
    {
        using var patience = CancellationTokenSource.CreateLinkedTokenSource(cancellationToken);
        patience.CancelAfter(Patience);
        try
        {
            await using var command = source.CreateCommand("SELECT 1");
            await command.ExecuteScalarAsync(patience.Token);
            return HealthCheckResult.Healthy();
        }
        catch (OperationCanceledException) when (!cancellationToken.IsCancellationRequested)
        {
            return HealthCheckResult.Unhealthy($"The database did not answer within {Patience.TotalSeconds} seconds.");
        }
        catch (PostgresException e)
        {
            return HealthCheckResult.Unhealthy($"The database refused: SQLSTATE {e.SqlState}.");
        }
        catch (NpgsqlException)
        {
            return HealthCheckResult.Unhealthy("The database cannot be reached.");
        }
    }
}
