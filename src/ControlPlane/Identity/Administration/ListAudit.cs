using Dapper;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Routing;
using Movento.ApiDescription;
using Movento.Contracts;
using Movento.ControlPlane.Http;

namespace Movento.ControlPlane.Identity.Administration;

/// <summary><c>GET /api/users/audit?account=…&amp;after=…&amp;limit=…</c>: what was done to accounts, or to one, the newest first; for admins.</summary>
internal static class ListAudit
{
    // By ticks, in UTC.
    private static readonly PageRules Pages = new(50, 200, DateTime.UnixEpoch.Ticks, DateTime.MaxValue.Ticks);

    public sealed record Response(IReadOnlyList<Item> Items, string? Next);

    /// <param name="At">In UTC.</param>
    /// <param name="ActorId">Who did it.</param>
    /// <param name="Action">What was done.</param>
    /// <param name="TargetId">The account that it was done to.</param>
    /// <param name="Detail">The roles that were given, or the key's own id; null where there is nothing more to say.</param>
    /// <param name="ActorEmail">The address that its account has now; null where that is gone.</param>
    /// <param name="TargetEmail">The address that its account has now; null where that is gone.</param>
    public sealed record Item(
        string Id, DateTime At, string ActorId, [property: Words(typeof(AuditAction))] string Action, string? TargetId, string? Detail, string? ActorEmail, string? TargetEmail);

    public static void Map(RouteGroupBuilder users) => users.MapGet("/audit", HandleAsync).RequireAuthorization(Access.AdminPolicy)
        .Describe("listAudit", "What was done to accounts", "What admins did, and what was done with keys; the newest first.")
        .Answers<Response>().PagedBy(Pages).ReadsText("account", "Only what was done to this account: 32 lower-case hexadecimal digits.", 32, "^[0-9a-f]{32}$");

    private static async Task<IResult> HandleAsync(string? account, string? after, string? limit, IdentityDatabase database, CancellationToken cancellationToken)
    {
        var errors = new FieldErrors();
        var (cursor, most) = Pages.Read(after, limit, errors);
        Guid target = default;
        if (account is not null && !Guid.TryParseExact(account, "N", out target)) errors.Note("account", "An account's id: 32 lower-case hexadecimal digits.");
        if (errors.Problem is { } wrong) return wrong;

        await using var connection = await database.OpenAsync(cancellationToken);
        var rows = (await connection.QueryAsync<Row>(new CommandDefinition(
            $"""
            SELECT e.id AS Id, e.at AS At, e.actor_id AS ActorId, e.action AS Action, e.target_id AS TargetId, e.detail AS Detail, a.email AS ActorEmail, t.email AS TargetEmail
            FROM audit_entries e LEFT JOIN users a ON a.id = e.actor_id LEFT JOIN users t ON t.id = e.target_id
            WHERE true {(account is null ? "" : "AND e.target_id = @target")} {(cursor is null ? "" : "AND (e.at, e.id) < (@end, @id)")}
            ORDER BY e.at DESC, e.id DESC LIMIT @most
            """,
            new { target, end = cursor is { } key ? new DateTime(key.Order, DateTimeKind.Utc) : (DateTime?)null, id = cursor?.Id, most = most + 1 },
            cancellationToken: cancellationToken))).AsList();
        var page = rows.Take(most).ToArray();
        return TypedResults.Json(
            new Response(
                [.. page.Select(row => new Item(row.Id.ToString("N"), row.At, row.ActorId.ToString("N"), row.Action, row.TargetId?.ToString("N"), row.Detail, row.ActorEmail, row.TargetEmail))],
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
        public required string? ActorEmail { get; init; }
        public required string? TargetEmail { get; init; }
    }
}
