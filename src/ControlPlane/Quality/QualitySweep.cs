using Microsoft.Extensions.Logging;
using Npgsql;

namespace Movento.ControlPlane.Quality;

/// <summary>Removes days that are older than they are kept, and messages that nobody sends again.</summary>
internal sealed partial class QualitySweep(QualityDatabase database, ControlPlaneOptions options, TimeProvider time, ILogger<QualitySweep> logger)
    : PeriodicWork(QualitySweep.Interval, time)
{
    /// <summary>How long after its first arrival a message may come again.</summary>
    public static readonly TimeSpan MessageLifetime = TimeSpan.FromDays(7);

    private static readonly TimeSpan Interval = TimeSpan.FromMinutes(10);

    /// <summary>Removes what is too old; the number of rows.</summary>
    public async Task<int> SweepAsync(CancellationToken cancellationToken)
    {
        var now = Time.GetUtcNow();
        await using var connection = await database.OpenAsync(cancellationToken);
        return await ExpiredRows.RemoveAsync(connection, "messages", "id", "received_at < @oldest", new { oldest = now - MessageLifetime }, cancellationToken)
            + await ExpiredRows.RemoveAsync(
                connection, "film_days", "day, asset_id", "day < @oldest", new { oldest = (now - options.QualityRetention).UtcDateTime.Date }, cancellationToken);
    }

    protected override Task WorkAsync(CancellationToken cancellationToken) => SweepAsync(cancellationToken);

    protected override void Failed(NpgsqlException error) => Log.SweepFailed(logger, error);

    private static partial class Log
    {
        [LoggerMessage(3021, LogLevel.Warning, "Removing old figures of playbacks failed; the next sweep tries again")]
        public static partial void SweepFailed(ILogger logger, Exception exception);
    }
}
