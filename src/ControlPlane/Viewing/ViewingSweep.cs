using Dapper;
using Microsoft.Extensions.Logging;
using Npgsql;

namespace Movento.ControlPlane.Viewing;

/// <summary>Removes what nobody can ask for any more: what was erased, once no player may speak of before, and the oldest of histories without end.</summary>
internal sealed partial class ViewingSweep(ViewingDatabase database, TimeProvider time, ILogger<ViewingSweep> logger) : PeriodicWork(ViewingSweep.Interval, time)
{
    /// <summary>Films of a profile that are remembered: more than anybody watches.</summary>
    public const int MostFilms = 10_000;

    private static readonly TimeSpan Interval = TimeSpan.FromHours(1);

    /// <summary>One turn.</summary>
    public async Task SweepAsync(CancellationToken cancellationToken)
    {
        await using var connection = await database.OpenAsync(cancellationToken);
        await connection.ExecuteAsync(new CommandDefinition(
            """
            DELETE FROM watched w USING erasures e WHERE e.user_id = w.user_id AND e.profile_id = w.profile_id AND w.watched_at <= e.erased_at;
            DELETE FROM erasures WHERE erased_at < @old;
            DELETE FROM watched WHERE is_erased AND watched_at < @old;
            DELETE FROM watched w USING (
              SELECT user_id, profile_id, asset_id FROM (
                SELECT user_id, profile_id, asset_id, row_number() OVER (PARTITION BY user_id, profile_id ORDER BY watched_at DESC, asset_id DESC) AS place
                FROM watched WHERE (user_id, profile_id) IN (SELECT user_id, profile_id FROM watched GROUP BY user_id, profile_id HAVING count(*) > @MostFilms)) AS placed
              WHERE place > @MostFilms) AS old
            WHERE old.user_id = w.user_id AND old.profile_id = w.profile_id AND old.asset_id = w.asset_id
            """,
            new { old = (Time.GetUtcNow() - RecordHeartbeats.Oldest).UtcDateTime, MostFilms },
            cancellationToken: cancellationToken));
    }

    protected override Task WorkAsync(CancellationToken cancellationToken) => SweepAsync(cancellationToken);

    protected override void Failed(NpgsqlException error) => Log.Failed(logger, error);

    private static partial class Log
    {
        [LoggerMessage(3090, LogLevel.Warning, "The history could not be swept; it is tried again")]
        public static partial void Failed(ILogger logger, Exception exception);
    }
}
