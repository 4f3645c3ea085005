using Dapper;
using Microsoft.Extensions.Logging;
using Npgsql;

namespace Movento.ControlPlane.Playback;

/// <summary>Tells the edges what they could not be told, and removes streams whose tokens are stale and devices that nobody uses, a bounded number of rows
/// at a time.</summary>
internal sealed partial class StreamSweep(PlaybackDatabase database, PlaybackStreams streams, TimeProvider time, ILogger<StreamSweep> logger)
    : PeriodicWork(StreamSweep.Interval, time)
{
    private static readonly TimeSpan Interval = TimeSpan.FromSeconds(5);

    private static readonly TimeSpan DeviceLifetime = TimeSpan.FromDays(90);

    private const int RowsAtATime = 1000;

    /// <summary>One turn.</summary>
    public async Task SweepAsync(CancellationToken cancellationToken)
    {
        var now = Time.GetUtcNow();
        List<(Guid Session, DateTime ExpiresAt)> untold;
        await using (var connection = await database.OpenAsync(cancellationToken))
        {
            untold = (await connection.QueryAsync<(Guid, DateTime)>(new CommandDefinition(
                $"SELECT session, expires_at FROM streams WHERE ended_at IS NOT NULL AND edges_told_at IS NULL AND expires_at > @now ORDER BY ended_at LIMIT {RowsAtATime}",
                new { now },
                cancellationToken: cancellationToken))).AsList();
            await connection.ExecuteAsync(new CommandDefinition(
                $"""
                DELETE FROM streams WHERE session IN (SELECT session FROM streams WHERE expires_at <= @now LIMIT {RowsAtATime} FOR UPDATE SKIP LOCKED);
                DELETE FROM devices WHERE (user_id, id) IN (
                  SELECT user_id, id FROM devices WHERE last_seen_at < @oldest LIMIT {RowsAtATime} FOR UPDATE SKIP LOCKED)
                """,
                new { now, oldest = now - DeviceLifetime },
                cancellationToken: cancellationToken));
        }

        // After one that could not be told, the rest waits for the next turn.
        foreach (var (session, expires) in untold)
        {
            if (!await streams.TellAsync(session, expires, cancellationToken)) return;
        }
    }

    protected override Task WorkAsync(CancellationToken cancellationToken) => SweepAsync(cancellationToken);

    protected override void Failed(NpgsqlException error) => Log.SweepFailed(logger, error);

    private static partial class Log
    {
        [LoggerMessage(3071, LogLevel.Warning, "Looking after streams failed; the next turn tries again")]
        public static partial void SweepFailed(ILogger logger, Exception exception);
    }
}
