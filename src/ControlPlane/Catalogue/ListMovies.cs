using Dapper;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Routing;
using Microsoft.Extensions.DependencyInjection;
using Movento.ApiDescription;
using Movento.ControlPlane.Catalogue.Details;
using Movento.ControlPlane.Delivery;
using Movento.ControlPlane.Http;
using Movento.ControlPlane.OutputCaching;

namespace Movento.ControlPlane.Catalogue;

/// <summary><c>GET /api/movies?after=…&amp;limit=…&amp;language=…</c>: published films, newest first, a page at a time; episodes stand below their series. Output-cached
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
        .CacheOutput(new PublicAnswerPolicy(MovieCache.Tag, "after", "limit", "language"))
        .Describe("listMovies", "Films that can be played", "The newest first; episodes stand below their series.")
        .Answers<Response>().PagedBy(Pages).ReadsLanguage();

    private static async Task<IResult> HandleAsync(
        string? after, string? limit, string? language, Viewer viewer, CatalogueDatabase database, EdgeUrls edge, TimeProvider time)
    {
        var errors = new FieldErrors();
        var (cursor, most) = Pages.Read(after, limit, errors);
        if (language is not null && !LanguageTag.IsOne(language)) errors.Note("language", LanguageTag.Sentence);
        if (errors.Problem is { } wrong) return wrong;

        using var patience = new CancellationTokenSource(PublicAnswerPolicy.Patience, time);
        var rows = await ReadAsync(database, viewer, language, time.GetUtcNow().UtcDateTime, cursor, most + 1, patience.Token);
        var page = rows.Take(most).ToArray();
        var next = rows.Count > most ? new PageCursor(page[^1].PublishedAt.Ticks, page[^1].Id).ToString() : null;
        return WholeJson.Of(new Response([.. page.Select(row => row.ToMovie(edge))], next), ControlPlaneJson.Default.ListMoviesResponse);
    }

    private static async Task<IReadOnlyList<MovieRow>> ReadAsync(
        CatalogueDatabase database, Viewer viewer, string? language, DateTime now, PageCursor? cursor, int most, CancellationToken cancellationToken)
    {
        await using var connection = await database.OpenAsync(cancellationToken);
        // The same for an editor as for everybody: the team's drafts are in the list of its details.
        var rows = await connection.QueryAsync<MovieRow>(new CommandDefinition(
            $"""
            SELECT {MovieRow.Columns} FROM movies
            WHERE {MovieRow.IsVisible} AND {MovieRow.IsForAge} AND series_id IS NULL {(cursor is null ? "" : "AND (appears_at, id) < (@appearedAt, @Id)")}
            ORDER BY appears_at DESC, id DESC LIMIT @most
            """,
            new
            {
                appearedAt = cursor is { } end ? new DateTime(end.Order, DateTimeKind.Utc) : (DateTime?)null,
                cursor?.Id,
                country = viewer.Country,
                maximumAge = viewer.MaximumAge,
                now,
                language,
                most,
            },
            cancellationToken: cancellationToken));
        return rows.AsList();
    }
}
