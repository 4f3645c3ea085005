using System.Security.Claims;
using Dapper;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Routing;
using Movento.ApiDescription;
using Movento.ControlPlane.Catalogue.Details;
using Movento.ControlPlane.Http;
using Npgsql;

namespace Movento.ControlPlane.Catalogue.Series;

/// <summary><c>DELETE /api/series/{id}/details</c>: the series is gone, once no film is an episode of it.</summary>
internal static class DeleteSeries
{
    private static readonly Problem HasEpisodes =
        new(StatusCodes.Status409Conflict, "has_episodes", "Films are episodes of the series.") { Hint = "Take 'episode' out of their details first." };

    public static void Map(RouteGroupBuilder series) => series.MapDelete("/{id}/details", HandleAsync)
        .Describe("deleteSeries", "Delete a series", "Once no film is an episode of it.")
        .AnswersNothing().DependsOnWhatWasRead()
        .RefusesFields().Refuses(SeriesRow.NotFound, HasEpisodes);

    private static async Task<IResult> HandleAsync(
        string id,
        HttpRequest request,
        ClaimsPrincipal user,
        SeriesEdits edits,
        CatalogueDatabase database,
        MovieCache cache,
        CancellationToken cancellationToken)
    {
        if (!Editor.TryRead(user, out var editor)) return Problem.Unauthenticated;
        var (precondition, unclear) = Precondition.Read(request, mayBeNew: false);
        if (precondition is null) return unclear!;
        if (await edits.FindAsync(id, editor, cancellationToken) is not { } before) return SeriesRow.NotFound;
        if (!precondition.Holds(before.Revision)) return Precondition.Changed;

        await using var connection = await database.OpenAsync(cancellationToken);
        try
        {
            var gone = await connection.ExecuteAsync(new CommandDefinition(
                "DELETE FROM series WHERE id = @Id AND revision = @Revision AND team_id = @Team",
                new { before.Id, before.Revision, before.Team },
                cancellationToken: cancellationToken));
            if (gone == 0) return Precondition.Changed;
        }
        catch (PostgresException e) when (e.SqlState == PostgresErrorCodes.ForeignKeyViolation)
        {
            return HasEpisodes;
        }

        await cache.ChangedAsync();
        return TypedResults.NoContent();
    }
}
