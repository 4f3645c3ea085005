using System.Security.Claims;
using Dapper;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Routing;
using Movento.Contracts;
using Movento.ControlPlane.Http;

namespace Movento.ControlPlane.Identity;

/// <summary><c>GET /api/users/me</c>: the account behind the access token, as it is now.</summary>
internal static class Me
{
    public static void Map(RouteGroupBuilder users) => users.MapGet("/me", HandleAsync).RequireAuthorization(Access.SignedInPolicy);

    private static async Task<IResult> HandleAsync(
        ClaimsPrincipal principal, IdentityDatabase database, CancellationToken cancellationToken)
    {
        if (!principal.TryGetUserId(out var id)) return Problem.Unauthenticated;
        await using var connection = await database.OpenAsync(cancellationToken);
        var user = await connection.QuerySingleOrDefaultAsync<UserRow>(new CommandDefinition(
            $"SELECT {UserRow.Columns} FROM users u WHERE u.id = @id", new { id }, cancellationToken: cancellationToken));
        // The token outlives the account by some minutes.
        return user is null ? Problem.Unauthenticated : TypedResults.Json(user.ToUser(), ControlPlaneJson.Default.User);
    }
}
