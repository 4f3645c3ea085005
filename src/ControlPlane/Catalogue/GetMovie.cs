using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Routing;
using Microsoft.Extensions.DependencyInjection;
using Movento.Contracts;
using Movento.ControlPlane.Delivery;
using Movento.ControlPlane.Http;
using Movento.ControlPlane.OutputCaching;

namespace Movento.ControlPlane.Catalogue;

/// <summary><c>GET /api/movies/{id}</c>: one film that can be played. Output-cached as the list is.</summary>
internal static class GetMovie
{
    public static readonly Problem NotFound = Problem.NotFound("There is no such film, or it is not published.");

    public static void Map(RouteGroupBuilder movies) => movies.MapGet("/{id}", HandleAsync)
        .AllowAnonymous()
        .CacheOutput(new PublicAnswerPolicy(MovieCache.Tag));

    private static async Task<IResult> HandleAsync(string id, PublishedMovies movies, EdgeUrls edge, TimeProvider time)
    {
        if (!AssetId.TryParse(id, out var asset)) return NotFound;
        using var patience = new CancellationTokenSource(PublicAnswerPolicy.Patience, time);
        return await movies.FindAsync(asset, patience.Token) is { } row ? WholeJson.Of(row.ToMovie(edge), ControlPlaneJson.Default.Movie) : NotFound;
    }
}
