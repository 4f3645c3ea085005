using System.Security.Claims;
using Dapper;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Routing;
using Movento.ApiDescription;
using Movento.Contracts;
using Movento.ControlPlane.Http;
using Movento.ControlPlane.Identity.Mail;
using Movento.ControlPlane.Identity.Sessions;

namespace Movento.ControlPlane.Identity.Administration;

/// <summary>
/// <c>PUT /api/users/{id}/disabled</c>: nobody signs in to the account any more, its sessions are over with what was granted in them to play, and its own API
/// keys rest; those of others in its team do not. <c>DELETE /api/users/{id}/disabled</c>: it may be used again. For admins; both are noted, and the owner is told.
/// </summary>
internal static class DisableAccount
{
    private static readonly Problem Oneself = new(StatusCodes.Status409Conflict, "own_account", "You cannot disable your own account.")
    {
        Hint = "Another admin can.",
    };

    public static void Map(RouteGroupBuilder users)
    {
        users.MapPut("/{id}/disabled", DisableAsync).RequireAuthorization(Access.AdminPolicy)
            .Describe("disableAccount", "Let nobody sign in to an account any more", "Its sessions are over with what was granted in them to play, and its own API keys rest. Its owner is told.")
            .AnswersNothing().Refuses(AccountAdministration.NotFound, Oneself);
        users.MapDelete("/{id}/disabled", EnableAsync).RequireAuthorization(Access.AdminPolicy)
            .Describe("enableAccount", "Let an account be used again", "Its owner is told.")
            .AnswersNothing().Refuses(AccountAdministration.NotFound);
    }

    private static async Task<IResult> DisableAsync(
        string id,
        ClaimsPrincipal principal,
        IdentityDatabase database,
        RecentSignIn recent,
        EndedSessions ended,
        MailOrders mails,
        AuditLog audit,
        TimeProvider time,
        CancellationToken cancellationToken)
    {
        if (await recent.WrongWithAsync(principal, cancellationToken) is { } tooOld) return tooOld;
        if (!principal.TryGetUserId(out var actor)) return Problem.Unauthenticated;
        if (!Guid.TryParseExact(id, "N", out var target)) return AccountAdministration.NotFound;
        if (target == actor) return Oneself;

        var now = time.GetUtcNow();
        EndedSession[] over;
        await using (var connection = await database.OpenAsync(cancellationToken))
        await using (var transaction = await connection.BeginTransactionAsync(cancellationToken))
        {
            // Of two admins who disable each other at once, one is second, and an admin no more.
            var admins = await LastAdmin.LockAsync(connection, cancellationToken);
            if (!admins.Contains(actor)) return Problem.Unauthenticated;
            var email = await connection.QuerySingleOrDefaultAsync<string>(new CommandDefinition(
                "UPDATE users SET disabled_at = @now WHERE id = @target AND disabled_at IS NULL RETURNING email", new { target, now }, cancellationToken: cancellationToken));
            if (email is null) return await AccountAdministration.ExistsAsync(connection, target, cancellationToken) ? TypedResults.NoContent() : AccountAdministration.NotFound;
            over = await SignInSessions.EndOthersAsync(connection, target, except: null, now, cancellationToken);
            await mails.AddAsync(connection, MailKind.AccountDisabled, email, target, cancellationToken);
            await audit.AddAsync(connection, actor, AuditAction.AccountDisabled, target, null, cancellationToken);
            await transaction.CommitAsync(cancellationToken);
        }

        await ended.TellAsync(over);
        return TypedResults.NoContent();
    }

    private static async Task<IResult> EnableAsync(
        string id, ClaimsPrincipal principal, IdentityDatabase database, RecentSignIn recent, MailOrders mails, AuditLog audit, CancellationToken cancellationToken)
    {
        if (await recent.WrongWithAsync(principal, cancellationToken) is { } tooOld) return tooOld;
        if (!principal.TryGetUserId(out var actor)) return Problem.Unauthenticated;
        if (!Guid.TryParseExact(id, "N", out var target)) return AccountAdministration.NotFound;

        await using var connection = await database.OpenAsync(cancellationToken);
        await using var transaction = await connection.BeginTransactionAsync(cancellationToken);
        var email = await connection.QuerySingleOrDefaultAsync<string>(new CommandDefinition(
            "UPDATE users SET disabled_at = NULL WHERE id = @target AND disabled_at IS NOT NULL RETURNING email", new { target }, cancellationToken: cancellationToken));
        if (email is null) return await AccountAdministration.ExistsAsync(connection, target, cancellationToken) ? TypedResults.NoContent() : AccountAdministration.NotFound;
        await mails.AddAsync(connection, MailKind.AccountEnabled, email, target, cancellationToken);
        await audit.AddAsync(connection, actor, AuditAction.AccountEnabled, target, null, cancellationToken);
        await transaction.CommitAsync(cancellationToken);
        return TypedResults.NoContent();
    }
}
