using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Routing;
using Movento.ApiDescription;
using Movento.ControlPlane.Http;
using Movento.ControlPlane.Identity.Mail;

namespace Movento.ControlPlane.Identity;

/// <summary><c>POST /api/auth/confirmation</c>: the link that confirms, once more. See <see cref="AskedMail"/>.</summary>
internal static class SendConfirmation
{
    public static void Map(RouteGroupBuilder auth) => auth.MapPost("/confirmation", HandleAsync).AllowAnonymous()
        .Describe("sendConfirmation", "Ask for the mail that confirms once more")
        .AnswersNothing("A mail is sent where the address waits to be confirmed.", StatusCodes.Status202Accepted)
        .RefusesFields();

    private static Task<IResult> HandleAsync(
        JsonBody<AskedMail.Request> body, HttpContext context, AttemptLimits limits, MailOrders mails, CancellationToken cancellationToken) =>
        AskedMail.OrderAsync(MailKind.Confirmation, body, context, limits, mails, cancellationToken);
}
