using Microsoft.AspNetCore.Http;
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
    public sealed record Response(string AccessToken, string TokenType, int ExpiresIn, User User);

    /// <summary>Nobody is signed in yet: <c>POST /api/auth/login/second-factor</c> comes next.</summary>
    /// <param name="Ticket">Names this sign-in.</param>
    /// <param name="ExpiresIn">In seconds.</param>
    public sealed record SecondFactorAwaited(string Ticket, int ExpiresIn);

    /// <summary>After the first factor: asks for the second one, or starts a session where the account has none.</summary>
    public async Task<IResult> StartOrAskAsync(HttpContext context, UserRow user, CancellationToken cancellationToken) =>
        await factors.IsOnAsync(user.Id, cancellationToken)
            ? TypedResults.Json(
                new SecondFactorAwaited(await tickets.CreateAsync(user.Id, cancellationToken), (int)SignInTickets.Lifetime.TotalSeconds),
                ControlPlaneJson.Default.SecondFactorAwaited,
                statusCode: StatusCodes.Status202Accepted)
            : await StartAsync(context, user, cancellationToken);

    /// <summary>Starts a session of its own, after every factor.</summary>
    public async Task<IResult> StartAsync(HttpContext context, UserRow user, CancellationToken cancellationToken)
    {
        device.Set(context, user.Id);
        return Answer(context, user, await sessions.StartAsync(user.Id, context.Request.Headers.UserAgent, cancellationToken));
    }

    /// <summary>Goes on with a session that stands.</summary>
    public IResult Answer(HttpContext context, UserRow row, LivingSession session)
    {
        cookie.Set(context, session.Token);
        return Answer(row, session.Id, session.Profile);
    }

    /// <summary>Another access token of a session that stands, under the refresh token that it has.</summary>
    public IResult Answer(UserRow row, Guid session, SessionProfile? profile)
    {
        var user = row.ToUser();
        return TypedResults.Json(
            new Response(tokens.Issue(user, session, profile), "Bearer", (int)tokens.Lifetime.TotalSeconds, user),
            ControlPlaneJson.Default.SignedInResponse);
    }
}
