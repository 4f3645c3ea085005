using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Routing;
using Movento.Contracts;
using Movento.ControlPlane.Http;
using Movento.ControlPlane.Delivery;

namespace Movento.ControlPlane.Catalogue;

/// <summary><c>GET /api/movies/{id}</c>: one published film.</summary>
internal static class GetMovie
{
    public static readonly Problem NotFound = Problem.NotFound("There is no such film, or it is not published.");

    public static void Map(RouteGroupBuilder movies) => movies.MapGet("/{id}", HandleAsync).AllowAnonymous();

    private static async Task<IResult> HandleAsync(
        string id, PublishedMovies movies, EdgeUrls edge, CancellationToken cancellationToken) =>
        AssetId.TryParse(id, out var asset) && await movies.FindAsync(asset, cancellationToken) is { } row
            ? TypedResults.Json(row.ToMovie(edge), ControlPlaneJson.Default.Movie)
            : NotFound;
}
