using Dapper;
using Microsoft.AspNetCore.Http;
using Movento.Contracts;
using Movento.ControlPlane.Http;
using Npgsql;

namespace Movento.ControlPlane.Identity.Administration;

/// <summary>There is always somebody who administers.</summary>
internal static class LastAdmin
{
    public static readonly Problem Refusal = new(StatusCodes.Status409Conflict, "last_admin", "You are the only admin.")
    {
        Hint = "Make somebody else an admin first.",
    };

    /// <summary>Everybody who administers now. Their rows are locked until the caller's transaction ends: of two who go at once, one is second and waits.</summary>
    public static async Task<IReadOnlyList<Guid>> LockAsync(NpgsqlConnection connection, CancellationToken cancellationToken) =>
        [.. await connection.QueryAsync<Guid>(new CommandDefinition(
            "SELECT id FROM users WHERE @role = ANY(roles) AND disabled_at IS NULL ORDER BY id FOR UPDATE",
            new { role = Access.AdminRole },
            cancellationToken: cancellationToken))];
}
