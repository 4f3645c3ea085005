using System.ComponentModel.DataAnnotations;
using Microsoft.AspNetCore.Http;
using Movento.ControlPlane.Http;
using Movento.ControlPlane.Identity.Mail;

namespace Movento.ControlPlane.Identity;

/// <summary>Somebody who is not signed in asks for a mail. Says the same, after the same work, whether the address has an account or not: who is written to is looked up later.</summary>
internal static class AskedMail
{
    public sealed record Request([property: Required, MaxLength(EmailAddress.MaxLength)] string? Email);

    /// <param name="kind">One of <see cref="MailKind"/>.</param>
    public static async Task<IResult> OrderAsync(
        string kind, JsonBody<Request> body, HttpContext context, AttemptLimits limits, MailOrders mails, CancellationToken cancellationToken)
    {
        if (body.Refusal is { } refusal) return refusal;
        if (!EmailAddress.TryNormalize(body.Value.Email, out var email)) return FieldErrors.One("email", EmailAddress.Wrong);
        if (await limits.CountMailAsync(email, context.Connection.RemoteIpAddress, cancellationToken) is { } tooMany) return tooMany;
        await mails.AddAsync(kind, email, null, cancellationToken);
        return TypedResults.StatusCode(StatusCodes.Status202Accepted);
    }
}
