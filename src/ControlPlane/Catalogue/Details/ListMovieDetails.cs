using System.Security.Claims;
using Dapper;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Routing;
using Movento.ApiDescription;
using Movento.Contracts;
using Movento.ControlPlane.Http;

namespace Movento.ControlPlane.Catalogue.Details;

/// <summary><c>GET /api/movies/details?status=…&amp;after=…&amp;limit=…</c>: the team's films, whatever becomes of them, the newest asset first, a page at a time.</summary>
internal static class ListMovieDetails
{
    public const int DefaultLimit = 50;
    public const int MaxLimit = 100;

    // By id alone, which has the time in it.
    private static readonly PageRules Pages = new(DefaultLimit, MaxLimit, 0, 0);

    /// <param name="Items">The films.</param>
    /// <param name="Next">What to send as <c>after</c> for the next page; null when this was the last.</param>
    public sealed record Response(IReadOnlyList<Film> Items, string? Next);

    /// <param name="Id">Of the asset.</param>
    /// <param name="Title">The one that viewers see; null where none is known yet.</param>
    /// <param name="Status"><c>draft</c>, <c>scheduled</c> or <c>published</c>.</param>
    /// <param name="IsAnnounced">Whether ingest has it; else it was only named.</param>
    /// <param name="IsPlayable">Whether a version can be played.</param>
    /// <param name="ETag">Of its details.</param>
    public sealed record Film(string Id, string? Title, string Status, bool IsAnnounced, bool IsPlayable, string ETag);

    private sealed class Row
    {
        public required Guid Id { get; init; }
        public string? Title { get; init; }
        public required bool IsDraft { get; init; }
        public DateTime? PublishAt { get; init; }
        public required bool IsAnnounced { get; init; }
        public required bool IsPlayable { get; init; }
        public required long Revision { get; init; }
    }

    public static void Map(RouteGroupBuilder movies) => movies.MapGet("/details", HandleAsync)
        .Describe("listMovieDetails", "The team's films, whatever becomes of them", "The newest asset first.")
        .Answers<Response>().PagedBy(Pages)
        .ReadsWord("status", "Only these.", PublicationStatus.Draft, PublicationStatus.Scheduled, PublicationStatus.Published);

    private static async Task<IResult> HandleAsync(
        string? status, string? after, string? limit, ClaimsPrincipal user, CatalogueDatabase database, TimeProvider time, CancellationToken cancellationToken)
    {
        var errors = new FieldErrors();
        var (cursor, most) = Pages.Read(after, limit, errors);
        var wanted = status switch
        {
            null => "",
            PublicationStatus.Draft => "AND is_draft",
            PublicationStatus.Scheduled => "AND NOT is_draft AND publish_at > @now",
            PublicationStatus.Published => "AND NOT is_draft AND (publish_at IS NULL OR publish_at <= @now)",
            _ => null,
        };
        if (wanted is null) errors.Note("status", $"One of {PublicationStatus.Draft}, {PublicationStatus.Scheduled} and {PublicationStatus.Published}.");
        if (errors.Problem is { } wrong) return wrong;
        if (!Editor.TryRead(user, out var editor)) return Problem.Unauthenticated;

        var now = time.GetUtcNow().UtcDateTime;
        await using var connection = await database.OpenAsync(cancellationToken);
        var rows = (await connection.QueryAsync<Row>(new CommandDefinition(
            $"""
            SELECT id AS Id, coalesce(edited_title, announced_title) AS Title, is_draft AS IsDraft, publish_at AS PublishAt, owner_id IS NOT NULL AS IsAnnounced,
                   {MovieRow.IsPlayable} AS IsPlayable, revision AS Revision
            FROM movies WHERE team_id = @Team AND deleted_at IS NULL {wanted} {(cursor is null ? "" : "AND id < @Id")}
            ORDER BY id DESC LIMIT @limit
            """,
            new { editor.Team, now, cursor?.Id, limit = most + 1 },
            cancellationToken: cancellationToken))).AsList();
        var page = rows.Take(most).ToArray();
        return TypedResults.Json(
            new Response(
                [.. page.Select(row => new Film(
                    new AssetId(row.Id).ToString(), row.Title,
                    row.IsDraft ? PublicationStatus.Draft : row.PublishAt > now ? PublicationStatus.Scheduled : PublicationStatus.Published,
                    row.IsAnnounced, row.IsPlayable, Precondition.Tag(row.Revision)))],
                rows.Count > most ? new PageCursor(0, page[^1].Id).ToString() : null),
            ControlPlaneJson.Default.ListMovieDetailsResponse);
    }
}
