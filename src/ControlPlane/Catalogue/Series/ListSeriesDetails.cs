using System.Security.Claims;
using Dapper;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Routing;
using Movento.ApiDescription;
using Movento.Contracts;
using Movento.ControlPlane.Catalogue.Details;
using Movento.ControlPlane.Http;

namespace Movento.ControlPlane.Catalogue.Series;

/// <summary><c>GET /api/series/details?after=…&amp;limit=…</c>: the team's series, drafts too, the newest first, a page at a time.</summary>
internal static class ListSeriesDetails
{
    public const int DefaultLimit = 50;
    public const int MaxLimit = 100;

    // By id alone, which has the time in it.
    private static readonly PageRules Pages = new(DefaultLimit, MaxLimit, 0, 0);

    /// <param name="Items">The series.</param>
    /// <param name="Next">What to send as <c>after</c> for the next page; null when this was the last.</param>
    public sealed record Response(IReadOnlyList<Entry> Items, string? Next);

    /// <param name="Id">Of the series.</param>
    /// <param name="Title">Its own.</param>
    /// <param name="Status"><c>draft</c>, <c>scheduled</c> or <c>published</c>.</param>
    /// <param name="ETag">Of its details.</param>
    public sealed record Entry(string Id, string Title, string Status, string ETag);

    public static void Map(RouteGroupBuilder series) => series.MapGet("/details", HandleAsync)
        .Describe("listSeriesDetails", "The team's series, drafts too", "The newest first.")
        .Answers<Response>().PagedBy(Pages);

    private static async Task<IResult> HandleAsync(
        string? after, string? limit, ClaimsPrincipal user, CatalogueDatabase database, TimeProvider time, CancellationToken cancellationToken)
    {
        var errors = new FieldErrors();
        var (cursor, most) = Pages.Read(after, limit, errors);
        if (errors.Problem is { } wrong) return wrong;
        if (!Editor.TryRead(user, out var editor)) return Problem.Unauthenticated;
        await using var connection = await database.OpenAsync(cancellationToken);
        var rows = (await connection.QueryAsync<DetailsRow>(new CommandDefinition(
            $"""
            SELECT {DetailsRow.SeriesColumns} FROM series WHERE team_id = @Team {(cursor is null ? "" : "AND id < @Id")} ORDER BY id DESC LIMIT @limit
            """,
            new { editor.Team, cursor?.Id, limit = most + 1 },
            cancellationToken: cancellationToken))).AsList();
        var now = time.GetUtcNow().UtcDateTime;
        var page = rows.Take(most).ToArray();
        return TypedResults.Json(
            new Response(
                [.. page.Select(row => new Entry(new AssetId(row.Id).ToString(), row.Title!, row.StatusAt(now), Precondition.Tag(row.Revision)))],
                rows.Count > most ? new PageCursor(0, page[^1].Id).ToString() : null),
            ControlPlaneJson.Default.ListSeriesDetailsResponse);
    }
}
