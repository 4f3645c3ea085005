using System.ComponentModel.DataAnnotations;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Routing;
using Movento.ApiDescription;
using Movento.ControlPlane.Http;
using Movento.ControlPlane.Identity.Mail;

namespace Movento.ControlPlane.Identity.SecondFactor;

/// <summary>
/// <c>POST /api/auth/login/enrolment</c>: the ticket of a sign-in to a secret for an app, and <c>POST /api/auth/login/enrolment/confirm</c>: the ticket and
/// the app's first code to a session and recovery codes. For accounts of which a second factor is demanded
/// (<see cref="ControlPlaneOptions.SecondFactorRequiredFor"/>) and which have none yet.
/// </summary>
internal static class EnrolAtSignIn
{
    public sealed record Request([property: Required] string? Ticket);

    public static void Map(RouteGroupBuilder auth)
    {
        auth.MapPost("/login/enrolment", BeginAsync).AllowAnonymous()
            .Describe("beginEnrolment", "A secret for an app, in the middle of a sign-in", "Where a sign-in answers 202 with `mustEnrol`: the account must have a second factor and has none.")
            .Answers<AuthenticatorApi.Enrolment>()
            .RefusesFields().Refuses(LoginSecondFactor.InvalidTicket, AuthenticatorApi.IsOn);
        auth.MapPost("/login/enrolment/confirm", ConfirmAsync).AllowAnonymous()
            .Describe("confirmEnrolment", "Finish a sign-in by the app's first code", "The answer holds `recoveryCodes`, which are shown this once.")
            .SignsIn()
            .RefusesFields().Refuses(LoginSecondFactor.InvalidTicket, LoginSecondFactor.InvalidCode);
    }

    private static async Task<IResult> BeginAsync(JsonBody<Request> body, SignInTickets tickets, SecondFactors factors, CancellationToken cancellationToken)
    {
        if (body.Refusal is { } refusal) return refusal;
        if (string.IsNullOrEmpty(body.Value.Ticket)) return FieldErrors.One("ticket", LoginSecondFactor.WhatTicket);
        if (await tickets.TryAsync(body.Value.Ticket, cancellationToken) is not { } user) return LoginSecondFactor.InvalidTicket;
        return await factors.BeginAsync(user.Id, cancellationToken) is { } secret ? AuthenticatorApi.Enrolment.Answer(secret, user.Email) : AuthenticatorApi.IsOn;
    }

    private static async Task<IResult> ConfirmAsync(
        JsonBody<LoginSecondFactor.Request> body,
        HttpContext context,
        SignInTickets tickets,
        SecondFactors factors,
        AttemptLimits limits,
        MailOrders mails,
        SignedIn signedIn,
        CancellationToken cancellationToken)
    {
        if (body.Refusal is { } refusal) return refusal;
        var errors = new FieldErrors()
            .Note("ticket", string.IsNullOrEmpty(body.Value.Ticket) ? LoginSecondFactor.WhatTicket : null)
            .Note("code", string.IsNullOrWhiteSpace(body.Value.Code) ? "The code that the app shows." : null);
        if (errors.Problem is { } wrong) return wrong;

        if (await tickets.TryAsync(body.Value.Ticket!, cancellationToken) is not { } user) return LoginSecondFactor.InvalidTicket;
        if (await limits.CountSecondFactorAsync(user.Id, cancellationToken) is { } tooMany) return tooMany;
        if (await factors.ConfirmAsync(user.Id, body.Value.Code!.Trim(), cancellationToken) is not { } codes) return LoginSecondFactor.InvalidCode;
        await limits.ForgiveSecondFactorAsync(user.Id, cancellationToken);
        await mails.AddAsync(MailKind.SecondFactorOn, user.Email, user.Id, cancellationToken);
        return await tickets.SpendAsync(body.Value.Ticket!, cancellationToken)
            ? await signedIn.StartAsync(context, user, cancellationToken, codes)
            : LoginSecondFactor.InvalidTicket;
    }
}
