using System.Security.Claims;
using Dapper;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Routing;
using Movento.ApiDescription;
using Movento.Contracts;
using Movento.ControlPlane.Http;
using Npgsql;

namespace Movento.ControlPlane.Catalogue.Details;

/// <summary>
/// <c>PUT /api/movies/{id}/details</c>: an editor says everything that is said of a film. With <c>If-None-Match: *</c> of one that the catalogue has not
/// heard of yet, since its upload is under way: what is said counts once ingest announces it as that team's.
/// </summary>
internal static class PutMovieDetails
{
    /// <summary>Films of a team that are named before they are announced: more uploads than any team has under way.</summary>
    public const int MaxUnannounced = 1000;

    private static readonly Problem TooMany =
        new(StatusCodes.Status409Conflict, "too_many_unannounced", $"The team has {MaxUnannounced} films that are named, but not uploaded.")
        {
            Hint = "Delete the details of those that will never be uploaded.",
        };

    public static void Map(RouteGroupBuilder movies) => movies.MapPut("/{id}/details", HandleAsync)
        .Describe("putMovieDetails", "Say everything that is said of a film", "With `If-None-Match: *` of one whose upload is under way: it counts once ingest announces the film.")
        .Answers<MovieDetails>("All of it was replaced.").WithETag()
        .Answers<MovieDetails>("It is named before its upload ends.", StatusCodes.Status201Created).WithETag(StatusCodes.Status201Created)
        .WithAnswerHeader("Location", "Where the details lie.", StatusCodes.Status201Created)
        .DependsOnWhatWasRead(mayBeNew: true)
        .RefusesFields().Refuses(GetMovie.NotFound, MovieEdits.TakenPlace, TooMany);

    private static async Task<IResult> HandleAsync(
        string id,
        JsonBody<MovieDetails> body,
        HttpRequest request,
        ClaimsPrincipal user,
        MovieEdits edits,
        TimeProvider time,
        CatalogueDatabase database,
        CancellationToken cancellationToken)
    {
        if (body.Refusal is { } refusal) return refusal;
        if (!Editor.TryRead(user, out var editor)) return Problem.Unauthenticated;
        var (precondition, unclear) = Precondition.Read(request, mayBeNew: true);
        if (precondition is null) return unclear!;
        if (!precondition.IsNew) return await edits.ChangeAsync(id, editor, precondition, (_, _) => (body.Value, null), cancellationToken);
        if (!AssetId.TryParse(id, out var asset)) return GetMovie.NotFound;

        var errors = new FieldErrors();
        var said = DetailsRules.Read(body.Value, null, time.GetUtcNow().UtcDateTime, errors);
        var place = DetailsRules.Episode(body.Value.Episode, errors);
        if (errors.Problem is { } wrong) return wrong;

        await using var connection = await database.OpenAsync(cancellationToken);
        try
        {
            if (await MovieEdits.ForeignSeriesAsync(connection, place?.Series, editor.Team, cancellationToken) is { } foreign) return foreign;
            var made = await connection.QuerySingleOrDefaultAsync<DetailsRow>(new CommandDefinition(
                $"""
                INSERT INTO movies (id, team_id, series_id, season, episode, {DetailsRow.InsertColumns})
                SELECT @id, @Team, @series, @season, @episode, {DetailsRow.InsertValues}
                WHERE (SELECT count(*) FROM movies WHERE team_id = @Team AND deleted_at IS NULL AND owner_id IS NULL) < @MaxUnannounced
                ON CONFLICT (id) DO NOTHING RETURNING {DetailsRow.MovieColumns}
                """,
                said.With(new { id = asset.Value, editor.Team, series = place?.Series, season = place?.Season, episode = place?.Number, MaxUnannounced }),
                cancellationToken: cancellationToken));
            if (made is null)
            {
                var exists = await connection.QuerySingleAsync<bool>(new CommandDefinition(
                    "SELECT EXISTS (SELECT FROM movies WHERE id = @id)", new { id = asset.Value }, cancellationToken: cancellationToken));
                return exists ? Precondition.Exists : TooMany;
            }

            return new DetailsAnswer<MovieDetails>(made.ToMovie(time.GetUtcNow().UtcDateTime), ControlPlaneJson.Default.MovieDetails, made.Revision)
            {
                Status = StatusCodes.Status201Created,
                Location = $"/api/movies/{asset}/details",
            };
        }
        catch (PostgresException e) when (MovieEdits.IsTakenPlace(e))
        {
            return MovieEdits.TakenPlace;
        }
    }
}
