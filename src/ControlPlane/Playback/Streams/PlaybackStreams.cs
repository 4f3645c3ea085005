using Dapper;
using Microsoft.Extensions.Logging;
using Movento.Contracts;
using Npgsql;

namespace Movento.ControlPlane.Playback;

/// <summary>Which playbacks are under way, and where. Ending one takes its tokens back at the edges; what is owed to them stands in the database.</summary>
internal sealed partial class PlaybackStreams(
    PlaybackDatabase database, IPlaybackRevocations revocations, ControlPlaneOptions options, TimeProvider time, ILogger<PlaybackStreams> logger)
{
    /// <summary>Devices of a user that are remembered.</summary>
    public const int MostDevices = 100;

    /// <summary>Begins a stream. Of several at the same time for the last place one gets it.</summary>
    /// <param name="limit">How many the user may have; 0 for any number.</param>
    /// <param name="deviceName">Null where its player did not say; then an older name stays.</param>
    /// <returns>The streams that hold the places where there is none; null where it began.</returns>
    public async Task<IReadOnlyList<OpenStream>?> BeginAsync(OpenStream wanted, string? deviceName, int limit, CancellationToken cancellationToken)
    {
        var now = time.GetUtcNow();
        IReadOnlyList<OpenStream>? yielding;
        await using (var connection = await database.OpenAsync(cancellationToken))
        await using (var transaction = await connection.BeginTransactionAsync(cancellationToken))
        {
            await connection.ExecuteAsync(new CommandDefinition(
                "SELECT pg_advisory_xact_lock(hashtextextended(@user, 0))", new { user = wanted.UserId.ToString() }, transaction, cancellationToken: cancellationToken));
            var open = (await connection.QueryAsync<OpenStream>(new CommandDefinition(
                $"SELECT {OpenStream.Columns} FROM streams WHERE user_id = @UserId AND ended_at IS NULL AND expires_at > @now",
                new { wanted.UserId, now },
                transaction,
                cancellationToken: cancellationToken))).AsList();
            yielding = StreamRoom.Make(open, wanted.DeviceId, limit, (now - options.StreamTimeout).UtcDateTime);
            if (yielding is null) return open;

            await connection.ExecuteAsync(new CommandDefinition(
                """
                UPDATE streams SET ended_at = @now WHERE session = ANY (@yielding);
                INSERT INTO streams (session, user_id, device_id, asset_id, started_at, seen_at, expires_at, is_unlimited)
                VALUES (@Session, @UserId, @DeviceId, @AssetId, @now, @now, @ExpiresAt, @IsUnlimited);
                INSERT INTO devices AS d (user_id, id, name, first_seen_at, last_seen_at) VALUES (@UserId, @DeviceId, @deviceName, @now, @now)
                ON CONFLICT (user_id, id) DO UPDATE SET name = coalesce(excluded.name, d.name), last_seen_at = excluded.last_seen_at;
                DELETE FROM devices WHERE (user_id, id) IN (
                  SELECT user_id, id FROM devices WHERE user_id = @UserId ORDER BY last_seen_at DESC, id DESC OFFSET @MostDevices)
                """,
                new
                {
                    wanted.Session, wanted.UserId, wanted.DeviceId, wanted.AssetId, wanted.ExpiresAt, wanted.IsUnlimited, deviceName, now, MostDevices,
                    yielding = yielding.Select(stream => stream.Session).ToArray(),
                },
                transaction,
                cancellationToken: cancellationToken));
            await transaction.CommitAsync(cancellationToken);
        }

        foreach (var stream in yielding) await TellAsync(stream.Session, stream.ExpiresAt, cancellationToken);
        return null;
    }

    /// <summary>The user's stream; null where there is none, or it is over.</summary>
    public async Task<OpenStream?> FindAsync(Guid user, Guid session, CancellationToken cancellationToken)
    {
        await using var connection = await database.OpenAsync(cancellationToken);
        return await connection.QuerySingleOrDefaultAsync<OpenStream>(new CommandDefinition(
            $"SELECT {OpenStream.Columns} FROM streams WHERE session = @session AND user_id = @user AND ended_at IS NULL AND expires_at > @now",
            new { session, user, now = time.GetUtcNow() },
            cancellationToken: cancellationToken));
    }

    /// <summary>Every stream of a user that is not over, the oldest first.</summary>
    public async Task<IReadOnlyList<OpenStream>> OfAsync(Guid user, CancellationToken cancellationToken)
    {
        await using var connection = await database.OpenAsync(cancellationToken);
        return (await connection.QueryAsync<OpenStream>(new CommandDefinition(
            $"SELECT {OpenStream.Columns} FROM streams WHERE user_id = @user AND ended_at IS NULL AND expires_at > @now ORDER BY started_at, session",
            new { user, now = time.GetUtcNow() },
            cancellationToken: cancellationToken))).AsList();
    }

    /// <summary>Notes that a stream plays; false where it is over.</summary>
    public async Task<bool> TouchAsync(OpenStream stream, CancellationToken cancellationToken)
    {
        var now = time.GetUtcNow();
        await using var connection = await database.OpenAsync(cancellationToken);
        return await connection.QuerySingleAsync<bool>(new CommandDefinition(
            """
            WITH seen AS (
              UPDATE streams SET seen_at = greatest(seen_at, @now) WHERE session = @Session AND ended_at IS NULL AND expires_at > @now RETURNING user_id, device_id),
            device AS (
              UPDATE devices d SET last_seen_at = greatest(d.last_seen_at, @now) FROM seen s WHERE d.user_id = s.user_id AND d.id = s.device_id)
            SELECT EXISTS (SELECT 1 FROM seen)
            """,
            new { stream.Session, now },
            cancellationToken: cancellationToken));
    }

    /// <summary>Ends a stream, whoever asks; nothing where it is over.</summary>
    public async Task EndAsync(Guid session, CancellationToken cancellationToken)
    {
        DateTime? expires;
        await using (var connection = await database.OpenAsync(cancellationToken))
        {
            expires = await connection.QuerySingleOrDefaultAsync<DateTime?>(new CommandDefinition(
                "UPDATE streams SET ended_at = @now WHERE session = @session AND ended_at IS NULL RETURNING expires_at",
                new { session, now = time.GetUtcNow() },
                cancellationToken: cancellationToken));
        }

        if (expires is { } until) await TellAsync(session, until, cancellationToken);
    }

    /// <summary>Forgets what a user plays with.</summary>
    public async Task ForgetDevicesAsync(Guid user, CancellationToken cancellationToken)
    {
        await using var connection = await database.OpenAsync(cancellationToken);
        await connection.ExecuteAsync(new CommandDefinition("DELETE FROM devices WHERE user_id = @user", new { user }, cancellationToken: cancellationToken));
    }

    /// <summary>Tells the edges that a stream is over; false where not all could be told: they will be.</summary>
    public async Task<bool> TellAsync(Guid session, DateTime expires, CancellationToken cancellationToken)
    {
        try
        {
            await revocations.RevokeAsync(new PlaybackRevoked(session, new DateTimeOffset(expires, TimeSpan.Zero)), cancellationToken);
            await using var connection = await database.OpenAsync(cancellationToken);
            await connection.ExecuteAsync(new CommandDefinition(
                "UPDATE streams SET edges_told_at = @now WHERE session = @session", new { session, now = time.GetUtcNow() }, cancellationToken: cancellationToken));
            return true;
        }
        catch (Exception error) when (error is TimeoutException or NpgsqlException)
        {
            Log.Untold(logger, session, error);
            return false;
        }
    }

    private static partial class Log
    {
        [LoggerMessage(3070, LogLevel.Warning, "Not every edge knows that stream {Session} is over; they are told again")]
        public static partial void Untold(ILogger logger, Guid session, Exception exception);
    }
}
