using System.Security.Claims;
using Dapper;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Routing;
using Movento.ApiDescription;
using Movento.ControlPlane.Http;

namespace Movento.ControlPlane.Catalogue.Details;

/// <summary>
/// <c>DELETE /api/movies/{id}/details</c>: what was said of a film is forgotten, and viewers do not find it any more: it is a draft, under the title that it
/// was uploaded with. One that was never announced is gone whole. Media goes by the deletion of its asset.
/// </summary>
internal static class DeleteMovieDetails
{
    public static void Map(RouteGroupBuilder movies) => movies.MapDelete("/{id}/details", HandleAsync)
        .Describe("deleteMovieDetails", "Forget what was said of a film", "It becomes a draft; one that was only named is gone. Media goes with its asset.")
        .AnswersNothing().DependsOnWhatWasRead()
        .RefusesFields().Refuses(GetMovie.NotFound);

    private static async Task<IResult> HandleAsync(
        string id,
        HttpRequest request,
        ClaimsPrincipal user,
        CatalogueDatabase database,
        MovieCache cache,
        CancellationToken cancellationToken)
    {
        if (!Editor.TryRead(user, out var editor)) return Problem.Unauthenticated;
        var (precondition, unclear) = Precondition.Read(request, mayBeNew: false);
        if (precondition is null) return unclear!;
        if (await GetMovieDetails.FindAsync(database, id, editor, cancellationToken) is not { } before) return GetMovie.NotFound;
        if (!precondition.Holds(before.Revision)) return Precondition.Changed;

        await using var connection = await database.OpenAsync(cancellationToken);
        // Nothing else is known of a row that ingest has not spoken of.
        var changed = await connection.QuerySingleAsync<int>(new CommandDefinition(
            $"""
            WITH gone AS (
              DELETE FROM movies WHERE id = @Id AND revision = @Revision AND team_id = @Team AND owner_id IS NULL AND deleted_at IS NULL RETURNING 1),
            forgotten AS (
              UPDATE movies SET {DetailsRow.NothingSaid}, is_draft = true, series_id = NULL, season = NULL, episode = NULL
              WHERE id = @Id AND revision = @Revision AND team_id = @Team AND owner_id IS NOT NULL RETURNING 1)
            SELECT ((SELECT count(*) FROM gone) + (SELECT count(*) FROM forgotten))::int
            """,
            new { before.Id, before.Revision, before.Team },
            cancellationToken: cancellationToken));
        if (changed == 0) return Precondition.Changed;
        await cache.ChangedAsync();
        return TypedResults.NoContent();
    }
}
