using Dapper;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Routing;
using Microsoft.Extensions.DependencyInjection;
using Movento.ApiDescription;
using Movento.Contracts;
using Movento.ControlPlane.Catalogue.Details;
using Movento.ControlPlane.Http;
using Movento.ControlPlane.OutputCaching;

namespace Movento.ControlPlane.Catalogue.Series;

/// <summary><c>GET /api/series/{id}?language=…</c>: one series with its seasons, for anybody.</summary>
internal static class GetSeries
{
    public static void Map(RouteGroupBuilder series) => series.MapGet("/{id}", HandleAsync)
        .AllowAnonymous()
        .CacheOutput(new PublicAnswerPolicy(MovieCache.Tag, "language"))
        .Describe("getSeries", "One series with its seasons")
        .Answers<DescribedSeries>().ReadsLanguage().RefusesFields().Refuses(SeriesRow.NotFound);

    private static async Task<IResult> HandleAsync(string id, string? language, Viewer viewer, CatalogueDatabase database, TimeProvider time)
    {
        if (language is not null && !LanguageTag.IsOne(language)) return FieldErrors.One("language", LanguageTag.Sentence);
        if (!AssetId.TryParse(id, out var series)) return SeriesRow.NotFound;
        using var patience = new CancellationTokenSource(PublicAnswerPolicy.Patience, time);
        await using var connection = await database.OpenAsync(patience.Token);
        var asked = new { id = series.Value, viewer.Team, country = viewer.Country, maximumAge = viewer.MaximumAge, now = time.GetUtcNow().UtcDateTime, language };
        var row = await connection.QuerySingleOrDefaultAsync<SeriesRow>(new CommandDefinition(
            $"""
            SELECT {SeriesRow.Columns}, {MovieRow.DescriptionColumns}, seasons::text AS Seasons FROM series
            WHERE id = @id AND ({SeriesRow.IsVisible} OR team_id = @Team)
            """,
            asked,
            cancellationToken: patience.Token));
        if (row is null) return SeriesRow.NotFound;
        var episodes = await connection.QueryAsync<(short Season, int Count)>(new CommandDefinition(
            $"SELECT season, count(*)::int FROM movies WHERE series_id = @id AND {MovieRow.IsVisible} AND {MovieRow.IsForAge} GROUP BY season", asked, cancellationToken: patience.Token));
        return WholeJson.Of(
            row.ToDescribedSeries(episodes.ToDictionary(season => (int)season.Season, season => season.Count)), ControlPlaneJson.Default.DescribedSeries);
    }
}
