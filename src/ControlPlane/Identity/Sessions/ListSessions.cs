using System.Security.Claims;
using Dapper;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Routing;
using Movento.ApiDescription;
using Movento.Contracts;
using Movento.ControlPlane.Http;
using Npgsql;

namespace Movento.ControlPlane.Identity.Sessions;

/// <summary><c>GET /api/auth/sessions?after=…&amp;limit=…</c>: where the user is signed in, the youngest sign-in first.</summary>
internal static class ListSessions
{
    // By ticks, in UTC.
    public static readonly PageRules Pages = new(50, 100, DateTime.UnixEpoch.Ticks, DateTime.MaxValue.Ticks);

    /// <param name="Items">The sessions.</param>
    /// <param name="Next">What to send as <c>after</c> for the next page; null when this was the last.</param>
    public sealed record Response(IReadOnlyList<Item> Items, string? Next);

    /// <param name="Id">32 lower-case hexadecimal digits.</param>
    /// <param name="Client">What the browser called itself when it signed in; empty where it did not.</param>
    /// <param name="CreatedAt">When it signed in, in UTC.</param>
    /// <param name="UsedAt">When it was seen last, to the lifetime of an access token.</param>
    /// <param name="ExpiresAt">When it ends unless it comes back before.</param>
    /// <param name="IsCurrent">Whether it is the one that asks.</param>
    public sealed record Item(string Id, string Client, DateTime CreatedAt, DateTime UsedAt, DateTime ExpiresAt, bool IsCurrent);

    public static void Map(RouteGroupBuilder auth) => auth.MapGet("/sessions", HandleAsync).RequireAuthorization(Access.SignedInPolicy)
        .Describe("listSessions", "Where one is signed in", "The youngest sign-in first.")
        .Answers<Response>().PagedBy(Pages);

    private static async Task<IResult> HandleAsync(
        string? after, string? limit, ClaimsPrincipal principal, IdentityDatabase database, TimeProvider time, CancellationToken cancellationToken)
    {
        var errors = new FieldErrors();
        var page = Pages.Read(after, limit, errors);
        if (errors.Problem is { } wrong) return wrong;
        if (!principal.TryGetUserId(out var user)) return Problem.Unauthenticated;
        principal.TryGetSession(out var current);

        await using var connection = await database.OpenAsync(cancellationToken);
        return await PageAsync(connection, user, current, page, time.GetUtcNow(), cancellationToken);
    }

    /// <summary>A page of the sessions of an account that live now.</summary>
    /// <param name="connection">To the database.</param>
    /// <param name="user">Whose account.</param>
    /// <param name="current">The session that asks.</param>
    /// <param name="asked">What <see cref="Pages"/> read.</param>
    /// <param name="now">The time.</param>
    /// <param name="cancellationToken">Stops it.</param>
    public static async Task<IResult> PageAsync(
        NpgsqlConnection connection, Guid user, Guid current, (PageCursor? After, int Limit) asked, DateTimeOffset now, CancellationToken cancellationToken)
    {
        var (cursor, most) = asked;
        var rows = (await connection.QueryAsync<Row>(new CommandDefinition(
            $"""
            SELECT id AS Id, client AS Client, created_at AS CreatedAt, used_at AS UsedAt, expires_at AS ExpiresAt FROM sessions
            WHERE user_id = @user AND revoked_at IS NULL AND expires_at > @now {(cursor is null ? "" : "AND (created_at, id) < (@end, @id)")}
            ORDER BY created_at DESC, id DESC LIMIT @most
            """,
            new
            {
                user,
                now,
                end = cursor is { } key ? new DateTime(key.Order, DateTimeKind.Utc) : (DateTime?)null,
                id = cursor?.Id,
                most = most + 1,
            },
            cancellationToken: cancellationToken))).AsList();
        var page = rows.Take(most).ToArray();
        return TypedResults.Json(
            new Response(
                [.. page.Select(row => new Item(row.Id.ToString("N"), row.Client, row.CreatedAt, row.UsedAt, row.ExpiresAt, row.Id == current))],
                rows.Count > most ? new PageCursor(page[^1].CreatedAt.Ticks, page[^1].Id).ToString() : null),
            ControlPlaneJson.Default.ListSessionsResponse);
    }

    private sealed class Row
    {
        public required Guid Id { get; init; }
        public required string Client { get; init; }
        public required DateTime CreatedAt { get; init; }
        public required DateTime UsedAt { get; init; }
        public required DateTime ExpiresAt { get; init; }
    }
}
