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

namespace Movento.ControlPlane.Catalogue;

/// <summary><c>GET /api/movies/{id}?language=…</c>: one film that can be played, with everything that is said of it. Output-cached as the list is.</summary>
internal static class GetMovie
{
    public static readonly Problem NotFound = Problem.NotFound("There is no such film, or it is not published.");

    public static void Map(RouteGroupBuilder movies) => movies.MapGet("/{id}", HandleAsync)
        .AllowAnonymous()
        .CacheOutput(new PublicAnswerPolicy(MovieCache.Tag, "language"))
        .Describe("getMovie", "One film, with everything that is said of it")
        .Answers<DescribedMovie>().ReadsLanguage().RefusesFields().Refuses(NotFound);

    private static async Task<IResult> HandleAsync(string id, string? language, Viewer viewer, PublishedMovies movies, EdgeUrls edge, TimeProvider time)
    {
        if (language is not null && !LanguageTag.IsOne(language)) return FieldErrors.One("language", LanguageTag.Sentence);
        if (!AssetId.TryParse(id, out var asset)) return NotFound;
        using var patience = new CancellationTokenSource(PublicAnswerPolicy.Patience, time);
        return await movies.FindAsync(asset, viewer, language, patience.Token) is { } row
            ? WholeJson.Of(row.ToDescribedMovie(edge), ControlPlaneJson.Default.DescribedMovie)
            : NotFound;
    }
}
