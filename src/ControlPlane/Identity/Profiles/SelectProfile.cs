using System.Security.Claims;
using Dapper;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Routing;
using Movento.ApiDescription;
using Movento.Contracts;
using Movento.ControlPlane.Http;

namespace Movento.ControlPlane.Identity.Profiles;

/// <summary><c>PUT /api/auth/profile</c>: who watches in this session from now on. The answer's access token says so to every other area.
/// Out of a profile with a bound of age it takes the password (<see cref="ProfileLock"/>).</summary>
internal static class SelectProfile
{
    /// <param name="ProfileId">Null for nobody in particular.</param>
    public sealed record Request(string? ProfileId);

    public static void Map(RouteGroupBuilder auth) => auth.MapPut("/profile", HandleAsync).RequireAuthorization(Access.SignedInPolicy)
        .Describe("selectProfile", "Say who watches in this session", "Its access tokens say so from now on; the answer holds the first one.")
        .Answers<SignedIn.Response>().RefusesFields();

    private static async Task<IResult> HandleAsync(
        JsonBody<Request> body, ClaimsPrincipal principal, IdentityDatabase database, ProfileLock bound, SignedIn signedIn, CancellationToken cancellationToken)
    {
        if (body.Refusal is { } refusal) return refusal;
        if (await Me.FindAsync(database, principal, cancellationToken) is not { } user || !principal.TryGetSession(out var session)) return Problem.Unauthenticated;

        await using var connection = await database.OpenAsync(cancellationToken);
        ProfileRow? profile = null;
        if (body.Value.ProfileId is { } text)
        {
            profile = Guid.TryParseExact(text, "N", out var id)
                ? await connection.QuerySingleOrDefaultAsync<ProfileRow>(new CommandDefinition(
                    $"SELECT {ProfileRow.Columns} FROM profiles WHERE id = @id AND user_id = @userId", new { id, userId = user.Id }, cancellationToken: cancellationToken))
                : null;
            if (profile is null) return FieldErrors.One("profileId", "You have no such profile.");
        }

        var maximumAge = profile?.MaximumAge ?? Maturity.Everything;
        if (await bound.WrongWithAsync(principal, maximumAge, cancellationToken) is { } locked) return locked;
        var selected = await connection.ExecuteAsync(new CommandDefinition(
            $"UPDATE sessions SET profile_id = @profileId, {ProfileLock.Closing} WHERE id = @session AND user_id = @userId AND revoked_at IS NULL",
            new { profileId = profile?.Id, isBounded = maximumAge < Maturity.Everything, session, userId = user.Id },
            cancellationToken: cancellationToken));
        return selected == 1
            ? signedIn.Answer(user, session, profile is null ? null : new SessionProfile(profile.Id, profile.IsKids, profile.MaximumAge))
            : Problem.Unauthenticated;
    }
}
