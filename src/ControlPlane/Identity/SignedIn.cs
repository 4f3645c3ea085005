using System.Text.Json.Serialization;
using Microsoft.AspNetCore.Http;
using Movento.ControlPlane.Http;
using Movento.ControlPlane.Identity.AccessTokens;
using Movento.ControlPlane.Identity.Profiles;
using Movento.ControlPlane.Identity.SecondFactor;
using Movento.ControlPlane.Identity.Sessions;

namespace Movento.ControlPlane.Identity;

/// <summary>The answer of every way to sign in: an access token in the body, the refresh token in its cookie; or, where the account has a second
/// factor, a ticket for it.</summary>
internal sealed class SignedIn(
    AccessTokenIssuer tokens, SignInSessions sessions, SecondFactors factors, SignInTickets tickets, RefreshCookie cookie, DeviceCookie device)
{
    /// <param name="AccessToken">A JWT.</param>
    /// <param name="TokenType"><c>Bearer</c> (RFC 6750).</param>
    /// <param name="ExpiresIn">In seconds.</param>
    /// <param name="User">Who is signed in.</param>
    public sealed record Response(string AccessToken, string TokenType, int ExpiresIn, User User)
    {
        /// <summary>Where the sign-in turned a second factor on: each signs in once in place of the app. Shown this once.</summary>
        [JsonIgnore(Condition = JsonIgnoreCondition.WhenWritingNull)]
        public IReadOnlyList<string>? RecoveryCodes { get; init; }
    }

    /// <summary>Nobody is signed in yet: <c>POST /api/auth/login/second-factor</c> comes next, or <c>POST /api/auth/login/enrolment</c>.</summary>
    /// <param name="Ticket">Names this sign-in.</param>
    /// <param name="ExpiresIn">In seconds.</param>
    /// <param name="MustEnrol">Whether the account has no second factor yet and must have one.</param>
    public sealed record SecondFactorAwaited(string Ticket, int ExpiresIn, bool MustEnrol);

    /// <summary>After the first factor: asks for the second one, or starts a session where the account has none and needs none.</summary>
    public async Task<IResult> StartOrAskAsync(HttpContext context, UserRow user, CancellationToken cancellationToken)
    {
        var isOn = await factors.IsOnAsync(user.Id, cancellationToken);
        return isOn || factors.IsRequiredOf(user.Roles)
            ? TypedResults.Json(
                new SecondFactorAwaited(await tickets.CreateAsync(user.Id, cancellationToken), (int)SignInTickets.Lifetime.TotalSeconds, MustEnrol: !isOn),
                ControlPlaneJson.Default.SecondFactorAwaited,
                statusCode: StatusCodes.Status202Accepted)
            : await StartAsync(context, user, cancellationToken);
    }

    /// <summary>Starts a session of its own, after every factor. The one that the browser had is over: its cookie is replaced, and nobody could end it.</summary>
    public async Task<IResult> StartAsync(
        HttpContext context, UserRow user, CancellationToken cancellationToken, IReadOnlyList<string>? recoveryCodes = null)
    {
        if (cookie.TryRead(context, out var before)) await sessions.EndAsync(before, cancellationToken);
        if (await sessions.StartAsync(user.Id, context.Request.Headers.UserAgent, cancellationToken) is not { } session) return Problem.Unauthenticated;
        device.Set(context, user.Id);
        cookie.Set(context, session.Token);
        return Answer(user, session.Id, session.Profile, recoveryCodes);
    }

    /// <summary>Goes on with a session that stands.</summary>
    public IResult Answer(HttpContext context, UserRow row, LivingSession session)
    {
        cookie.Set(context, session.Token);
        return Answer(row, session.Id, session.Profile);
    }

    /// <summary>Another access token of a session that stands, under the refresh token that it has.</summary>
    public IResult Answer(UserRow row, Guid session, SessionProfile? profile, IReadOnlyList<string>? recoveryCodes = null)
    {
        var user = row.ToUser();
        return TypedResults.Json(
            new Response(tokens.Issue(user, session, profile), "Bearer", (int)tokens.Lifetime.TotalSeconds, user) { RecoveryCodes = recoveryCodes },
            ControlPlaneJson.Default.SignedInResponse);
    }
}
