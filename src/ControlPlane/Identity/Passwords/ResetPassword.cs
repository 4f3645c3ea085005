using System.ComponentModel.DataAnnotations;
using Dapper;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Routing;
using Movento.ApiDescription;
using Movento.ControlPlane.Http;
using Movento.ControlPlane.Identity.Links;
using Movento.ControlPlane.Identity.Mail;
using Movento.ControlPlane.Identity.Sessions;

namespace Movento.ControlPlane.Identity.Passwords;

/// <summary>
/// <c>POST /api/auth/password/reset</c>: the token of a mail's link and a new password. It ends every session and signs nobody in: a second factor
/// is asked for at the next sign-in as ever. Whoever got the mail reads it, so the address counts as confirmed.
/// </summary>
internal static class ResetPassword
{
    public sealed record Request(
        [property: Required] string? Token,
        [property: Required, MinLength(PasswordRules.MinLength), MaxLength(PasswordRules.MaxLength)] string? Password);

    public static void Map(RouteGroupBuilder auth) => auth.MapPost("/password/reset", HandleAsync).AllowAnonymous()
        .Describe("resetPassword", "Choose a new password by a mail's link")
        .AnswersNothing("It is the password now, and every session is over.")
        .RefusesFields().Refuses(LinkTokens.InvalidLink);

    private static async Task<IResult> HandleAsync(
        JsonBody<Request> body,
        HttpContext context,
        IdentityDatabase database,
        PasswordHashing passwords,
        EndedSessions ended,
        DeviceCookie devices,
        MailOrders mails,
        TimeProvider time,
        CancellationToken cancellationToken)
    {
        if (body.Refusal is { } refusal) return refusal;
        if (string.IsNullOrEmpty(body.Value.Token)) return FieldErrors.One("token", "The token of the link in the mail.");

        // :: Step 1: a good link, before anything costs time
        var hash = OneTimeSecret.Hash(body.Value.Token);
        string? email;
        await using (var connection = await database.OpenAsync(cancellationToken))
        {
            email = await connection.QuerySingleOrDefaultAsync<string>(new CommandDefinition(
                $"SELECT email FROM link_tokens WHERE {LinkTokens.IsGood} AND purpose = '{LinkPurpose.Reset}'",
                new { hash, now = time.GetUtcNow() },
                cancellationToken: cancellationToken));
        }

        if (email is null) return LinkTokens.InvalidLink;

        // :: Step 2: a good password, before the link is spent
        if (PasswordRules.WrongWith(body.Value.Password, email) is { } wrong) return FieldErrors.One("password", wrong);
        var passwordHash = await passwords.HashAsync(body.Value.Password!, cancellationToken);

        // :: Step 3: all of its effects, or none
        EndedSession[] over;
        Guid? user;
        await using (var connection = await database.OpenAsync(cancellationToken))
        await using (var transaction = await connection.BeginTransactionAsync(cancellationToken))
        {
            var now = time.GetUtcNow();
            user = await connection.QuerySingleOrDefaultAsync<Guid?>(new CommandDefinition(
                $"""
                WITH spent AS (DELETE FROM link_tokens WHERE {LinkTokens.IsGood} AND purpose = '{LinkPurpose.Reset}' RETURNING user_id, email)
                UPDATE users u SET password_hash = @passwordHash, confirmed_at = coalesce(u.confirmed_at, @now)
                FROM spent WHERE u.id = spent.user_id AND u.email = spent.email
                RETURNING u.id
                """,
                new { hash, now, passwordHash },
                cancellationToken: cancellationToken));
            if (user is null) return LinkTokens.InvalidLink;
            // Whoever had the password before may have asked for another address.
            await connection.ExecuteAsync(new CommandDefinition("DELETE FROM link_tokens WHERE user_id = @user", new { user }, cancellationToken: cancellationToken));
            await MailOrders.ForgetAsync(connection, MailKind.EmailChange, user.Value, cancellationToken);
            over = await SignInSessions.EndOthersAsync(connection, user.Value, except: null, now, cancellationToken);
            await mails.AddAsync(connection, MailKind.PasswordChanged, email, user, cancellationToken);
            await transaction.CommitAsync(cancellationToken);
        }

        await ended.TellAsync(over);
        // Whoever reads the account's mail is no stranger: the way back in for an owner whom an attacker makes wait.
        devices.Set(context, user.Value);
        return TypedResults.NoContent();
    }
}
