using System.Reflection;
using System.Security.Claims;
using Dapper;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Http.Metadata;
using Movento.ControlPlane.Http;

namespace Movento.ControlPlane.Identity.Sessions;

/// <summary>What may undo an account is only done for whoever has proven lately who they are, by signing in or by <c>POST /api/auth/reauthenticate</c>:
/// somebody who finds an open page cannot.</summary>
internal sealed class RecentSignIn(IdentityDatabase database, TimeProvider time) : IEndpointParameterMetadataProvider
{
    public static readonly TimeSpan Window = TimeSpan.FromMinutes(10);

    private static readonly Problem Needed = new(StatusCodes.Status403Forbidden, "reauthentication_required", "Enter your password again to do this.")
    {
        Hint = "POST /api/auth/reauthenticate, then try again within ten minutes.",
    };

    /// <summary>Whatever endpoint asks for it refuses so.</summary>
    public static void PopulateMetadata(ParameterInfo parameter, EndpointBuilder builder) => builder.Metadata.Add(Needed.Described);

    /// <summary>Null when it may go on; else the 401 or 403.</summary>
    public async Task<Problem?> WrongWithAsync(ClaimsPrincipal principal, CancellationToken cancellationToken)
    {
        if (!principal.TryGetUserId(out var user) || !principal.TryGetSession(out var session)) return Problem.Unauthenticated;
        await using var connection = await database.OpenAsync(cancellationToken);
        var authenticated = await connection.QuerySingleOrDefaultAsync<DateTime?>(new CommandDefinition(
            "SELECT authenticated_at FROM sessions WHERE id = @session AND user_id = @user AND revoked_at IS NULL",
            new { session, user },
            cancellationToken: cancellationToken));
        if (authenticated is not { } moment) return Problem.Unauthenticated;
        return moment + Window < time.GetUtcNow().UtcDateTime ? Needed : null;
    }
}
