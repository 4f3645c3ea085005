using System.Globalization;
using Dapper;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Routing;
using Movento.ApiDescription;
using Movento.Contracts;
using Movento.ControlPlane.Catalogue;
using Movento.ControlPlane.Http;

namespace Movento.ControlPlane.Quality;

/// <summary><c>GET /api/quality/films?from=…&amp;to=…&amp;assetId=…&amp;after=…&amp;limit=…</c>: how films played, by day, the newest first, a page at a
/// time; for editors.</summary>
internal static class ListFilmDays
{
    public const int DefaultLimit = 50;

    public const int MaxLimit = 200;

    private const string DayPattern = "^[0-9]{4}-[0-9]{2}-[0-9]{2}$";

    // By the day's number.
    private static readonly PageRules Pages = new(DefaultLimit, MaxLimit, 0, DateOnly.MaxValue.DayNumber);

    /// <param name="Items">A film and a day each.</param>
    /// <param name="Next">What to send as <c>after</c> for the next page; null when this was the last.</param>
    public sealed record Response(IReadOnlyList<FilmDay> Items, string? Next);

    public static void Map(RouteGroupBuilder quality) => quality.MapGet("/films", HandleAsync).RequireAuthorization(Access.EditorPolicy)
        .Describe("listFilmDays", "How films played, by day", "A film and a day each, the newest day first. What players say of themselves (CMCD): figures, never facts.")
        .Answers<Response>().PagedBy(Pages)
        .ReadsText("from", "The first day, such as `2026-03-01`.", 10, DayPattern)
        .ReadsText("to", "The last day.", 10, DayPattern)
        .ReadsText("assetId", "Only this film.", 32, "^[0-9a-f]{32}$");

    private static async Task<IResult> HandleAsync(
        string? from,
        string? to,
        string? assetId,
        string? after,
        string? limit,
        QualityDatabase database,
        MovieTitles titles,
        CancellationToken cancellationToken)
    {
        var errors = new FieldErrors();
        var (first, last) = (DateOnly.MinValue, DateOnly.MaxValue);
        AssetId? asset = null;
        if (from is not null && !TryParseDay(from, out first)) errors.Note("from", "A day such as 2026-03-01.");
        if (to is not null && !TryParseDay(to, out last)) errors.Note("to", "A day such as 2026-03-01.");
        if (assetId is not null)
        {
            if (AssetId.TryParse(assetId, out var parsed)) asset = parsed;
            else errors.Note("assetId", "An asset's id: 32 lower-case hexadecimal digits.");
        }

        var (cursor, most) = Pages.Read(after, limit, errors);
        if (errors.Problem is { } wrong) return wrong;

        var rows = await ReadAsync(database, first, last, asset, cursor, most + 1, cancellationToken);
        var page = rows.Take(most).ToArray();
        var named = await titles.OfAsync([.. page.Select(row => row.AssetId).Distinct()], cancellationToken);
        return TypedResults.Json(
            new Response(
                [.. page.Select(row => FilmDay.Of(row, named.GetValueOrDefault(row.AssetId)))],
                rows.Count > most ? new PageCursor(page[^1].Day.DayNumber, page[^1].AssetId).ToString() : null),
            ControlPlaneJson.Default.ListFilmDaysResponse);
    }

    private static bool TryParseDay(string text, out DateOnly day) =>
        DateOnly.TryParseExact(text, "yyyy-MM-dd", CultureInfo.InvariantCulture, DateTimeStyles.None, out day);

    private static async Task<IReadOnlyList<FilmDaySums>> ReadAsync(
        QualityDatabase database, DateOnly first, DateOnly last, AssetId? asset, PageCursor? cursor, int most, CancellationToken cancellationToken)
    {
        await using var connection = await database.OpenAsync(cancellationToken);
        var rows = await connection.QueryAsync<FilmDaySums>(new CommandDefinition(
            $"""
            SELECT day AS Day, asset_id AS AssetId, playbacks AS Playbacks, failed AS Failed, interrupted AS Interrupted, estimated AS Estimated,
                   played_seconds AS PlayedSeconds, stalled_seconds AS StalledSeconds, stalls AS Stalls, starts AS Starts, start_seconds AS StartSeconds,
                   rated_seconds AS RatedSeconds, rated_kilobits AS RatedKilobits, measured AS Measured, throughput_sum AS ThroughputSum,
                   dropped_frames AS DroppedFrames, errors AS Errors, bytes AS Bytes
            FROM film_days
            WHERE day BETWEEN @first AND @last {(asset is null ? "" : "AND asset_id = @assetId")}
              {(cursor is null ? "" : "AND (day, asset_id) < (@day, @cursorAssetId)")}
            ORDER BY day DESC, asset_id DESC LIMIT @most
            """,
            new { first, last, assetId = asset?.Value, day = cursor is { } end ? DateOnly.FromDayNumber((int)end.Order) : (DateOnly?)null, cursorAssetId = cursor?.Id, most },
            cancellationToken: cancellationToken));
        return rows.AsList();
    }
}
