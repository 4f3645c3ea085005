using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Routing;
using Movento.ApiDescription;
using Movento.ControlPlane.Identity.Sessions;

namespace Movento.ControlPlane.Identity;

/// <summary><c>POST /api/auth/logout</c>: ends the cookie's session, and what was granted in it to play. The access token
/// lives on for its few minutes, but grants no playback any more.</summary>
internal static class Logout
{
    public static void Map(RouteGroupBuilder auth) => auth.MapPost("/logout", HandleAsync).AllowAnonymous()
        .Describe("logout", "Sign out", "Ends the cookie's session and what was granted in it to play; the access token lives on for its minutes.")
        .ReadsRefreshCookie(isRequired: false).AnswersNothing();

    private static async Task<IResult> HandleAsync(
        HttpContext context, SignInSessions sessions, RefreshCookie cookie, CancellationToken cancellationToken)
    {
        if (cookie.TryRead(context, out var token)) await sessions.EndAsync(token, cancellationToken);
        cookie.Remove(context);
        return TypedResults.NoContent();
    }
}
