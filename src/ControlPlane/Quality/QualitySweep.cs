using Dapper;
using Microsoft.Extensions.Logging;
using Npgsql;

namespace Movento.ControlPlane.Quality;

/// <summary>Removes days that are older than they are kept, and messages that nobody sends again, a bounded number of rows at a time.</summary>
internal sealed partial class QualitySweep(QualityDatabase database, ControlPlaneOptions options, TimeProvider time, ILogger<QualitySweep> logger)
    : PeriodicWork(QualitySweep.Interval, time)
{
    /// <summary>How long after its first arrival a message may come again.</summary>
    public static readonly TimeSpan MessageLifetime = TimeSpan.FromDays(7);

    private static readonly TimeSpan Interval = TimeSpan.FromMinutes(10);

    private const int RowsAtATime = 10_000;

    /// <summary>Removes what is too old; the number of rows.</summary>
    public async Task<int> SweepAsync(CancellationToken cancellationToken)
    {
        var now = Time.GetUtcNow();
        await using var connection = await database.OpenAsync(cancellationToken);
        var removed = await connection.ExecuteAsync(new CommandDefinition(
            $"""
            DELETE FROM messages WHERE id IN (
              SELECT id FROM messages WHERE received_at < @oldest LIMIT {RowsAtATime} FOR UPDATE SKIP LOCKED)
            """,
            new { oldest = now - MessageLifetime },
            cancellationToken: cancellationToken));
        return removed + await connection.ExecuteAsync(new CommandDefinition(
            $"""
            DELETE FROM film_days WHERE (day, asset_id) IN (
              SELECT day, asset_id FROM film_days WHERE day < @oldest LIMIT {RowsAtATime} FOR UPDATE SKIP LOCKED)
            """,
            new { oldest = (now - options.QualityRetention).UtcDateTime.Date },
            cancellationToken: cancellationToken));
    }

    protected override Task WorkAsync(CancellationToken cancellationToken) => SweepAsync(cancellationToken);

    protected override void Failed(NpgsqlException error) => Log.SweepFailed(logger, error);

    private static partial class Log
    {
        [LoggerMessage(3021, LogLevel.Warning, "Removing old figures of playbacks failed; the next sweep tries again")]
        public static partial void SweepFailed(ILogger logger, Exception exception);
    }
}
