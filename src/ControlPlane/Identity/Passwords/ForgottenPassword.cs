using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Routing;
using Movento.ControlPlane.Http;
using Movento.ControlPlane.Identity.Mail;

namespace Movento.ControlPlane.Identity.Passwords;

/// <summary><c>POST /api/auth/password/forgotten</c>: a mail with the link to a new password. Says the same, after the same work, whether the
/// address has an account or not: who is written to is looked up later.</summary>
internal static class ForgottenPassword
{
    public sealed record Request(string? Email);

    public static void Map(RouteGroupBuilder auth) => auth.MapPost("/password/forgotten", HandleAsync).AllowAnonymous();

    private static async Task<IResult> HandleAsync(
        JsonBody<Request> body, HttpContext context, AttemptLimits limits, MailOrders mails, CancellationToken cancellationToken)
    {
        if (body.Refusal is { } refusal) return refusal;
        if (!EmailAddress.TryNormalize(body.Value.Email, out var email)) return FieldErrors.One("email", EmailAddress.Wrong);
        if (await limits.CountMailAsync(email, context.Connection.RemoteIpAddress, cancellationToken) is { } tooMany) return tooMany;
        await mails.AddAsync(MailKind.Reset, email, null, cancellationToken);
        return TypedResults.StatusCode(StatusCodes.Status202Accepted);
    }
}
