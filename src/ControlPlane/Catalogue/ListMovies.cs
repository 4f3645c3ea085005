using Dapper;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Routing;
using Microsoft.Extensions.DependencyInjection;
using Movento.ControlPlane.Delivery;
using Movento.ControlPlane.Http;
using Movento.ControlPlane.OutputCaching;

namespace Movento.ControlPlane.Catalogue;

/// <summary><c>GET /api/movies?after=…&amp;limit=…</c>: published films, newest first, a page at a time. Output-cached
/// (<see cref="PublicAnswerPolicy"/>), so the answer is whole before its first byte is sent, and no caller can stop its making.</summary>
internal static class ListMovies
{
    public const int DefaultLimit = 50;

    public const int MaxLimit = 100;

    // By ticks, in UTC.
    private static readonly PageRules Pages = new(DefaultLimit, MaxLimit, DateTime.UnixEpoch.Ticks, DateTime.MaxValue.Ticks);

    /// <param name="Items">The films.</param>
    /// <param name="Next">What to send as <c>after</c> for the next page; null when this was the last.</param>
    public sealed record Response(IReadOnlyList<Movie> Items, string? Next);

    public static void Map(RouteGroupBuilder movies) => movies.MapGet("/", HandleAsync)
        .AllowAnonymous()
        .CacheOutput(new PublicAnswerPolicy(MovieCache.Tag, "after", "limit"));

    private static async Task<IResult> HandleAsync(
        string? after, string? limit, CatalogueDatabase database, EdgeUrls edge, TimeProvider time)
    {
        var errors = new FieldErrors();
        var (cursor, most) = Pages.Read(after, limit, errors);
        if (errors.Problem is { } wrong) return wrong;

        using var patience = new CancellationTokenSource(PublicAnswerPolicy.Patience, time);
        var rows = await ReadAsync(database, cursor, most + 1, patience.Token);
        var page = rows.Take(most).ToArray();
        var next = rows.Count > most ? new PageCursor(page[^1].PublishedAt.Ticks, page[^1].Id).ToString() : null;
        return WholeJson.Of(new Response([.. page.Select(row => row.ToMovie(edge))], next), ControlPlaneJson.Default.ListMoviesResponse);
    }

    private static async Task<IReadOnlyList<MovieRow>> ReadAsync(
        CatalogueDatabase database, PageCursor? cursor, int most, CancellationToken cancellationToken)
    {
        await using var connection = await database.OpenAsync(cancellationToken);
        var rows = await connection.QueryAsync<MovieRow>(new CommandDefinition(
            $"""
            SELECT {MovieRow.Columns} FROM movies
            WHERE {MovieRow.IsPlayable} {(cursor is null ? "" : $"AND ({MovieRow.Moment}, id) < (@PublishedAt, @Id)")}
            ORDER BY {MovieRow.Moment} DESC, id DESC LIMIT @most
            """,
            new { PublishedAt = cursor is { } end ? new DateTime(end.Order, DateTimeKind.Utc) : (DateTime?)null, cursor?.Id, most },
            cancellationToken: cancellationToken));
        return rows.AsList();
    }
}
