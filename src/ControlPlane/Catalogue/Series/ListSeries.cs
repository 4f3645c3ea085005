using Dapper;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Routing;
using Microsoft.Extensions.DependencyInjection;
using Movento.ApiDescription;
using Movento.ControlPlane.Catalogue.Details;
using Movento.ControlPlane.Http;
using Movento.ControlPlane.OutputCaching;

namespace Movento.ControlPlane.Catalogue.Series;

/// <summary><c>GET /api/series?after=…&amp;limit=…&amp;language=…</c>: published series, newest first, a page at a time, for anybody.</summary>
internal static class ListSeries
{
    public const int DefaultLimit = 50;
    public const int MaxLimit = 100;

    // By ticks, in UTC.
    private static readonly PageRules Pages = new(DefaultLimit, MaxLimit, DateTime.UnixEpoch.Ticks, DateTime.MaxValue.Ticks);

    /// <param name="Items">The series.</param>
    /// <param name="Next">What to send as <c>after</c> for the next page; null when this was the last.</param>
    public sealed record Response(IReadOnlyList<SeriesSummary> Items, string? Next);

    public static void Map(RouteGroupBuilder series) => series.MapGet("/", HandleAsync)
        .AllowAnonymous()
        .CacheOutput(new PublicAnswerPolicy(MovieCache.Tag, "after", "limit", "language"))
        .Describe("listSeries", "Series, the newest first")
        .Answers<Response>().PagedBy(Pages).ReadsLanguage();

    private static async Task<IResult> HandleAsync(
        string? after, string? limit, string? language, Viewer viewer, CatalogueDatabase database, TimeProvider time)
    {
        var errors = new FieldErrors();
        var (cursor, most) = Pages.Read(after, limit, errors);
        if (language is not null && !LanguageTag.IsOne(language)) errors.Note("language", LanguageTag.Sentence);
        if (errors.Problem is { } wrong) return wrong;

        using var patience = new CancellationTokenSource(PublicAnswerPolicy.Patience, time);
        await using var connection = await database.OpenAsync(patience.Token);
        var rows = (await connection.QueryAsync<SeriesRow>(new CommandDefinition(
            $"""
            SELECT {SeriesRow.Columns} FROM series
            WHERE {SeriesRow.IsVisible} AND {SeriesRow.IsForAge} {(cursor is null ? "" : "AND (appears_at, id) < (@appearedAt, @Id)")}
            ORDER BY appears_at DESC, id DESC LIMIT @limit
            """,
            new
            {
                appearedAt = cursor is { } end ? new DateTime(end.Order, DateTimeKind.Utc) : (DateTime?)null,
                cursor?.Id,
                country = viewer.Country,
                maximumAge = viewer.MaximumAge,
                now = time.GetUtcNow().UtcDateTime,
                language,
                limit = most + 1,
            },
            cancellationToken: patience.Token))).AsList();
        var page = rows.Take(most).ToArray();
        var next = rows.Count > most ? new PageCursor(page[^1].PublishedAt.Ticks, page[^1].Id).ToString() : null;
        return WholeJson.Of(new Response([.. page.Select(row => row.ToSummary())], next), ControlPlaneJson.Default.ListSeriesResponse);
    }
}
