using System.ComponentModel.DataAnnotations;
using System.Security.Claims;
using Dapper;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Routing;
using Movento.ApiDescription;
using Movento.Contracts;
using Movento.ControlPlane.Http;
using Movento.ControlPlane.Identity.SecondFactor;

namespace Movento.ControlPlane.Identity.Sessions;

/// <summary><c>POST /api/auth/reauthenticate</c>: the password once more, and a code where there is a second factor, for what <see cref="RecentSignIn"/> guards. The session goes on
/// under a new refresh token.</summary>
internal static class Reauthenticate
{
    /// <param name="Password">Of the account.</param>
    /// <param name="Code">Of its second factor, where it has one.</param>
    public sealed record Request([property: Required] string? Password, string? Code);

    private static readonly Problem InvalidCredentials = new(StatusCodes.Status401Unauthorized, "invalid_credentials", "The password is not right.");

    public static void Map(RouteGroupBuilder auth) => auth.MapPost("/reauthenticate", HandleAsync).RequireAuthorization(Access.SignedInPolicy)
        .Describe("reauthenticate", "Give one's password again", "For what answers `reauthentication_required`, within ten minutes. The session goes on under a new refresh token.")
        .ReadsRefreshCookie().SignsIn()
        .RefusesFields().Refuses(InvalidCredentials, LoginSecondFactor.InvalidCode);

    private static async Task<IResult> HandleAsync(
        JsonBody<Request> body,
        HttpContext context,
        ClaimsPrincipal principal,
        IdentityDatabase database,
        OwnFactors own,
        SignInSessions sessions,
        RefreshCookie cookie,
        SignedIn signedIn,
        TimeProvider time,
        CancellationToken cancellationToken)
    {
        if (body.Refusal is { } refusal) return refusal;
        if (string.IsNullOrEmpty(body.Value.Password)) return FieldErrors.One("password", "The password.");
        if (await Me.FindAsync(database, principal, cancellationToken) is not { } user
            || !principal.TryGetSession(out var session)
            || !cookie.TryRead(context, out var token))
            return Problem.Unauthenticated;

        if (await own.WrongWithAsync(context, user, body.Value.Password, body.Value.Code, InvalidCredentials, cancellationToken) is { } refused) return refused;
        if (await sessions.RotateAsync(token, cancellationToken) is not { } rotation || rotation.Session.Id != session) return Problem.Unauthenticated;
        await using var connection = await database.OpenAsync(cancellationToken);
        await connection.ExecuteAsync(new CommandDefinition(
            "UPDATE sessions SET authenticated_at = @now WHERE id = @session", new { session, now = time.GetUtcNow() }, cancellationToken: cancellationToken));
        return signedIn.Answer(context, rotation.User, rotation.Session);
    }
}
