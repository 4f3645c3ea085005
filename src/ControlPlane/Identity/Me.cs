using System.Security.Claims;
using Dapper;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Routing;
using Movento.ApiDescription;
using Movento.Contracts;
using Movento.ControlPlane.Http;

namespace Movento.ControlPlane.Identity;

/// <summary><c>GET /api/users/me</c>: the account behind the access token, as it is now.</summary>
internal static class Me
{
    public static void Map(RouteGroupBuilder users) => users.MapGet("/me", HandleAsync).RequireAuthorization(Access.SignedInPolicy)
        .Describe("getMe", "The account that is signed in")
        .Answers<User>();

    private static async Task<IResult> HandleAsync(
        ClaimsPrincipal principal, IdentityDatabase database, CancellationToken cancellationToken)
    {
        // The token outlives the account by some minutes.
        return await FindAsync(database, principal, cancellationToken) is { } user
            ? TypedResults.Json(user.ToUser(), ControlPlaneJson.Default.User)
            : Problem.Unauthenticated;
    }

    /// <summary>The account that an access token names; null where there is none any more.</summary>
    public static async Task<UserRow?> FindAsync(IdentityDatabase database, ClaimsPrincipal principal, CancellationToken cancellationToken)
    {
        if (!principal.TryGetUserId(out var id)) return null;
        await using var connection = await database.OpenAsync(cancellationToken);
        return await connection.QuerySingleOrDefaultAsync<UserRow>(new CommandDefinition(
            $"SELECT {UserRow.Columns} FROM users u WHERE u.id = @id", new { id }, cancellationToken: cancellationToken));
    }
}
