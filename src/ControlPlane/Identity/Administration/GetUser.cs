using Dapper;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Routing;
using Movento.ApiDescription;
using Movento.Contracts;
using Movento.ControlPlane.Http;
using Movento.ControlPlane.Identity.SecondFactor;

namespace Movento.ControlPlane.Identity.Administration;

/// <summary><c>GET /api/users/{id}</c>: one account as admins see it.</summary>
internal static class GetUser
{
    /// <param name="Id">32 lower-case hexadecimal digits.</param>
    /// <param name="Email">What it is named by.</param>
    /// <param name="Name">Any characters: whoever shows it escapes it.</param>
    /// <param name="IsConfirmed">Whether somebody proved to read mail at the address.</param>
    /// <param name="CreatedAt">In UTC.</param>
    /// <param name="DisabledAt">Since when nobody signs in to it, in UTC; null while it may be used.</param>
    /// <param name="HasSecondFactor">Whether it asks for a second factor.</param>
    /// <param name="MustHaveSecondFactor">Whether its roles demand one; whoever has none sets one up at the next sign-in.</param>
    public sealed record Response(
        string Id, string Email, string Name, [property: Words(typeof(Access), nameof(Access.Roles))] IReadOnlyList<string> Roles, bool IsConfirmed,
        DateTime CreatedAt, DateTime? DisabledAt, bool HasSecondFactor, bool MustHaveSecondFactor);

    public static void Map(RouteGroupBuilder users) => users.MapGet("/{id}", HandleAsync).RequireAuthorization(Access.AdminPolicy)
        .Describe("getUser", "One account", "For admins. Nobody reads a password, or a secret of a second factor.")
        .Answers<Response>().Refuses(AccountAdministration.NotFound);

    private static async Task<IResult> HandleAsync(string id, IdentityDatabase database, SecondFactors factors, CancellationToken cancellationToken)
    {
        if (!Guid.TryParseExact(id, "N", out var target)) return AccountAdministration.NotFound;
        await using var connection = await database.OpenAsync(cancellationToken);
        var row = await connection.QuerySingleOrDefaultAsync<Row>(new CommandDefinition(
            """
            SELECT email AS Email, name AS Name, roles AS Roles, confirmed_at IS NOT NULL AS IsConfirmed, created_at AS CreatedAt, disabled_at AS DisabledAt
            FROM users WHERE id = @target
            """,
            new { target },
            cancellationToken: cancellationToken));
        if (row is null) return AccountAdministration.NotFound;
        return TypedResults.Json(
            new Response(
                target.ToString("N"), row.Email, row.Name, row.Roles, row.IsConfirmed, row.CreatedAt, row.DisabledAt,
                await factors.IsOnAsync(target, cancellationToken), factors.IsRequiredOf(row.Roles)),
            ControlPlaneJson.Default.GetUserResponse);
    }

    private sealed class Row
    {
        public required string Email { get; init; }
        public required string Name { get; init; }
        public required string[] Roles { get; init; }
        public required bool IsConfirmed { get; init; }
        public required DateTime CreatedAt { get; init; }
        public required DateTime? DisabledAt { get; init; }
    }
}
