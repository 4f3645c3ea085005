using Dapper;
using Microsoft.AspNetCore.Http;
using Movento.ControlPlane.Http;
using Npgsql;

namespace Movento.ControlPlane.Catalogue.Details;

/// <summary>How a change of what is said of a film is made: read, checked, and written only where nobody has said anything else meanwhile.</summary>
internal sealed class MovieEdits(CatalogueDatabase database, MovieCache cache, TimeProvider time)
{
    public static readonly Problem TakenPlace =
        new(StatusCodes.Status409Conflict, "episode_taken", "Another film is that episode of the series.");

    /// <param name="id">Of the film, as it was sent.</param>
    /// <param name="editor">Who changes it.</param>
    /// <param name="precondition">On what the change depends.</param>
    /// <param name="change">Makes of what stands there what is to stand there, or says what is wrong.</param>
    /// <param name="cancellationToken">Ends it, with nothing changed or everything.</param>
    public async Task<IResult> ChangeAsync(
        string id, Editor editor, Precondition precondition, Func<DetailsRow, DateTime, (MovieDetails? Details, Problem? Wrong)> change, CancellationToken cancellationToken)
    {
        var now = time.GetUtcNow().UtcDateTime;
        if (await GetMovieDetails.FindAsync(database, id, editor, cancellationToken) is not { } before) return GetMovie.NotFound;
        if (!precondition.Holds(before.Revision)) return Precondition.Changed;
        var (details, malformed) = change(before, now);
        if (details is null) return malformed!;

        var errors = new FieldErrors();
        var said = DetailsRules.Read(details, before, now, errors);
        var place = DetailsRules.Episode(details.Episode, errors);
        if (errors.Problem is { } wrong) return wrong;

        await using var connection = await database.OpenAsync(cancellationToken);
        DetailsRow? after;
        try
        {
            if (await ForeignSeriesAsync(connection, place?.Series, before.Team, cancellationToken) is { } foreign) return foreign;
            after = await connection.QuerySingleOrDefaultAsync<DetailsRow>(new CommandDefinition(
                $"""
                UPDATE movies SET {DetailsRow.Assignments}, series_id = @series, season = @season, episode = @episode
                WHERE id = @Id AND revision = @Revision AND team_id = @Team AND deleted_at IS NULL RETURNING {DetailsRow.MovieColumns}
                """,
                said.With(new { before.Id, before.Revision, before.Team, series = place?.Series, season = place?.Season, episode = place?.Number }),
                cancellationToken: cancellationToken));
        }
        catch (PostgresException e) when (IsTakenPlace(e))
        {
            return TakenPlace;
        }

        if (after is null) return Precondition.Changed;
        await cache.ChangedAsync();
        return new DetailsAnswer<MovieDetails>(after.ToMovie(now), ControlPlaneJson.Default.MovieDetails, after.Revision);
    }

    /// <summary>What is wrong with a film's series; null where the team has it, or the film is no episode.</summary>
    public static async Task<Problem?> ForeignSeriesAsync(NpgsqlConnection connection, Guid? series, Guid? team, CancellationToken cancellationToken)
    {
        if (series is null) return null;
        var isOurs = await connection.QuerySingleAsync<bool>(new CommandDefinition(
            "SELECT EXISTS (SELECT FROM series WHERE id = @series AND team_id = @team)", new { series, team }, cancellationToken: cancellationToken));
        return isOurs ? null : FieldErrors.One("episode.seriesId", "The id of one of the team's series.");
    }

    public static bool IsTakenPlace(PostgresException error) =>
        error is { SqlState: PostgresErrorCodes.UniqueViolation, ConstraintName: "movies_episodes" };
}
