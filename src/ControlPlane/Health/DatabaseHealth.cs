using Microsoft.Extensions.Diagnostics.HealthChecks;
using Npgsql;

namespace Movento.ControlPlane.Health;

/// <summary>Whether a database answers. The reason names no host and no account: anybody may read it.</summary>
public sealed class DatabaseHealth(NpgsqlDataSource source) : IHealthCheck
{
    /// <summary>Shorter than what asks, usually: load balancers give up after some seconds.</summary>
    private static readonly TimeSpan Patience = TimeSpan.FromSeconds(2);

    /// <param name="name">What it is called in the answer.</param>
    /// <param name="source">Its connections.</param>
    /// <param name="failureStatus">What it means for the whole when it does not answer.</param>
    public static HealthCheckRegistration Of(string name, NpgsqlDataSource source, HealthStatus failureStatus = HealthStatus.Unhealthy) =>
        new(name, _ => new DatabaseHealth(source), failureStatus, tags: null);

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
            return new HealthCheckResult(context.Registration.FailureStatus, $"The database did not answer within {Patience.TotalSeconds} seconds.");
        }
        catch (PostgresException e)
        {
            return new HealthCheckResult(context.Registration.FailureStatus, $"The database refused: SQLSTATE {e.SqlState}.");
        }
        catch (NpgsqlException)
        {
            return new HealthCheckResult(context.Registration.FailureStatus, "The database cannot be reached.");
        }
    }
}
