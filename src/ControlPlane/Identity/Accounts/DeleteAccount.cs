using System.Security.Claims;
using Dapper;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Routing;
using Movento.ApiDescription;
using Movento.Contracts;
using Movento.ControlPlane.Http;
using Movento.ControlPlane.Identity.Administration;
using Movento.ControlPlane.Identity.Sessions;

namespace Movento.ControlPlane.Identity.Accounts;

/// <summary><c>DELETE /api/users/me</c>: the account is gone, with its profiles, keys and sessions, and what was granted in them to play; every other
/// area hears of it by <see cref="AccountDeleted"/>.</summary>
internal static class DeleteAccount
{
    public static void Map(RouteGroupBuilder users) => users.MapDelete("/me", HandleAsync).RequireAuthorization(Access.SignedInPolicy)
        .Describe("deleteAccount", "Delete the account", "With everything of it, in every area; what was granted to play ends.")
        .AnswersNothing().Refuses(LastAdmin.Refusal);

    private static async Task<IResult> HandleAsync(
        HttpContext context,
        ClaimsPrincipal principal,
        IdentityDatabase database,
        RecentSignIn recent,
        EndedSessions ended,
        DeletedAccounts deleted,
        AuditLog audit,
        RefreshCookie cookie,
        TimeProvider time,
        CancellationToken cancellationToken)
    {
        if (await recent.WrongWithAsync(principal, cancellationToken) is { } tooOld) return tooOld;
        if (!principal.TryGetUserId(out var user)) return Problem.Unauthenticated;

        var now = time.GetUtcNow();
        EndedSession[] over;
        await using (var connection = await database.OpenAsync(cancellationToken))
        await using (var transaction = await connection.BeginTransactionAsync(cancellationToken))
        {
            var admins = await LastAdmin.LockAsync(connection, cancellationToken);
            if (admins.Count == 1 && admins[0] == user) return LastAdmin.Refusal;
            over = await SignInSessions.EndOthersAsync(connection, user, except: null, now, cancellationToken);
            var gone = await connection.ExecuteAsync(new CommandDefinition(
                """
                WITH gone AS (DELETE FROM users WHERE id = @user RETURNING id)
                INSERT INTO deleted_accounts (user_id, deleted_at, due_at) SELECT id, @now, @now FROM gone
                """,
                new { user, now },
                cancellationToken: cancellationToken));
            if (gone == 0) return Problem.Unauthenticated;
            await audit.AddAsync(connection, user, AuditAction.AccountDeleted, user, null, cancellationToken);
            await transaction.CommitAsync(cancellationToken);
        }

        await ended.TellAsync(over);
        await deleted.AnnounceAtOnceAsync();
        cookie.Remove(context);
        return TypedResults.NoContent();
    }
}
