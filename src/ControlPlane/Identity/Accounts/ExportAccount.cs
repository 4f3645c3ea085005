using System.Security.Claims;
using Dapper;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Routing;
using Movento.ApiDescription;
using Movento.Contracts;
using Movento.ControlPlane.Http;
using Movento.ControlPlane.Identity.ApiKeys;
using Movento.ControlPlane.Identity.Profiles;
using Movento.ControlPlane.Identity.Sessions;

namespace Movento.ControlPlane.Identity.Accounts;

/// <summary><c>GET /api/users/me/export</c>: everything that identity keeps of an account, but for secrets, as a file.</summary>
internal static class ExportAccount
{
    public sealed record Response(
        User User, DateTime CreatedAt, bool HasSecondFactor, IReadOnlyList<Profile> Profiles, IReadOnlyList<Session> Sessions, IReadOnlyList<ApiKeyApi.Item> ApiKeys);

    public sealed record Session(string Id, string Client, DateTime CreatedAt, DateTime UsedAt, DateTime ExpiresAt, DateTime? RevokedAt);

    public static void Map(RouteGroupBuilder users) => users.MapGet("/me/export", HandleAsync).RequireAuthorization(Access.SignedInPolicy)
        .Describe("exportAccount", "Everything that is kept of the account", "But for secrets. What areas of their own keep, they export.")
        .Answers<Response>().WithAnswerHeader("Content-Disposition", "That it is a file, and its name.");

    private static async Task<IResult> HandleAsync(
        HttpContext context,
        ClaimsPrincipal principal,
        IdentityDatabase database,
        RecentSignIn recent,
        SecondFactor.SecondFactors factors,
        CancellationToken cancellationToken)
    {
        if (await recent.WrongWithAsync(principal, cancellationToken) is { } tooOld) return tooOld;
        if (await Me.FindAsync(database, principal, cancellationToken) is not { } user) return Problem.Unauthenticated;

        // All of it is bounded: profiles, keys and living sessions by their limits, ended ones by the sweep and what is read here.
        await using var connection = await database.OpenAsync(cancellationToken);
        var createdAt = await connection.ExecuteScalarAsync<DateTime>(new CommandDefinition(
            "SELECT created_at FROM users WHERE id = @Id", new { user.Id }, cancellationToken: cancellationToken));
        var sessions = await connection.QueryAsync<SessionRow>(new CommandDefinition(
            """
            SELECT id AS Id, client AS Client, created_at AS CreatedAt, used_at AS UsedAt, expires_at AS ExpiresAt, revoked_at AS RevokedAt
            FROM sessions WHERE user_id = @Id ORDER BY created_at DESC, id DESC LIMIT 1000
            """,
            new { user.Id },
            cancellationToken: cancellationToken));
        var keys = await connection.QueryAsync<ApiKeyApi.Row>(new CommandDefinition(
            $"SELECT {ApiKeyApi.Row.Columns} FROM api_keys WHERE user_id = @Id ORDER BY created_at DESC, id DESC", new { user.Id }, cancellationToken: cancellationToken));

        context.Response.Headers.ContentDisposition = "attachment; filename=\"movento-account.json\"";
        return TypedResults.Json(
            new Response(
                user.ToUser(),
                createdAt,
                await factors.IsOnAsync(user.Id, cancellationToken),
                await ProfileApi.OfAsync(database, user.Id, cancellationToken),
                [.. sessions.Select(row => new Session(row.Id.ToString("N"), row.Client, row.CreatedAt, row.UsedAt, row.ExpiresAt, row.RevokedAt))],
                [.. keys.Select(row => row.ToItem())]),
            ControlPlaneJson.Default.ExportAccountResponse);
    }

    private sealed class SessionRow
    {
        public required Guid Id { get; init; }
        public required string Client { get; init; }
        public required DateTime CreatedAt { get; init; }
        public required DateTime UsedAt { get; init; }
        public required DateTime ExpiresAt { get; init; }
        public required DateTime? RevokedAt { get; init; }
    }
}
