using Dapper;

namespace Movento.ControlPlane.Identity.SecondFactor;

/// <summary>Names a sign-in whose first factor was right while its second is awaited: good once, for five minutes and five tries.</summary>
internal sealed class SignInTickets(IdentityDatabase database, TimeProvider time)
{
    public static readonly TimeSpan Lifetime = TimeSpan.FromMinutes(5);

    private const int MostAttempts = 5;

    /// <summary>A new one: 43 characters of base64url. Only its SHA-256 is kept.</summary>
    public async Task<string> CreateAsync(Guid userId, CancellationToken cancellationToken)
    {
        var ticket = OneTimeSecret.New();
        await using var connection = await database.OpenAsync(cancellationToken);
        await connection.ExecuteAsync(new CommandDefinition(
            "INSERT INTO sign_in_tickets (hash, user_id, expires_at) VALUES (@hash, @userId, @expires)",
            new { hash = OneTimeSecret.Hash(ticket), userId, expires = time.GetUtcNow() + Lifetime },
            cancellationToken: cancellationToken));
        return ticket;
    }

    /// <summary>Counts a try with the ticket, and says whose sign-in it is; null where it is none (any more).</summary>
    public async Task<UserRow?> TryAsync(string ticket, CancellationToken cancellationToken)
    {
        await using var connection = await database.OpenAsync(cancellationToken);
        return await connection.QuerySingleOrDefaultAsync<UserRow>(new CommandDefinition(
            $"""
            WITH tried AS (
              UPDATE sign_in_tickets SET attempts = attempts + 1 WHERE hash = @hash AND expires_at > @now AND attempts < {MostAttempts} RETURNING user_id)
            SELECT {UserRow.Columns} FROM tried JOIN users u ON u.id = tried.user_id WHERE u.disabled_at IS NULL
            """,
            new { hash = OneTimeSecret.Hash(ticket), now = time.GetUtcNow() },
            cancellationToken: cancellationToken));
    }

    /// <summary>Uses the ticket up; false where somebody else was quicker.</summary>
    public async Task<bool> SpendAsync(string ticket, CancellationToken cancellationToken)
    {
        await using var connection = await database.OpenAsync(cancellationToken);
        return await connection.ExecuteAsync(new CommandDefinition(
            "DELETE FROM sign_in_tickets WHERE hash = @hash", new { hash = OneTimeSecret.Hash(ticket) }, cancellationToken: cancellationToken)) == 1;
    }
}
