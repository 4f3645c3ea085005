using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Routing;
using Movento.ControlPlane.Http;
using Movento.ControlPlane.Identity.Sessions;

namespace Movento.ControlPlane.Identity;

/// <summary><c>POST /api/auth/refresh</c>: the cookie to a new access token and the next cookie.</summary>
internal static class Refresh
{
    private static readonly Problem InvalidRefresh =
        new(StatusCodes.Status401Unauthorized, "invalid_refresh", "The session is over. Sign in again.");

    public static void Map(RouteGroupBuilder auth) => auth.MapPost("/refresh", HandleAsync).AllowAnonymous();

    private static async Task<IResult> HandleAsync(
        HttpContext context,
        SignInSessions sessions,
        SignedIn signedIn,
        RefreshCookie cookie,
        CancellationToken cancellationToken)
    {
        if (RefreshCookie.TryRead(context, out var token)
            && await sessions.RotateAsync(token, cancellationToken) is { } rotation)
            return signedIn.Answer(context, rotation.User, rotation.Session);

        cookie.Remove(context);
        return InvalidRefresh;
    }
}
