using System.Security.Cryptography;
using System.Text;
using Dapper;
using Npgsql;

namespace Movento.ControlPlane.Identity.SecondFactor;

/// <summary>The authenticator apps and recovery codes of accounts. Every code is taken once: an app's by its time step, a recovery code by its row.</summary>
internal sealed class SecondFactors(IdentityDatabase database, SecretBox box, AttemptLimits limits, ControlPlaneOptions options, TimeProvider time)
{
    public const int RecoveryCodes = 10;

    /// <summary>28 characters of base32: 140 random bits, so that a plain hash is enough (OWASP ASVS 6.5.2, 11.5.1).</summary>
    private const int RecoveryCodeLength = 28;

    /// <summary>Whether nobody with these roles is signed in without a second factor.</summary>
    public bool IsRequiredOf(IEnumerable<string> roles) => options.SecondFactorRequiredFor.Intersect(roles).Any();

    /// <summary>Whether the account must have one and has none.</summary>
    public async Task<bool> IsMissingAsync(UserRow user, CancellationToken cancellationToken) =>
        IsRequiredOf(user.Roles) && !await IsOnAsync(user.Id, cancellationToken);

    /// <summary>Whether the account asks for a second factor.</summary>
    public async Task<bool> IsOnAsync(Guid userId, CancellationToken cancellationToken)
    {
        await using var connection = await database.OpenAsync(cancellationToken);
        return await connection.ExecuteScalarAsync<bool>(new CommandDefinition(
            "SELECT EXISTS (SELECT FROM authenticators WHERE user_id = @userId AND confirmed_at IS NOT NULL)", new { userId }, cancellationToken: cancellationToken));
    }

    /// <summary>Checks a code of the app, or a recovery code, and uses it up.</summary>
    /// <returns>Null when it was right; the 429; or the problem that says that it was wrong.</returns>
    public async Task<Http.Problem?> WrongWithAsync(Guid userId, string? code, Http.Problem whenWrong, CancellationToken cancellationToken)
    {
        if (string.IsNullOrWhiteSpace(code)) return whenWrong;
        if (await limits.CountSecondFactorAsync(userId, cancellationToken) is { } tooMany) return tooMany;
        if (!await SpendAsync(userId, Plain(code), cancellationToken)) return whenWrong;
        await limits.ForgiveSecondFactorAsync(userId, cancellationToken);
        return null;
    }

    /// <summary>A secret for an app, in place of one that was never confirmed; null where an app is confirmed already.</summary>
    public async Task<byte[]?> BeginAsync(Guid userId, CancellationToken cancellationToken)
    {
        var secret = RandomNumberGenerator.GetBytes(TimeBasedCode.SecretLength);
        await using var connection = await database.OpenAsync(cancellationToken);
        return await connection.ExecuteAsync(new CommandDefinition(
            """
            INSERT INTO authenticators AS a (user_id, secret, created_at) VALUES (@userId, @locked, @now)
            ON CONFLICT (user_id) DO UPDATE SET secret = excluded.secret, created_at = excluded.created_at, last_step = 0 WHERE a.confirmed_at IS NULL
            """,
            new { userId, locked = box.Lock(secret, userId), now = time.GetUtcNow() },
            cancellationToken: cancellationToken)) == 1 ? secret : null;
    }

    /// <summary>Turns the app on by its first code; its recovery codes, or null where the code is wrong or there is nothing to confirm.</summary>
    public async Task<IReadOnlyList<string>?> ConfirmAsync(Guid userId, string code, CancellationToken cancellationToken)
    {
        await using var connection = await database.OpenAsync(cancellationToken);
        if (await StepOfAsync(connection, userId, code, isConfirmed: false, cancellationToken) is not { } step) return null;
        await using var transaction = await connection.BeginTransactionAsync(cancellationToken);
        var confirmed = await connection.ExecuteAsync(new CommandDefinition(
            "UPDATE authenticators SET confirmed_at = @now, last_step = @step WHERE user_id = @userId AND confirmed_at IS NULL",
            new { userId, step, now = time.GetUtcNow() },
            cancellationToken: cancellationToken));
        if (confirmed == 0) return null;
        var codes = await RenewAsync(connection, userId, cancellationToken);
        await transaction.CommitAsync(cancellationToken);
        return codes;
    }

    /// <summary>New recovery codes in place of all there were; null where no app is on.</summary>
    public async Task<IReadOnlyList<string>?> RenewRecoveryCodesAsync(Guid userId, CancellationToken cancellationToken)
    {
        if (!await IsOnAsync(userId, cancellationToken)) return null;
        await using var connection = await database.OpenAsync(cancellationToken);
        await using var transaction = await connection.BeginTransactionAsync(cancellationToken);
        var codes = await RenewAsync(connection, userId, cancellationToken);
        await transaction.CommitAsync(cancellationToken);
        return codes;
    }

    /// <summary>Takes app and recovery codes away; false where no app was on.</summary>
    public async Task<bool> RemoveAsync(Guid userId, CancellationToken cancellationToken)
    {
        await using var connection = await database.OpenAsync(cancellationToken);
        return await connection.ExecuteScalarAsync<bool>(new CommandDefinition(
            """
            WITH codes AS (DELETE FROM recovery_codes WHERE user_id = @userId),
            app AS (DELETE FROM authenticators WHERE user_id = @userId RETURNING confirmed_at)
            SELECT EXISTS (SELECT FROM app WHERE confirmed_at IS NOT NULL)
            """,
            new { userId },
            cancellationToken: cancellationToken));
    }

    private async Task<bool> SpendAsync(Guid userId, string code, CancellationToken cancellationToken)
    {
        await using var connection = await database.OpenAsync(cancellationToken);
        if (code.Length != TimeBasedCode.Digits)
        {
            return await connection.ExecuteAsync(new CommandDefinition(
                "DELETE FROM recovery_codes WHERE hash = @hash AND user_id = @userId", new { hash = Hash(code), userId }, cancellationToken: cancellationToken)) == 1;
        }

        // Of one code sent twice at once, one is first.
        return await StepOfAsync(connection, userId, code, isConfirmed: true, cancellationToken) is { } step
            && await connection.ExecuteAsync(new CommandDefinition(
                "UPDATE authenticators SET last_step = @step WHERE user_id = @userId AND last_step < @step", new { userId, step }, cancellationToken: cancellationToken)) == 1;
    }

    private async Task<long?> StepOfAsync(NpgsqlConnection connection, Guid userId, string code, bool isConfirmed, CancellationToken cancellationToken)
    {
        var locked = await connection.QuerySingleOrDefaultAsync<byte[]>(new CommandDefinition(
            "SELECT secret FROM authenticators WHERE user_id = @userId AND (confirmed_at IS NOT NULL) = @isConfirmed",
            new { userId, isConfirmed },
            cancellationToken: cancellationToken));
        return locked is null ? null : TimeBasedCode.StepOf(code, box.Unlock(locked, userId), time.GetUtcNow());
    }

    private static async Task<IReadOnlyList<string>> RenewAsync(NpgsqlConnection connection, Guid userId, CancellationToken cancellationToken)
    {
        var codes = Enumerable.Range(0, RecoveryCodes).Select(_ => RandomNumberGenerator.GetString(Base32.Alphabet, RecoveryCodeLength)).ToArray();
        await connection.ExecuteAsync(new CommandDefinition(
            """
            WITH before AS (DELETE FROM recovery_codes WHERE user_id = @userId)
            INSERT INTO recovery_codes (hash, user_id) SELECT hash, @userId FROM unnest(@hashes) AS h (hash)
            """,
            new { userId, hashes = codes.Select(Hash).ToArray() },
            cancellationToken: cancellationToken));
        return [.. codes.Select(code => string.Join('-', code.Chunk(4).Select(part => new string(part))))];
    }

    // As people write them down: in whatever case, with dashes and spaces.
    private static string Plain(string code) => code.Replace("-", "", StringComparison.Ordinal).Replace(" ", "", StringComparison.Ordinal).ToUpperInvariant();

    private static byte[] Hash(string code) => SHA256.HashData(Encoding.UTF8.GetBytes(code));
}
