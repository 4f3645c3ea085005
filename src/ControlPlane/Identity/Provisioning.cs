using Dapper;
using Microsoft.AspNetCore.Identity;
using Movento.ControlPlane.Identity.Passwords;

namespace Movento.ControlPlane.Identity;

/// <summary>Accounts that the host itself needs, such as its operator's.</summary>
public sealed class Provisioning
{
    private readonly IdentityDatabase _database;
    private readonly PasswordHashing _passwords;
    private readonly TimeProvider _time;

    internal Provisioning(IdentityDatabase database, PasswordHashing passwords, TimeProvider time)
    {
        _database = database;
        _passwords = passwords;
        _time = time;
    }

    /// <summary>
    /// Makes sure that the account exists. One that exists keeps its password and its name, always; it gains the roles that it lacks
    /// only when <paramref name="password"/> is its own, so that nobody who registered the address first is made an editor by a start
    /// of the host. May run any number of times, and on several machines at once.
    /// </summary>
    /// <exception cref="ArgumentException">The address, the password or the name is not one that registration takes.</exception>
    public async Task<ProvisionedUser> EnsureUserAsync(
        string email, string password, string name, IReadOnlyList<string> roles, CancellationToken cancellationToken)
    {
        if (!EmailAddress.TryNormalize(email, out var normalized)) throw new ArgumentException(EmailAddress.Wrong, nameof(email));
        if (PasswordRules.WrongWith(password, normalized) is { } wrongPassword) throw new ArgumentException(wrongPassword, nameof(password));
        if (DisplayName.WrongWith(name) is { } wrongName) throw new ArgumentException(wrongName, nameof(name));

        // :: Step 1: the usual start finds its account
        var existing = await Login.FindAsync(_database, normalized, cancellationToken);
        if (existing is null)
        {
            // :: Step 2: the first start makes it
            var now = _time.GetUtcNow();
            var made = new UserRow
            {
                Id = Guid.CreateVersion7(now),
                Email = normalized,
                Name = DisplayName.OrFrom(name, normalized),
                PasswordHash = await _passwords.HashAsync(password, cancellationToken),
                Roles = [.. roles],
                // Whoever runs the host answers for the address.
                ConfirmedAt = now.UtcDateTime,
            };
            if (await Register.InsertAsync(_database, made, now, confirmBy: null, cancellationToken))
                return new ProvisionedUser(made.Id, ProvisionedAs.Created);

            // Another process was quicker.
            existing = await Login.FindAsync(_database, normalized, cancellationToken)
                ?? throw new InvalidOperationException("The account was removed while it was provisioned.");
        }

        // :: Step 3: an account that exists proves itself before it gains roles
        var verified = await _passwords.VerifyAsync(existing.PasswordHash, password, cancellationToken);
        if (verified == PasswordVerificationResult.Failed) return new ProvisionedUser(existing.Id, ProvisionedAs.ExistsWithAnotherPassword);
        await AddRolesAsync(existing.Id, roles, cancellationToken);
        return new ProvisionedUser(existing.Id, ProvisionedAs.Exists);
    }

    private async Task AddRolesAsync(Guid id, IReadOnlyList<string> roles, CancellationToken cancellationToken)
    {
        await using var connection = await _database.OpenAsync(cancellationToken);
        await connection.ExecuteAsync(new CommandDefinition(
            """
            UPDATE users SET roles = ARRAY(SELECT DISTINCT role FROM unnest(roles || @roles) AS r (role) ORDER BY role)
            WHERE id = @id AND NOT roles @> @roles
            """,
            new { id, roles = roles.ToArray() },
            cancellationToken: cancellationToken));
    }
}
