using Microsoft.AspNetCore.Http;
using Movento.ControlPlane.Identity.AccessTokens;
using Movento.ControlPlane.Identity.Sessions;

namespace Movento.ControlPlane.Identity;

/// <summary>The answer of every way to sign in: an access token in the body, the refresh token in its cookie.</summary>
internal sealed class SignedIn(AccessTokenIssuer tokens, SignInSessions sessions, RefreshCookie cookie)
{
    /// <param name="AccessToken">A JWT.</param>
    /// <param name="TokenType"><c>Bearer</c> (RFC 6750).</param>
    /// <param name="ExpiresIn">In seconds.</param>
    /// <param name="User">Who is signed in.</param>
    public sealed record Response(string AccessToken, string TokenType, int ExpiresIn, User User);

    /// <summary>Starts a session of its own.</summary>
    public async Task<IResult> StartAsync(HttpContext context, UserRow user, CancellationToken cancellationToken) =>
        Answer(context, user, await sessions.StartAsync(user.Id, context.Request.Headers.UserAgent, cancellationToken));

    /// <summary>Goes on with a session that stands.</summary>
    public IResult Answer(HttpContext context, UserRow row, LivingSession session)
    {
        cookie.Set(context, session.Token);
        var user = row.ToUser();
        return TypedResults.Json(
            new Response(tokens.Issue(user, session.Id), "Bearer", (int)tokens.Lifetime.TotalSeconds, user),
            ControlPlaneJson.Default.SignedInResponse);
    }
}
