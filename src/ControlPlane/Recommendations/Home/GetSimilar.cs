using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Routing;
using Movento.ApiDescription;
using Movento.Contracts;
using Movento.ControlPlane.Catalogue;
using Movento.ControlPlane.Catalogue.Details;
using Movento.ControlPlane.Delivery;
using Movento.ControlPlane.Http;

namespace Movento.ControlPlane.Recommendations.Home;

/// <summary><c>GET /api/recommendations/similar/{assetId}?language=…</c>: more like this film, for anybody.</summary>
internal static class GetSimilar
{
    /// <param name="Films">At most 20, the likest first.</param>
    public sealed record Response(IReadOnlyList<Movie> Films);

    public static void Map(RouteGroupBuilder recommendations) => recommendations.MapGet("/similar/{assetId}", HandleAsync).AllowAnonymous()
        .Describe("listSimilar", "More like a film", "The likest first.")
        .Answers<Response>().IsWhole(GetHome.RowLength).RefusesFields().ReadsLanguage().Refuses(GetMovie.NotFound);

    private static async Task<IResult> HandleAsync(
        string assetId,
        string? language,
        Viewer viewer,
        CurrentModel current,
        CatalogueImage catalogue,
        PublishedMovies movies,
        EdgeUrls edge,
        CancellationToken cancellationToken)
    {
        if (language is not null && !LanguageTag.IsOne(language)) return FieldErrors.One("language", LanguageTag.Sentence);
        if (!AssetId.TryParse(assetId, out var asset) || await movies.FindAsync(asset, viewer, language, cancellationToken) is null) return GetMovie.NotFound;
        var films = FilmsLike.Find([asset.Value], [asset.Value], current.Value?.Model, catalogue.Current.Likeness, GetHome.Candidates);
        var found = await movies.FindManyAsync([.. films], viewer, language, cancellationToken);
        return TypedResults.Json(
            new Response([.. films.Where(found.ContainsKey).Select(film => found[film]).Where(movie => movie.SeriesId is null).Take(GetHome.RowLength).Select(movie => movie.ToMovie(edge))]),
            ControlPlaneJson.Default.GetSimilarResponse);
    }
}
