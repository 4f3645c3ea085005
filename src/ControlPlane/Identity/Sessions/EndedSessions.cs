using Dapper;
using Microsoft.Extensions.Logging;
using Movento.Contracts;
using Npgsql;

namespace Movento.ControlPlane.Identity.Sessions;

/// <summary>
/// Tells everybody which sessions are over: whoever checks access tokens (<see cref="EndedAccess"/>), and the edges, so that what was granted in them
/// ends within a moment. Edges that it could not tell it tells again until it could: what is owed stands in the database, so no death of a process loses it. After a start it tells all that matters once more, since an edge
/// without Redis remembers nothing across one.
/// </summary>
internal sealed partial class EndedSessions(
    IdentityDatabase database, EndedAccess access, IPlaybackRevocations revocations, TimeProvider time, ILogger<EndedSessions> logger)
    : PeriodicWork(EndedSessions.Interval, time, startsAtOnce: true)
{
    private static readonly TimeSpan Interval = TimeSpan.FromSeconds(2);

    private const int RowsAtATime = 500;

    private const string Owed = "edges_told_at IS NULL";

    private const string Everything = "true";

    private string _which = Everything;

    /// <summary>Tells the edges that the session is over; false where not all could be told: they will be.</summary>
    public async Task<bool> TellAsync(EndedSession session, CancellationToken cancellationToken)
    {
        var until = new DateTimeOffset(session.PlaysUntil!.Value, TimeSpan.Zero);
        try
        {
            await revocations.RevokeAsync(new PlaybackRevoked(session.Id, until), cancellationToken);
            await using var connection = await database.OpenAsync(cancellationToken);
            await connection.ExecuteAsync(new CommandDefinition(
                "UPDATE sessions SET edges_told_at = @now WHERE id = @Id", new { session.Id, now = Time.GetUtcNow() }, cancellationToken: cancellationToken));
            return true;
        }
        catch (Exception error) when (error is TimeoutException or NpgsqlException)
        {
            Log.Untold(logger, session.Id, error);
            return false;
        }
    }

    /// <summary>Tells of each. They are over, whoever has hung up meanwhile: nothing stops the telling.</summary>
    public async Task TellAsync(IReadOnlyList<EndedSession> sessions)
    {
        await access.TellAsync([.. sessions.Select(session => session.Id)]);
        // After one that could not be told, the rest waits for the next turn too: an answer must not take its patience many times over.
        foreach (var session in sessions.Where(session => session.PlaysUntil is not null))
        {
            if (!await TellAsync(session, CancellationToken.None)) return;
        }
    }

    protected override async Task WorkAsync(CancellationToken cancellationToken)
    {
        if (_which == Everything) await access.ReadAsync(cancellationToken);
        if (await TellAllAsync(_which, cancellationToken)) _which = Owed;
    }

    protected override void Failed(NpgsqlException error) => Log.Unread(logger, error);

    // Whether all of them could be told: after one that could not, the rest waits for the next time.
    private async Task<bool> TellAllAsync(string which, CancellationToken cancellationToken)
    {
        var last = Guid.Empty;
        while (true)
        {
            List<EndedSession> sessions;
            await using (var connection = await database.OpenAsync(cancellationToken))
            {
                sessions = (await connection.QueryAsync<EndedSession>(new CommandDefinition(
                    $"""
                    SELECT id AS Id, plays_until AS PlaysUntil FROM sessions
                    WHERE revoked_at IS NOT NULL AND plays_until > @now AND {which} AND id > @last ORDER BY id LIMIT {RowsAtATime}
                    """,
                    new { last, now = Time.GetUtcNow() },
                    cancellationToken: cancellationToken))).AsList();
            }

            foreach (var session in sessions)
            {
                if (!await TellAsync(session, cancellationToken)) return false;
            }

            if (sessions.Count < RowsAtATime) return true;
            last = sessions[^1].Id;
        }
    }

    private static partial class Log
    {
        [LoggerMessage(3005, LogLevel.Warning, "Not every edge knows that session {SessionId} is over; they are told again")]
        public static partial void Untold(ILogger logger, Guid sessionId, Exception exception);

        [LoggerMessage(3006, LogLevel.Warning, "Which sessions are over cannot be read; it is tried again")]
        public static partial void Unread(ILogger logger, Exception exception);
    }
}
