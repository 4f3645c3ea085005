using System.Security.Claims;
using System.Text.Json;
using Dapper;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Routing;
using Movento.ApiDescription;
using Movento.ControlPlane.Http;

namespace Movento.ControlPlane.Viewing;

/// <summary><c>GET /api/viewing/export</c>: everything that is kept of what the account watched, whoever of it, as a file. It is bounded, as
/// histories are.</summary>
internal static class ExportHistory
{
    // An account has fewer; deleted ones may have left something.
    private const int MostProfiles = 16;

    /// <param name="ExportedAt">In UTC.</param>
    /// <param name="Items">The newest first.</param>
    public sealed record Response(DateTime ExportedAt, IReadOnlyList<ViewedFilm> Items);

    public static void Map(RouteGroupBuilder viewing) => viewing.MapGet("/export", HandleAsync)
        .Describe("exportHistory", "Everything that one watched, as a file")
        .Answers<Response>().IsWhole(ViewingSweep.MostFilms).WithAnswerHeader("Content-Disposition", "That it is a file, and its name.");

    private static async Task<IResult> HandleAsync(ClaimsPrincipal principal, ViewingDatabase database, TimeProvider time, CancellationToken cancellationToken)
    {
        if (!principal.TryGetUserId(out var user)) return Problem.Unauthenticated;
        await using var connection = await database.OpenAsync(cancellationToken);
        var rows = await connection.QueryAsync<WatchedRow>(new CommandDefinition(
            $"SELECT {WatchedRow.Columns} FROM watched w WHERE {WatchedRow.IsOfUser} ORDER BY w.watched_at DESC, w.asset_id DESC LIMIT @MostFilms",
            new { user, MostFilms = ViewingSweep.MostFilms * MostProfiles },
            cancellationToken: cancellationToken));
        var export = new Response(time.GetUtcNow().UtcDateTime, [.. rows.Select(row => ViewedFilm.Of(row, null) with { ProfileId = row.Profile == Guid.Empty ? null : row.Profile.ToString("N") })]);
        return TypedResults.File(
            JsonSerializer.SerializeToUtf8Bytes(export, ControlPlaneJson.Default.ExportHistoryResponse), "application/json", "viewing-history.json");
    }
}
