using System.ComponentModel.DataAnnotations;
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

namespace Movento.ControlPlane.Identity.Passwords;

/// <summary><c>POST /api/auth/password</c>: the password that is, to one that shall be. Ends every other session.</summary>
internal static class ChangePassword
{
    public sealed record Request(
        [property: Required] string? CurrentPassword,
        [property: Required, MinLength(PasswordRules.MinLength), MaxLength(PasswordRules.MaxLength)] string? NewPassword);

    public static void Map(RouteGroupBuilder auth) => auth.MapPost("/password", HandleAsync).RequireAuthorization(Access.SignedInPolicy)
        .Describe("changePassword", "Change one's password")
        .AnswersNothing("It is the password now, and every other session is over.")
        .RefusesFields();

    private static async Task<IResult> HandleAsync(
        JsonBody<Request> body,
        HttpContext context,
        ClaimsPrincipal principal,
        IdentityDatabase database,
        OwnPassword own,
        PasswordHashing passwords,
        EndedSessions ended,
        MailOrders mails,
        TimeProvider time,
        CancellationToken cancellationToken)
    {
        if (body.Refusal is { } refusal) return refusal;
        if (await Me.FindAsync(database, principal, cancellationToken) is not { } user || !principal.TryGetSession(out var session)) return Problem.Unauthenticated;
        var errors = new FieldErrors()
            .Note("currentPassword", string.IsNullOrEmpty(body.Value.CurrentPassword) ? "The password that is." : null)
            .Note("newPassword", PasswordRules.WrongWith(body.Value.NewPassword, user.Email));
        if (errors.Problem is { } wrong) return wrong;

        var mistaken = FieldErrors.One("currentPassword", "This is not the password of your account.");
        if (await own.WrongWithAsync(context, user, body.Value.CurrentPassword!, mistaken, cancellationToken) is { } refused) return refused;

        var fresh = await passwords.HashAsync(body.Value.NewPassword!, cancellationToken);
        EndedSession[] over;
        await using (var connection = await database.OpenAsync(cancellationToken))
        await using (var transaction = await connection.BeginTransactionAsync(cancellationToken))
        {
            // Only over the hash that was checked: of two changes at once one wins, and the other is told.
            var changed = await connection.ExecuteAsync(new CommandDefinition(
                "UPDATE users SET password_hash = @fresh WHERE id = @Id AND password_hash = @PasswordHash",
                new { fresh, user.Id, user.PasswordHash },
                cancellationToken: cancellationToken));
            if (changed == 0) return FieldErrors.One("currentPassword", "The password was changed at this moment.");
            over = await SignInSessions.EndOthersAsync(connection, user.Id, session, time.GetUtcNow(), cancellationToken);
            await mails.AddAsync(connection, MailKind.PasswordChanged, user.Email, user.Id, cancellationToken);
            await transaction.CommitAsync(cancellationToken);
        }

        await ended.TellAsync(over);
        return TypedResults.NoContent();
    }
}
