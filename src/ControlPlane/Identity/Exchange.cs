using System.ComponentModel.DataAnnotations;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Routing;
using Movento.ApiDescription;
using Movento.ControlPlane.Http;

namespace Movento.ControlPlane.Identity;

/// <summary><c>POST /api/auth/exchange</c>: a one-time sign-in code to a session.</summary>
internal static class Exchange
{
    public sealed record Request([property: Required] string? Code);

    private static readonly Problem InvalidCode =
        new(StatusCodes.Status401Unauthorized, "invalid_code", "This sign-in link was used already, or is too old.");

    public static void Map(RouteGroupBuilder auth) => auth.MapPost("/exchange", HandleAsync).AllowAnonymous()
        .Describe("exchange", "Sign in with a one-time code", "Such as the link of `movento demo` holds: it lives for minutes and works once.")
        .SignsIn().AsksForSecondFactor()
        .RefusesFields().Refuses(InvalidCode);

    private static async Task<IResult> HandleAsync(
        JsonBody<Request> body, HttpContext context, SignInCodes codes, SignedIn signedIn, CancellationToken cancellationToken)
    {
        if (body.Refusal is { } refusal) return refusal;
        if (string.IsNullOrEmpty(body.Value.Code)) return FieldErrors.One("code", "The code of the sign-in link.");
        return await codes.SpendAsync(body.Value.Code, cancellationToken) is { } user
            ? await signedIn.StartOrAskAsync(context, user, cancellationToken)
            : InvalidCode;
    }
}
