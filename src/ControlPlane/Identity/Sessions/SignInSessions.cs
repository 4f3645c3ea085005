using System.Security.Cryptography;
using Dapper;
using Microsoft.Extensions.Logging;
using Movento.ControlPlane.Identity.Profiles;
using Npgsql;

namespace Movento.ControlPlane.Identity.Sessions;

/// <summary>
/// Sessions and their refresh tokens. A token works once; whoever presents it again within <see cref="Grace"/> gets the token that
/// lives by now (tabs that refresh at the same moment, an answer that got lost), and whoever presents it later has copied it, or was
/// copied: the session ends.
/// </summary>
internal sealed partial class SignInSessions(
    IdentityDatabase database, ControlPlaneOptions options, EndedSessions ended, TimeProvider time, ILogger<SignInSessions> logger)
{
    public static readonly TimeSpan Grace = TimeSpan.FromSeconds(30);

    /// <summary>How many rotations can lie within <see cref="Grace"/> before we stop looking for the living token.</summary>
    private const int LongestChain = 32;

    /// <summary>Sessions of one account; past it, the one that was used longest ago ends.</summary>
    public const int MostSessions = 100;

    /// <summary>Of a browser's name, in UTF-16 units.</summary>
    private const int LongestClient = 200;

    /// <summary>Starts a session, with its first token; null where the account is gone or disabled by now.</summary>
    /// <param name="client">What the browser calls itself; null where it does not.</param>
    public async Task<LivingSession?> StartAsync(Guid userId, string? client, CancellationToken cancellationToken)
    {
        var token = RefreshToken.New();
        var now = time.GetUtcNow();
        var id = Guid.CreateVersion7(now);
        await using var connection = await database.OpenAsync(cancellationToken);
        // The account's row is shared: whoever disables it at the same time comes before, and there is no session, or after, and ends this one.
        var started = await connection.ExecuteAsync(new CommandDefinition(
            """
            WITH session AS (
              INSERT INTO sessions (id, user_id, created_at, used_at, authenticated_at, expires_at, client)
              SELECT @id, u.id, @now, @now, @now, @expires, @client FROM users u WHERE u.id = @userId AND u.disabled_at IS NULL FOR SHARE RETURNING id)
            INSERT INTO refresh_tokens (hash, session_id, issued_at, expires_at) SELECT @hash, id, @now, @expires FROM session
            """,
            new { id, userId, now, expires = now + options.RefreshTokenLifetime, client = Printable(client), hash = token.Hash() },
            cancellationToken: cancellationToken));
        if (started == 0) return null;

        var surplus = (await connection.QueryAsync<EndedSession>(new CommandDefinition(
            $"""
            UPDATE sessions SET revoked_at = @now WHERE id IN (
              SELECT id FROM sessions WHERE user_id = @userId AND revoked_at IS NULL AND expires_at > @now
              ORDER BY used_at DESC, id DESC OFFSET {MostSessions})
            RETURNING id AS Id, plays_until AS PlaysUntil
            """,
            new { userId, now },
            cancellationToken: cancellationToken))).ToArray();
        await ended.TellAsync(surplus);
        return new LivingSession(id, token, Profile: null);
    }

    /// <summary>Exchanges a token for its successor; null when it is unknown, stale, ended, or was used too long ago.</summary>
    public async Task<Rotation?> RotateAsync(RefreshToken token, CancellationToken cancellationToken)
    {
        var now = time.GetUtcNow();
        var salt = RandomNumberGenerator.GetBytes(RefreshToken.Length);
        var successor = token.Successor(salt);
        await using var connection = await database.OpenAsync(cancellationToken);

        // One statement spends the token and makes its successor: of any number at once, one wins, and none sees half of it.
        var holder = await connection.QuerySingleOrDefaultAsync<Holder>(new CommandDefinition(
            $"""
            WITH spent AS (
              UPDATE refresh_tokens t SET used_at = @now, successor_salt = @salt
              FROM sessions s
              WHERE t.hash = @hash AND t.used_at IS NULL AND t.expires_at > @now AND s.id = t.session_id AND s.revoked_at IS NULL
              RETURNING t.session_id, s.user_id, s.created_at, s.profile_id),
            successor AS (
              INSERT INTO refresh_tokens (hash, session_id, issued_at, expires_at)
              SELECT @successorHash, session_id, @now, least(@expires, created_at + @longest) FROM spent),
            session AS (
              UPDATE sessions s SET expires_at = least(@expires, s.created_at + @longest), used_at = @now FROM spent WHERE s.id = spent.session_id)
            SELECT session_id AS SessionId, p.id AS ProfileId, p.is_kids AS IsKids, p.maximum_age AS MaximumAge, {UserRow.Columns}
            FROM spent JOIN users u ON u.id = spent.user_id LEFT JOIN profiles p ON p.id = spent.profile_id
            """,
            new
            {
                hash = token.Hash(),
                now,
                salt,
                successorHash = successor.Hash(),
                expires = now + options.RefreshTokenLifetime,
                longest = options.LongestSession,
            },
            cancellationToken: cancellationToken));
        return holder is not null
            ? new Rotation(new LivingSession(holder.SessionId, successor, holder.Profile), holder.ToUserRow())
            : await FollowAsync(connection, token, now, cancellationToken);
    }

    /// <summary>Ends the session that the token belongs to, whatever state the token is in, and with it what it may play: when this
    /// returns, every edge that can be told knows.</summary>
    public async Task EndAsync(RefreshToken token, CancellationToken cancellationToken)
    {
        EndedSession? session;
        await using (var connection = await database.OpenAsync(cancellationToken))
        {
            session = await connection.QuerySingleOrDefaultAsync<EndedSession>(new CommandDefinition(
                """
                UPDATE sessions s SET revoked_at = @now FROM refresh_tokens t
                WHERE t.hash = @hash AND s.id = t.session_id AND s.revoked_at IS NULL
                RETURNING s.id AS Id, s.plays_until AS PlaysUntil
                """,
                new { hash = token.Hash(), now = time.GetUtcNow() },
                cancellationToken: cancellationToken));
        }

        if (session is not null) await ended.TellAsync([session]);
    }

    /// <summary>Ends one session of the user; false where they have no such session.</summary>
    public async Task<bool> EndAsync(Guid session, Guid user, CancellationToken cancellationToken)
    {
        EndedSession? over;
        await using (var connection = await database.OpenAsync(cancellationToken))
        {
            over = await connection.QuerySingleOrDefaultAsync<EndedSession>(new CommandDefinition(
                """
                UPDATE sessions SET revoked_at = @now WHERE id = @session AND user_id = @user AND revoked_at IS NULL AND expires_at > @now
                RETURNING id AS Id, plays_until AS PlaysUntil
                """,
                new { session, user, now = time.GetUtcNow() },
                cancellationToken: cancellationToken));
        }

        if (over is null) return false;
        await ended.TellAsync([over]);
        return true;
    }

    /// <summary>Ends every session of the user, but <paramref name="except"/> where it is one.</summary>
    public async Task EndOthersAsync(Guid user, Guid? except, CancellationToken cancellationToken)
    {
        EndedSession[] over;
        await using (var connection = await database.OpenAsync(cancellationToken))
            over = await EndOthersAsync(connection, user, except, time.GetUtcNow(), cancellationToken);
        await ended.TellAsync(over);
    }

    /// <summary>As above, in the caller's transaction, after which the caller tells the edges.</summary>
    public static async Task<EndedSession[]> EndOthersAsync(
        NpgsqlConnection connection, Guid user, Guid? except, DateTimeOffset now, CancellationToken cancellationToken) =>
        [.. await connection.QueryAsync<EndedSession>(new CommandDefinition(
            """
            UPDATE sessions SET revoked_at = @now WHERE user_id = @user AND id IS DISTINCT FROM @except AND revoked_at IS NULL
            RETURNING id AS Id, plays_until AS PlaysUntil
            """,
            new { user, except, now },
            cancellationToken: cancellationToken))];

    // PostgreSQL keeps no NUL, and what a page shows should be a line.
    private static string Printable(string? client) => client is null
        ? ""
        : new string([.. client.Take(LongestClient).Select(c => char.IsControl(c) || char.IsSurrogate(c) ? ' ' : c)]).Trim();

    // From a token that was used a moment ago along its successors to the one that lives.
    private async Task<Rotation?> FollowAsync(
        NpgsqlConnection connection, RefreshToken token, DateTimeOffset now, CancellationToken cancellationToken)
    {
        for (var step = 0; step < LongestChain; step++)
        {
            var link = await connection.QuerySingleOrDefaultAsync<Link>(new CommandDefinition(
                $"""
                SELECT t.session_id AS SessionId, t.expires_at AS ExpiresAt, t.used_at AS UsedAt, t.successor_salt AS SuccessorSalt,
                       s.revoked_at AS RevokedAt, p.id AS ProfileId, p.is_kids AS IsKids, p.maximum_age AS MaximumAge, {UserRow.Columns}
                FROM refresh_tokens t JOIN sessions s ON s.id = t.session_id JOIN users u ON u.id = s.user_id LEFT JOIN profiles p ON p.id = s.profile_id
                WHERE t.hash = @hash
                """,
                new { hash = token.Hash() },
                cancellationToken: cancellationToken));

            if (link is null || link.RevokedAt is not null || link.ExpiresAt <= now.UtcDateTime) return null;
            if (link.UsedAt is not { } used) return new Rotation(new LivingSession(link.SessionId, token, link.Profile), link.ToUserRow());
            if (used + Grace < now.UtcDateTime)
            {
                await EndAsync(token, cancellationToken);
                Log.RefreshTokenReused(logger, link.SessionId, link.Id);
                return null;
            }

            token = token.Successor(link.SuccessorSalt!);
        }

        return null;
    }

    /// <summary>What a rotation gives: the session with the token that lives now, and whose it is.</summary>
    public sealed record Rotation(LivingSession Session, UserRow User);

    private sealed class Link : Holder
    {
        public required DateTime ExpiresAt { get; init; }
        public required DateTime? UsedAt { get; init; }
        public required byte[]? SuccessorSalt { get; init; }
        public required DateTime? RevokedAt { get; init; }
    }

    private class Holder
    {
        public required Guid SessionId { get; init; }
        public required Guid? ProfileId { get; init; }
        public required bool? IsKids { get; init; }
        public required short? MaximumAge { get; init; }
        public required Guid Id { get; init; }
        public required string Email { get; init; }
        public required string Name { get; init; }
        public required string PasswordHash { get; init; }
        public required string[] Roles { get; init; }
        public required DateTime? ConfirmedAt { get; init; }
        public required DateTime? DisabledAt { get; init; }

        public SessionProfile? Profile => ProfileId is { } profile ? new SessionProfile(profile, IsKids ?? false, MaximumAge ?? Maturity.Everything) : null;

        public UserRow ToUserRow() =>
            new() { Id = Id, Email = Email, Name = Name, PasswordHash = PasswordHash, Roles = Roles, ConfirmedAt = ConfirmedAt, DisabledAt = DisabledAt };
    }

    private static partial class Log
    {
        [LoggerMessage(3001, LogLevel.Warning, "A used refresh token came back: session {SessionId} of user {UserId} is ended")]
        public static partial void RefreshTokenReused(ILogger logger, Guid sessionId, Guid userId);
    }
}
