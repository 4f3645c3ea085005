using System.ComponentModel.DataAnnotations;
using System.Security.Claims;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Routing;
using Movento.ApiDescription;
using Movento.Contracts;
using Movento.ControlPlane.Http;
using Movento.ControlPlane.Identity.Mail;
using Movento.ControlPlane.Identity.Sessions;

namespace Movento.ControlPlane.Identity.SecondFactor;

/// <summary>
/// <c>/api/users/me/second-factor</c>: <c>GET</c> whether it is on, <c>POST</c> a secret for an app, <c>POST …/confirm</c> its first code to turn it on,
/// <c>POST …/recovery-codes</c> new ones, <c>DELETE</c> to turn it off. All but the first want a recent sign-in.
/// </summary>
internal static class AuthenticatorApi
{
    /// <param name="IsOn">Whether a sign-in asks for a code.</param>
    public sealed record Status(bool IsOn);

    /// <param name="Secret">For who types it in: 32 characters of base32.</param>
    /// <param name="Uri">For who scans it: <c>otpauth://totp/…</c>.</param>
    public sealed record Enrolment(string Secret, string Uri)
    {
        public static IResult Answer(byte[] secret, string email)
        {
            var text = Base32.Encode(secret);
            // The key URI format that apps read from QR codes; the defaults of RFC 6238 need not be said.
            return TypedResults.Json(
                new Enrolment(text, $"otpauth://totp/Movento:{System.Uri.EscapeDataString(email)}?secret={text}&issuer=Movento"),
                ControlPlaneJson.Default.AuthenticatorEnrolment);
        }
    }

    public sealed record Confirmation([property: Required] string? Code);

    /// <param name="RecoveryCodes">Each signs in once in place of the app. Shown this once.</param>
    public sealed record Codes(IReadOnlyList<string> RecoveryCodes);

    public static readonly Problem IsOn = new(StatusCodes.Status409Conflict, "second_factor_on", "A second factor is on already.")
    {
        Hint = "Turn it off first.",
    };

    private static readonly Problem IsOff = new(StatusCodes.Status409Conflict, "second_factor_off", "There is no second factor.");

    public static void Map(RouteGroupBuilder users)
    {
        var factor = users.MapGroup("/me/second-factor").RequireAuthorization(Access.SignedInPolicy);
        factor.MapGet("/", GetAsync)
            .Describe("getSecondFactor", "Whether a second factor is on")
            .Answers<Status>();
        factor.MapPost("/", BeginAsync)
            .Describe("beginSecondFactor", "A secret for an authenticator app", "It is on once a first code of it was confirmed.")
            .Answers<Enrolment>().Refuses(IsOn);
        factor.MapPost("/confirm", ConfirmAsync)
            .Describe("confirmSecondFactor", "Turn the second factor on by a first code")
            .Answers<Codes>("It is on. The recovery codes are shown this once.").RefusesFields();
        factor.MapPost("/recovery-codes", RenewAsync)
            .Describe("renewRecoveryCodes", "New recovery codes in place of all there were")
            .Answers<Codes>().Refuses(IsOff);
        factor.MapDelete("/", RemoveAsync)
            .Describe("removeSecondFactor", "Turn the second factor off")
            .AnswersNothing().Refuses(IsOff);
    }

    private static async Task<IResult> GetAsync(ClaimsPrincipal principal, SecondFactors factors, CancellationToken cancellationToken) =>
        principal.TryGetUserId(out var user)
            ? TypedResults.Json(new Status(await factors.IsOnAsync(user, cancellationToken)), ControlPlaneJson.Default.AuthenticatorStatus)
            : Problem.Unauthenticated;

    private static async Task<IResult> BeginAsync(
        ClaimsPrincipal principal, IdentityDatabase database, RecentSignIn recent, SecondFactors factors, CancellationToken cancellationToken)
    {
        if (await recent.WrongWithAsync(principal, cancellationToken) is { } wrong) return wrong;
        if (await Me.FindAsync(database, principal, cancellationToken) is not { } user) return Problem.Unauthenticated;
        return await factors.BeginAsync(user.Id, cancellationToken) is { } secret ? Enrolment.Answer(secret, user.Email) : IsOn;
    }

    private static async Task<IResult> ConfirmAsync(
        JsonBody<Confirmation> body,
        ClaimsPrincipal principal,
        IdentityDatabase database,
        RecentSignIn recent,
        AttemptLimits limits,
        SecondFactors factors,
        MailOrders mails,
        CancellationToken cancellationToken)
    {
        if (body.Refusal is { } refusal) return refusal;
        if (string.IsNullOrWhiteSpace(body.Value.Code)) return FieldErrors.One("code", "The code that the app shows.");
        if (await recent.WrongWithAsync(principal, cancellationToken) is { } wrong) return wrong;
        if (await Me.FindAsync(database, principal, cancellationToken) is not { } user) return Problem.Unauthenticated;
        if (await limits.CountSecondFactorAsync(user.Id, cancellationToken) is { } tooMany) return tooMany;
        if (await factors.ConfirmAsync(user.Id, body.Value.Code.Trim(), cancellationToken) is not { } codes)
            return FieldErrors.One("code", "The code is not the one that the app should show now.");
        await limits.ForgiveSecondFactorAsync(user.Id, cancellationToken);
        await mails.AddAsync(MailKind.SecondFactorOn, user.Email, user.Id, cancellationToken);
        return TypedResults.Json(new Codes(codes), ControlPlaneJson.Default.AuthenticatorCodes);
    }

    private static async Task<IResult> RenewAsync(
        ClaimsPrincipal principal, RecentSignIn recent, SecondFactors factors, CancellationToken cancellationToken)
    {
        if (await recent.WrongWithAsync(principal, cancellationToken) is { } wrong) return wrong;
        return principal.TryGetUserId(out var user) && await factors.RenewRecoveryCodesAsync(user, cancellationToken) is { } codes
            ? TypedResults.Json(new Codes(codes), ControlPlaneJson.Default.AuthenticatorCodes)
            : IsOff;
    }

    private static async Task<IResult> RemoveAsync(
        ClaimsPrincipal principal,
        IdentityDatabase database,
        RecentSignIn recent,
        SecondFactors factors,
        SignInSessions sessions,
        MailOrders mails,
        CancellationToken cancellationToken)
    {
        if (await recent.WrongWithAsync(principal, cancellationToken) is { } wrong) return wrong;
        if (await Me.FindAsync(database, principal, cancellationToken) is not { } user) return Problem.Unauthenticated;
        if (!await factors.RemoveAsync(user.Id, cancellationToken)) return IsOff;
        await mails.AddAsync(MailKind.SecondFactorOff, user.Email, user.Id, cancellationToken);
        // Another app may take its place, at the next sign-in; nothing goes on without one.
        if (factors.IsRequiredOf(user.Roles)) await sessions.EndOthersAsync(user.Id, except: null, cancellationToken);
        return TypedResults.NoContent();
    }
}
