using System.Reflection;
using System.Security.Claims;
using Dapper;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Http.Metadata;
using Movento.ControlPlane.Http;
using Movento.ControlPlane.Identity.Sessions;

namespace Movento.ControlPlane.Identity.Profiles;

/// <summary>
/// Whoever watches in a profile with a bound of age does not get past it without the account's password: choosing such a profile makes the last sign-in one of
/// long ago (<see cref="RecentSignIn"/>), so that who is handed the device cannot go back at once.
/// </summary>
internal sealed class ProfileLock(IdentityDatabase database, RecentSignIn recent) : IEndpointParameterMetadataProvider
{
    /// <summary>For an UPDATE of <c>sessions</c> with the parameter <c>isBounded</c>.</summary>
    public const string Closing = "authenticated_at = CASE WHEN @isBounded THEN 'epoch' ELSE authenticated_at END";

    /// <summary>Whatever endpoint asks for it may refuse as <see cref="RecentSignIn"/> does.</summary>
    public static void PopulateMetadata(ParameterInfo parameter, EndpointBuilder builder) => RecentSignIn.PopulateMetadata(parameter, builder);

    /// <summary>Null where this session may come to show what is for people of an age, in years; else the 401 or 403.</summary>
    public async Task<Problem?> WrongWithAsync(ClaimsPrincipal principal, int maximumAge, CancellationToken cancellationToken)
    {
        if (!principal.TryGetSession(out var session)) return Problem.Unauthenticated;
        short? bound;
        await using (var connection = await database.OpenAsync(cancellationToken))
        {
            bound = await connection.QuerySingleOrDefaultAsync<short?>(new CommandDefinition(
                "SELECT p.maximum_age FROM sessions s JOIN profiles p ON p.id = s.profile_id WHERE s.id = @session", new { session }, cancellationToken: cancellationToken));
        }

        return maximumAge > bound ? await recent.WrongWithAsync(principal, cancellationToken) : null;
    }
}
