using System.Globalization;
using Dapper;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Routing;
using Microsoft.Extensions.DependencyInjection;
using Movento.ApiDescription;
using Movento.Contracts;
using Movento.ControlPlane.Catalogue.Details;
using Movento.ControlPlane.Delivery;
using Movento.ControlPlane.Http;
using Movento.ControlPlane.OutputCaching;

namespace Movento.ControlPlane.Catalogue.Series;

/// <summary><c>GET /api/series/{id}/episodes?season=…&amp;after=…&amp;limit=…&amp;language=…</c>: what can be watched of a series, in order, a page at a time.</summary>
internal static class ListEpisodes
{
    public const int DefaultLimit = 50;
    public const int MaxLimit = 100;

    // The season before the number.
    private const int SeasonShift = 16;

    private static readonly PageRules Pages = new(DefaultLimit, MaxLimit, 0, (DetailsRules.MaxNumber << SeasonShift) + DetailsRules.MaxNumber);

    /// <param name="Items">The episodes.</param>
    /// <param name="Next">What to send as <c>after</c> for the next page; null when this was the last.</param>
    public sealed record Response(IReadOnlyList<Movie> Items, string? Next);

    public static void Map(RouteGroupBuilder series) => series.MapGet("/{id}/episodes", HandleAsync)
        .AllowAnonymous()
        .CacheOutput(new PublicAnswerPolicy(MovieCache.Tag, "season", "after", "limit", "language"))
        .Describe("listEpisodes", "What can be watched of a series, in order")
        .Answers<Response>().PagedBy(Pages).ReadsLanguage()
        .ReadsNumber("season", "Only this one.", 0, DetailsRules.MaxNumber).Refuses(SeriesRow.NotFound);

    private static async Task<IResult> HandleAsync(
        string id, string? season, string? after, string? limit, string? language, Viewer viewer, CatalogueDatabase database, EdgeUrls edge, TimeProvider time)
    {
        var errors = new FieldErrors();
        var (cursor, most) = Pages.Read(after, limit, errors);
        var only = 0;
        if (season is not null && (!int.TryParse(season, NumberStyles.None, CultureInfo.InvariantCulture, out only) || only > DetailsRules.MaxNumber))
            errors.Note("season", $"A number from 0 to {DetailsRules.MaxNumber}.");
        if (language is not null && !LanguageTag.IsOne(language)) errors.Note("language", LanguageTag.Sentence);
        if (errors.Problem is { } wrong) return wrong;
        if (!AssetId.TryParse(id, out var series)) return SeriesRow.NotFound;

        using var patience = new CancellationTokenSource(PublicAnswerPolicy.Patience, time);
        await using var connection = await database.OpenAsync(patience.Token);
        var asked = new
        {
            id = series.Value,
            viewer.Team,
            season = (short)only,
            afterSeason = (short)((cursor?.Order ?? 0) >> SeasonShift),
            afterNumber = (short)((cursor?.Order ?? 0) & ((1 << SeasonShift) - 1)),
            country = viewer.Country,
            maximumAge = viewer.MaximumAge,
            now = time.GetUtcNow().UtcDateTime,
            language,
            limit = most + 1,
        };
        var isThere = await connection.QuerySingleAsync<bool>(new CommandDefinition(
            $"SELECT EXISTS (SELECT FROM series WHERE id = @id AND ({SeriesRow.IsVisible} OR team_id = @Team))", asked, cancellationToken: patience.Token));
        if (!isThere) return SeriesRow.NotFound;

        var rows = (await connection.QueryAsync<MovieRow>(new CommandDefinition(
            $"""
            SELECT {MovieRow.Columns} FROM movies
            WHERE series_id = @id AND {MovieRow.IsVisible} AND {MovieRow.IsForAge} {(season is null ? "" : "AND season = @season")}
              {(cursor is null ? "" : "AND (season, episode) > (@afterSeason, @afterNumber)")}
            ORDER BY season, episode LIMIT @limit
            """,
            asked,
            cancellationToken: patience.Token))).AsList();
        var page = rows.Take(most).ToArray();
        var next = rows.Count > most ? new PageCursor(((long)page[^1].Season!.Value << SeasonShift) + page[^1].Episode!.Value, page[^1].Id).ToString() : null;
        return WholeJson.Of(new Response([.. page.Select(row => row.ToMovie(edge))], next), ControlPlaneJson.Default.ListEpisodesResponse);
    }
}
