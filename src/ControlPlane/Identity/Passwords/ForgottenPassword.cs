using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Routing;
using Movento.ApiDescription;
using Movento.ControlPlane.Http;
using Movento.ControlPlane.Identity.Mail;

namespace Movento.ControlPlane.Identity.Passwords;

/// <summary><c>POST /api/auth/password/forgotten</c>: a mail with the link to a new password. See <see cref="AskedMail"/>.</summary>
internal static class ForgottenPassword
{
    public static void Map(RouteGroupBuilder auth) => auth.MapPost("/password/forgotten", HandleAsync).AllowAnonymous()
        .Describe("forgottenPassword", "Ask for a mail with a link to a new password")
        .AnswersNothing("A mail is sent where the address has an account.", StatusCodes.Status202Accepted)
        .RefusesFields();

    private static Task<IResult> HandleAsync(
        JsonBody<AskedMail.Request> body, HttpContext context, AttemptLimits limits, MailOrders mails, CancellationToken cancellationToken) =>
        AskedMail.OrderAsync(MailKind.Reset, body, context, limits, mails, cancellationToken);
}
