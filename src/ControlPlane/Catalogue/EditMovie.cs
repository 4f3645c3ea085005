using Dapper;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Routing;
using Movento.Contracts;
using Movento.ControlPlane.Http;
using Movento.ControlPlane.Delivery;

namespace Movento.ControlPlane.Catalogue;

/// <summary><c>PATCH /api/movies/{id}</c>: an editor names the film anew. No later announcement takes that back.</summary>
internal static class EditMovie
{
    /// <summary>In UTF-16 units.</summary>
    public const int MaxTitleLength = 300;

    public sealed record Request(string? Title);

    public static void Map(RouteGroupBuilder movies) =>
        movies.MapPatch("/{id}", HandleAsync).RequireAuthorization(Access.EditorPolicy);

    private static async Task<IResult> HandleAsync(
        string id,
        JsonBody<Request> body,
        CatalogueDatabase database,
        MovieCache cache,
        EdgeUrls edge,
        CancellationToken cancellationToken)
    {
        if (body.Refusal is { } refusal) return refusal;
        var title = body.Value.Title?.Trim();
        if (title is null || title.Length is 0 or > MaxTitleLength || title.Any(char.IsControl))
            return FieldErrors.One("title", $"A title of 1 to {MaxTitleLength} characters, without line breaks.");
        if (!AssetId.TryParse(id, out var asset)) return GetMovie.NotFound;

        await using var connection = await database.OpenAsync(cancellationToken);
        var row = await connection.QuerySingleOrDefaultAsync<MovieRow>(new CommandDefinition(
            $"UPDATE movies SET edited_title = @title WHERE id = @id AND {MovieRow.IsPlayable} RETURNING {MovieRow.Columns}",
            new { id = asset.Value, title },
            cancellationToken: cancellationToken));
        if (row is null) return GetMovie.NotFound;
        await cache.ChangedAsync();
        return TypedResults.Json(row.ToMovie(edge), ControlPlaneJson.Default.Movie);
    }
}
