using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Routing;
using Movento.ControlPlane.Http;
using Movento.ControlPlane.Identity.Mail;

namespace Movento.ControlPlane.Identity;

/// <summary><c>POST /api/auth/confirmation</c>: the link that confirms, once more. Says the same whether the address has an account or not.</summary>
internal static class SendConfirmation
{
    public sealed record Request(string? Email);

    public static void Map(RouteGroupBuilder auth) => auth.MapPost("/confirmation", HandleAsync).AllowAnonymous();

    private static async Task<IResult> HandleAsync(
        JsonBody<Request> body, HttpContext context, AttemptLimits limits, MailOrders mails, CancellationToken cancellationToken)
    {
        if (body.Refusal is { } refusal) return refusal;
        if (!EmailAddress.TryNormalize(body.Value.Email, out var email)) return FieldErrors.One("email", EmailAddress.Wrong);
        if (await limits.CountMailAsync(email, context.Connection.RemoteIpAddress, cancellationToken) is { } tooMany) return tooMany;
        await mails.AddAsync(MailKind.Confirmation, email, null, cancellationToken);
        return TypedResults.StatusCode(StatusCodes.Status202Accepted);
    }
}
