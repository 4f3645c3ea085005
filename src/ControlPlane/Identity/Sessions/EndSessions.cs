using System.Security.Claims;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Routing;
using Movento.ApiDescription;
using Movento.Contracts;
using Movento.ControlPlane.Http;

namespace Movento.ControlPlane.Identity.Sessions;

/// <summary><c>DELETE /api/auth/sessions/{id}</c> ends one session, <c>DELETE /api/auth/sessions</c> all but the one that asks; with them ends what was
/// granted in them to play.</summary>
internal static class EndSessions
{
    private static readonly Problem NotFound = Problem.NotFound("You have no such session.");

    public static void Map(RouteGroupBuilder auth)
    {
        auth.MapDelete("/sessions/{id}", EndOneAsync).RequireAuthorization(Access.SignedInPolicy)
            .Describe("endSession", "End a session", "With it ends what was granted in it to play.")
            .AnswersNothing().Refuses(NotFound);
        auth.MapDelete("/sessions", EndOthersAsync).RequireAuthorization(Access.SignedInPolicy)
            .Describe("endOtherSessions", "End every session but this one")
            .AnswersNothing();
    }

    private static async Task<IResult> EndOneAsync(
        string id, ClaimsPrincipal principal, RecentSignIn recent, SignInSessions sessions, CancellationToken cancellationToken)
    {
        if (await recent.WrongWithAsync(principal, cancellationToken) is { } wrong) return wrong;
        return principal.TryGetUserId(out var user)
            && Guid.TryParseExact(id, "N", out var session)
            && await sessions.EndAsync(session, user, cancellationToken)
            ? TypedResults.NoContent()
            : NotFound;
    }

    private static async Task<IResult> EndOthersAsync(
        ClaimsPrincipal principal, RecentSignIn recent, SignInSessions sessions, CancellationToken cancellationToken)
    {
        if (await recent.WrongWithAsync(principal, cancellationToken) is { } wrong) return wrong;
        if (!principal.TryGetUserId(out var user) || !principal.TryGetSession(out var current)) return Problem.Unauthenticated;
        await sessions.EndOthersAsync(user, current, cancellationToken);
        return TypedResults.NoContent();
    }
}
