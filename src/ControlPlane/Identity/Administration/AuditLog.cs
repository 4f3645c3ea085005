using Dapper;
using Npgsql;

namespace Movento.ControlPlane.Identity.Administration;

/// <summary>Keeps what was done to accounts that not everybody may do: in the transaction that does it, so that neither is there without the other.</summary>
internal sealed class AuditLog(TimeProvider time)
{
    /// <param name="connection">In the caller's transaction.</param>
    /// <param name="actor">Who did it.</param>
    /// <param name="action">One of <see cref="AuditAction"/>.</param>
    /// <param name="target">The account that it was done to.</param>
    /// <param name="detail">No secret, and nothing of a person.</param>
    public Task AddAsync(NpgsqlConnection connection, Guid actor, string action, Guid target, string? detail, CancellationToken cancellationToken)
    {
        var now = time.GetUtcNow();
        return connection.ExecuteAsync(new CommandDefinition(
            "INSERT INTO audit_entries (id, at, actor_id, action, target_id, detail) VALUES (@id, @now, @actor, @action, @target, @detail)",
            new { id = Guid.CreateVersion7(now), now, actor, action, target, detail },
            cancellationToken: cancellationToken));
    }
}

/// <summary>The words of <c>audit_entries.action</c>.</summary>
internal static class AuditAction
{
    public const string RolesSet = "roles_set";
    public const string SessionsEnded = "sessions_ended";
    public const string ResetSent = "reset_sent";
    public const string ApiKeyCreated = "api_key_created";
    public const string ApiKeyRemoved = "api_key_removed";
    public const string AccountDisabled = "account_disabled";
    public const string AccountEnabled = "account_enabled";
    public const string AccountDeleted = "account_deleted";
}
