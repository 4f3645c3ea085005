using System.Security.Claims;
using Dapper;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Routing;
using Movento.ApiDescription;
using Movento.ControlPlane.Catalogue;
using Movento.ControlPlane.Delivery;
using Movento.ControlPlane.Http;

namespace Movento.ControlPlane.Viewing;

/// <summary>
/// <c>GET /api/viewing/history?after=…&amp;limit=…</c>: what the user watched, the newest first. <c>GET /api/viewing/continue?…</c>: what of it was begun and not
/// seen to its end, and can be watched.
/// </summary>
internal static class ListHistory
{
    public const int DefaultLimit = 24;
    public const int MaxLimit = 100;

    // Who only looked in does not go on.
    private const int BegunSeconds = 5;

    // By ticks, in UTC.
    private static readonly PageRules Pages = new(DefaultLimit, MaxLimit, DateTime.UnixEpoch.Ticks, DateTime.MaxValue.Ticks);

    private const string IsBegun =
        "AND w.position_seconds >= @BegunSeconds AND w.duration_seconds - w.position_seconds > least(w.duration_seconds / 20, 300)";

    /// <param name="Items">The newest first.</param>
    /// <param name="Next">What to send as <c>after</c> for the next page; null when this was the last.</param>
    public sealed record Response(IReadOnlyList<ViewedFilm> Items, string? Next);

    public static void Map(RouteGroupBuilder viewing)
    {
        viewing.MapGet("/history", (string? after, string? limit, [AsParameters] Asked asked) => HandleAsync(after, limit, asked, isBegun: false))
            .Describe("listHistory", "Everything that one watched", "The newest first.")
            .Answers<Response>().PagedBy(Pages);
        viewing.MapGet("/continue", (string? after, string? limit, [AsParameters] Asked asked) => HandleAsync(after, limit, asked, isBegun: true))
            .Describe("listContinueWatching", "Films that one began and can go on with", "The newest first; a page may be shorter than `limit` while there is a next one.")
            .Answers<Response>().PagedBy(Pages);
    }

    private static async Task<IResult> HandleAsync(string? after, string? limit, Asked asked, bool isBegun)
    {
        var errors = new FieldErrors();
        var (cursor, most) = Pages.Read(after, limit, errors);
        if (errors.Problem is { } wrong) return wrong;
        if (!asked.User.TryGetUserId(out var user)) return Problem.Unauthenticated;

        List<WatchedRow> rows;
        await using (var connection = await asked.Database.OpenAsync(asked.CancellationToken))
        {
            rows = (await connection.QueryAsync<WatchedRow>(new CommandDefinition(
                $"""
                SELECT {WatchedRow.Columns} FROM watched w WHERE {WatchedRow.IsOfViewer} {(isBegun ? IsBegun : "")}
                  {(cursor is null ? "" : "AND (w.watched_at, w.asset_id) < (@at, @Id)")}
                ORDER BY w.watched_at DESC, w.asset_id DESC LIMIT @limit
                """,
                new { user, profile = asked.User.ProfileOrNull() ?? Guid.Empty, BegunSeconds, at = cursor is { } end ? new DateTime(end.Order, DateTimeKind.Utc) : (DateTime?)null, cursor?.Id, limit = most + 1 },
                cancellationToken: asked.CancellationToken))).AsList();
        }

        var page = rows.Take(most).ToArray();
        var movies = await asked.Movies.FindManyAsync([.. page.Select(row => row.AssetId)], asked.Viewer, language: null, asked.CancellationToken);
        var films = page.Select(row => ViewedFilm.Of(row, movies.GetValueOrDefault(row.AssetId)?.ToMovie(asked.Edge)));
        return TypedResults.Json(
            new Response(
                // A page may be shorter than the limit, while there is a next one.
                [.. films.Where(film => !isBegun || film.Movie is not null)],
                rows.Count > most ? new PageCursor(page[^1].WatchedAt.Ticks, page[^1].AssetId).ToString() : null),
            ControlPlaneJson.Default.ListHistoryResponse);
    }

    /// <summary>Who asks, and whom it takes to answer.</summary>
    internal readonly record struct Asked(
        ClaimsPrincipal User, Viewer Viewer, ViewingDatabase Database, PublishedMovies Movies, EdgeUrls Edge, CancellationToken CancellationToken);
}
