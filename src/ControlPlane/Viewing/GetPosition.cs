using System.Security.Claims;
using Dapper;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Routing;
using Movento.ApiDescription;
using Movento.Contracts;
using Movento.ControlPlane.Http;

namespace Movento.ControlPlane.Viewing;

/// <summary><c>GET /api/viewing/history/{assetId}</c>: where the user goes on in a film; 404 where it was never watched.</summary>
internal static class GetPosition
{
    private static readonly Problem NotWatched = Problem.NotFound("This film is not in the history.");

    public static void Map(RouteGroupBuilder viewing) => viewing.MapGet("/history/{assetId}", HandleAsync)
        .Describe("getPosition", "Where one goes on in a film")
        .Answers<ViewedFilm>().Refuses(NotWatched);

    private static async Task<IResult> HandleAsync(string assetId, ClaimsPrincipal principal, ViewingDatabase database, CancellationToken cancellationToken)
    {
        if (!principal.TryGetUserId(out var user)) return Problem.Unauthenticated;
        if (!AssetId.TryParse(assetId, out var asset)) return NotWatched;
        await using var connection = await database.OpenAsync(cancellationToken);
        var row = await connection.QuerySingleOrDefaultAsync<WatchedRow>(new CommandDefinition(
            $"SELECT {WatchedRow.Columns} FROM watched w WHERE {WatchedRow.IsOfViewer} AND w.asset_id = @asset", new { user, profile = principal.ProfileOrNull() ?? Guid.Empty, asset = asset.Value }, cancellationToken: cancellationToken));
        return row is null ? NotWatched : TypedResults.Json(ViewedFilm.Of(row, null), ControlPlaneJson.Default.ViewedFilm);
    }
}
