using System.ComponentModel.DataAnnotations;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Routing;
using Movento.ApiDescription;
using Movento.ControlPlane.Http;

namespace Movento.ControlPlane.Identity.SecondFactor;

/// <summary><c>POST /api/auth/login/second-factor</c>: the ticket of a sign-in, and a code of the app or a recovery code, to a session.</summary>
internal static class LoginSecondFactor
{
    public sealed record Request([property: Required] string? Ticket, [property: Required] string? Code);

    public static readonly Problem InvalidTicket =
        new(StatusCodes.Status401Unauthorized, "invalid_ticket", "This sign-in took too long, or was tried too often. Begin again.");

    public static readonly Problem InvalidCode = new(StatusCodes.Status401Unauthorized, "invalid_code", "The code is not right, or was used already.");

    public const string WhatTicket = "The ticket that the password gave.";

    public static void Map(RouteGroupBuilder auth) => auth.MapPost("/login/second-factor", HandleAsync).AllowAnonymous()
        .Describe("loginSecondFactor", "Finish a sign-in with a second factor", "The code is of the authenticator app, or a recovery code.")
        .SignsIn()
        .RefusesFields().Refuses(InvalidTicket, InvalidCode, AttemptLimits.TooManyAttempts);

    private static async Task<IResult> HandleAsync(
        JsonBody<Request> body, HttpContext context, SignInTickets tickets, SecondFactors factors, SignedIn signedIn, CancellationToken cancellationToken)
    {
        if (body.Refusal is { } refusal) return refusal;
        var errors = new FieldErrors()
            .Note("ticket", string.IsNullOrEmpty(body.Value.Ticket) ? WhatTicket : null)
            .Note("code", string.IsNullOrWhiteSpace(body.Value.Code) ? "A code of the authenticator app, or a recovery code." : null);
        if (errors.Problem is { } wrong) return wrong;

        if (await tickets.TryAsync(body.Value.Ticket!, cancellationToken) is not { } user) return InvalidTicket;
        if (await factors.WrongWithAsync(user.Id, body.Value.Code, InvalidCode, cancellationToken) is { } wrongCode) return wrongCode;
        return await tickets.SpendAsync(body.Value.Ticket!, cancellationToken)
            ? await signedIn.StartAsync(context, user, cancellationToken)
            : InvalidTicket;
    }
}
