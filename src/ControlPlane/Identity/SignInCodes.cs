using Dapper;

namespace Movento.ControlPlane.Identity;

/// <summary>One-time codes that sign a user in without a password: for a link that is shown to that user only.</summary>
public sealed class SignInCodes
{
    private readonly IdentityDatabase _database;
    private readonly TimeProvider _time;

    internal SignInCodes(IdentityDatabase database, TimeProvider time)
    {
        _database = database;
        _time = time;
    }

    /// <summary>A code that signs <paramref name="userId"/> in once, within <paramref name="lifetime"/>: 43 characters of base64url.
    /// Only its SHA-256 is kept.</summary>
    /// <exception cref="ArgumentOutOfRangeException">The lifetime is not between nothing and a day.</exception>
    public async Task<string> CreateAsync(Guid userId, TimeSpan lifetime, CancellationToken cancellationToken)
    {
        ArgumentOutOfRangeException.ThrowIfLessThanOrEqual(lifetime, TimeSpan.Zero);
        ArgumentOutOfRangeException.ThrowIfGreaterThan(lifetime, TimeSpan.FromDays(1));
        var code = OneTimeSecret.New();
        await using var connection = await _database.OpenAsync(cancellationToken);
        await connection.ExecuteAsync(new CommandDefinition(
            "INSERT INTO sign_in_codes (hash, user_id, expires_at) VALUES (@hash, @userId, @expires)",
            new { hash = OneTimeSecret.Hash(code), userId, expires = _time.GetUtcNow() + lifetime },
            cancellationToken: cancellationToken));
        return code;
    }

    /// <summary>Uses the code up and says whose it was; null when there is no such code (any more).</summary>
    internal async Task<UserRow?> SpendAsync(string code, CancellationToken cancellationToken)
    {
        await using var connection = await _database.OpenAsync(cancellationToken);
        return await connection.QuerySingleOrDefaultAsync<UserRow>(new CommandDefinition(
            $"""
            WITH spent AS (DELETE FROM sign_in_codes WHERE hash = @hash AND expires_at > @now RETURNING user_id)
            SELECT {UserRow.Columns} FROM spent JOIN users u ON u.id = spent.user_id WHERE u.disabled_at IS NULL
            """,
            new { hash = OneTimeSecret.Hash(code), now = _time.GetUtcNow() },
            cancellationToken: cancellationToken));
    }
}
