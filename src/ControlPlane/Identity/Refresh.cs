using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Routing;
using Movento.ApiDescription;
using Movento.ControlPlane.Http;
using Movento.ControlPlane.Identity.SecondFactor;
using Movento.ControlPlane.Identity.Sessions;

namespace Movento.ControlPlane.Identity;

/// <summary><c>POST /api/auth/refresh</c>: the cookie to a new access token and the next cookie.</summary>
internal static class Refresh
{
    private static readonly Problem InvalidRefresh =
        new(StatusCodes.Status401Unauthorized, "invalid_refresh", "The session is over. Sign in again.");

    public static void Map(RouteGroupBuilder auth) => auth.MapPost("/refresh", HandleAsync).AllowAnonymous()
        .Describe(
            "refresh", "Get the next access token",
            "A refresh token works once; within 30 seconds the same one gives the token that lives by now. Later, it ends the session.")
        .ReadsRefreshCookie().SignsIn()
        .Refuses(InvalidRefresh);

    private static async Task<IResult> HandleAsync(
        HttpContext context,
        SignInSessions sessions,
        SecondFactors factors,
        SignedIn signedIn,
        RefreshCookie cookie,
        CancellationToken cancellationToken)
    {
        if (cookie.TryRead(context, out var token)
            && await sessions.RotateAsync(token, cancellationToken) is { } rotation)
        {
            if (!await factors.IsMissingAsync(rotation.User, cancellationToken)) return signedIn.Answer(context, rotation.User, rotation.Session);
            // Somebody became an editor, or the option was set, after this sign-in: the next one has the step.
            await sessions.EndAsync(token, cancellationToken);
        }

        cookie.Remove(context);
        return InvalidRefresh;
    }
}
