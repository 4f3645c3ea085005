using System.ComponentModel.DataAnnotations;
using System.Security.Claims;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Routing;
using Movento.ApiDescription;
using Movento.Contracts;
using Movento.ControlPlane.Http;
using Movento.ControlPlane.Identity.Mail;
using Movento.ControlPlane.Identity.SecondFactor;

namespace Movento.ControlPlane.Identity.Accounts;

/// <summary>
/// <c>POST /api/auth/email</c>: every factor once more, and another address; a mail with a link goes there, and a note to the address that is. Says the same,
/// after the same work, whether the other address has an account or not: its owner alone reads which. <see cref="MoveEmail"/> has the effect.
/// </summary>
internal static class ChangeEmail
{
    /// <param name="Email">The address that shall be.</param>
    /// <param name="Password">Of the account.</param>
    /// <param name="Code">Of its second factor, where it has one.</param>
    public sealed record Request([property: Required, MaxLength(EmailAddress.MaxLength)] string? Email, [property: Required] string? Password, string? Code);

    public static void Map(RouteGroupBuilder auth) => auth.MapPost("/email", HandleAsync).RequireAuthorization(Access.SignedInPolicy)
        .Describe("changeEmail", "Ask for another e-mail address", "A mail with a link goes there, and a note to the address that is. Says the same whether the other address has an account or not.")
        .AnswersNothing("The mails are on their way.", StatusCodes.Status202Accepted)
        .RefusesFields();

    private static async Task<IResult> HandleAsync(
        JsonBody<Request> body,
        HttpContext context,
        ClaimsPrincipal principal,
        IdentityDatabase database,
        OwnFactors own,
        AttemptLimits limits,
        MailOrders mails,
        CancellationToken cancellationToken)
    {
        if (body.Refusal is { } refusal) return refusal;
        if (await Me.FindAsync(database, principal, cancellationToken) is not { } user) return Problem.Unauthenticated;
        var hasEmail = EmailAddress.TryNormalize(body.Value.Email, out var email);
        var errors = new FieldErrors()
            .Note("email", !hasEmail ? EmailAddress.Wrong : email == user.Email ? "This is the address that your account has." : null)
            .Note("password", string.IsNullOrEmpty(body.Value.Password) ? "The password." : null);
        if (errors.Problem is { } wrong) return wrong;

        var mistaken = FieldErrors.One("password", "This is not the password of your account.");
        if (await own.WrongWithAsync(context, user, body.Value.Password!, body.Value.Code, mistaken, cancellationToken) is { } refused) return refused;
        if (await limits.CountMailAsync(email!, context.Connection.RemoteIpAddress, cancellationToken) is { } tooMany) return tooMany;

        await using var connection = await database.OpenAsync(cancellationToken);
        await using var transaction = await connection.BeginTransactionAsync(cancellationToken);
        await mails.AddAsync(connection, MailKind.EmailChange, email!, user.Id, cancellationToken);
        await mails.AddAsync(connection, MailKind.EmailChangeAsked, user.Email, user.Id, cancellationToken);
        await transaction.CommitAsync(cancellationToken);
        return TypedResults.StatusCode(StatusCodes.Status202Accepted);
    }
}
