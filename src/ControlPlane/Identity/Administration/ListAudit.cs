using Dapper;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Routing;
using Movento.ApiDescription;
using Movento.Contracts;
using Movento.ControlPlane.Http;

namespace Movento.ControlPlane.Identity.Administration;

/// <summary><c>GET /api/users/audit?after=…&amp;limit=…</c>: what was done to accounts, the newest first; for admins.</summary>
internal static class ListAudit
{
    // By ticks, in UTC.
    private static readonly PageRules Pages = new(50, 200, DateTime.UnixEpoch.Ticks, DateTime.MaxValue.Ticks);

    public sealed record Response(IReadOnlyList<Item> Items, string? Next);

    /// <param name="At">In UTC.</param>
    /// <param name="ActorId">Who did it.</param>
    /// <param name="Action">What was done.</param>
    /// <param name="TargetId">The account that it was done to.</param>
    public sealed record Item(string Id, DateTime At, string ActorId, [property: Words(typeof(AuditAction))] string Action, string? TargetId, string? Detail);

    public static void Map(RouteGroupBuilder users) => users.MapGet("/audit", HandleAsync).RequireAuthorization(Access.AdminPolicy)
        .Describe("listAudit", "What was done to accounts", "What admins did, and what was done with keys; the newest first.")
        .Answers<Response>().PagedBy(Pages);

    private static async Task<IResult> HandleAsync(string? after, string? limit, IdentityDatabase database, CancellationToken cancellationToken)
    {
        var errors = new FieldErrors();
        var (cursor, most) = Pages.Read(after, limit, errors);
        if (errors.Problem is { } wrong) return wrong;

        await using var connection = await database.OpenAsync(cancellationToken);
        var rows = (await connection.QueryAsync<Row>(new CommandDefinition(
            $"""
            SELECT id AS Id, at AS At, actor_id AS ActorId, action AS Action, target_id AS TargetId, detail AS Detail FROM audit_entries
            {(cursor is null ? "" : "WHERE (at, id) < (@end, @id)")} ORDER BY at DESC, id DESC LIMIT @most
            """,
            new { end = cursor is { } key ? new DateTime(key.Order, DateTimeKind.Utc) : (DateTime?)null, id = cursor?.Id, most = most + 1 },
            cancellationToken: cancellationToken))).AsList();
        var page = rows.Take(most).ToArray();
        return TypedResults.Json(
            new Response(
                [.. page.Select(row => new Item(row.Id.ToString("N"), row.At, row.ActorId.ToString("N"), row.Action, row.TargetId?.ToString("N"), row.Detail))],
                rows.Count > most ? new PageCursor(page[^1].At.Ticks, page[^1].Id).ToString() : null),
            ControlPlaneJson.Default.ListAuditResponse);
    }

    private sealed class Row
    {
        public required Guid Id { get; init; }
        public required DateTime At { get; init; }
        public required Guid ActorId { get; init; }
        public required string Action { get; init; }
        public required Guid? TargetId { get; init; }
        public required string? Detail { get; init; }
    }
}
