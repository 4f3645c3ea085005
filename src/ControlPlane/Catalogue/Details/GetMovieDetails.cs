using System.Security.Claims;
using Dapper;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Routing;
using Movento.ApiDescription;
using Movento.Contracts;
using Movento.ControlPlane.Http;

namespace Movento.ControlPlane.Catalogue.Details;

/// <summary><c>GET /api/movies/{id}/details</c>: what the team's editors have said of a film, with its ETag.</summary>
internal static class GetMovieDetails
{
    public static void Map(RouteGroupBuilder movies) => movies.MapGet("/{id}/details", HandleAsync)
        .Describe("getMovieDetails", "What editors said of a film")
        .Answers<MovieDetails>().WithETag().Refuses(GetMovie.NotFound);

    private static async Task<IResult> HandleAsync(
        string id, ClaimsPrincipal user, CatalogueDatabase database, TimeProvider time, CancellationToken cancellationToken)
    {
        if (!Editor.TryRead(user, out var editor) || await FindAsync(database, id, editor, cancellationToken) is not { } row) return GetMovie.NotFound;
        return new DetailsAnswer<MovieDetails>(row.ToMovie(time.GetUtcNow().UtcDateTime), ControlPlaneJson.Default.MovieDetails, row.Revision);
    }

    /// <summary>A film that this editor may edit; null for any other.</summary>
    public static async Task<DetailsRow?> FindAsync(CatalogueDatabase database, string id, Editor editor, CancellationToken cancellationToken)
    {
        if (!AssetId.TryParse(id, out var asset)) return null;
        await using var connection = await database.OpenAsync(cancellationToken);
        var row = await connection.QuerySingleOrDefaultAsync<DetailsRow>(new CommandDefinition(
            $"SELECT {DetailsRow.MovieColumns} FROM movies WHERE id = @id AND deleted_at IS NULL",
            new { id = asset.Value },
            cancellationToken: cancellationToken));
        return row is not null && editor.MayEdit(row.Team) ? row : null;
    }
}
