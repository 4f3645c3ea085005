using Dapper;
using Microsoft.AspNetCore.Http;
using Movento.Contracts;
using Movento.ControlPlane.Catalogue.Details;
using Movento.ControlPlane.Http;

namespace Movento.ControlPlane.Catalogue.Series;

/// <summary>How a change of what is said of a series is made: read, checked, and written only where nobody has said anything else meanwhile.</summary>
internal sealed class SeriesEdits(CatalogueDatabase database, MovieCache cache, TimeProvider time)
{
    /// <summary>What stands in the database; what may not be said is noted. A series has no other title than its editors'.</summary>
    public static (SaidDetails Said, string Seasons) Read(SeriesDetails details, DetailsRow? before, DateTime now, FieldErrors errors)
    {
        if (details.Title is null) errors.Note("title", "The title of the series.");
        return (DetailsRules.Read(details, before, now, errors), DetailsRules.Seasons(details.Seasons, errors));
    }

    /// <summary>A series that this editor may edit; null for any other.</summary>
    public async Task<DetailsRow?> FindAsync(string id, Editor editor, CancellationToken cancellationToken)
    {
        if (!AssetId.TryParse(id, out var series)) return null;
        await using var connection = await database.OpenAsync(cancellationToken);
        var row = await connection.QuerySingleOrDefaultAsync<DetailsRow>(new CommandDefinition(
            $"SELECT {DetailsRow.SeriesColumns} FROM series WHERE id = @id", new { id = series.Value }, cancellationToken: cancellationToken));
        return row is not null && editor.MayEdit(row.Team) ? row : null;
    }

    /// <param name="id">Of the series, as it was sent.</param>
    /// <param name="editor">Who changes it.</param>
    /// <param name="precondition">On what the change depends.</param>
    /// <param name="change">Makes of what stands there what is to stand there, or says what is wrong.</param>
    /// <param name="cancellationToken">Ends it, with nothing changed or everything.</param>
    public async Task<IResult> ChangeAsync(
        string id, Editor editor, Precondition precondition, Func<DetailsRow, DateTime, (SeriesDetails? Details, Problem? Wrong)> change, CancellationToken cancellationToken)
    {
        var now = time.GetUtcNow().UtcDateTime;
        if (await FindAsync(id, editor, cancellationToken) is not { } before) return SeriesRow.NotFound;
        if (!precondition.Holds(before.Revision)) return Precondition.Changed;
        var (details, malformed) = change(before, now);
        if (details is null) return malformed!;
        var errors = new FieldErrors();
        var (said, seasons) = Read(details, before, now, errors);
        if (errors.Problem is { } wrong) return wrong;

        await using var connection = await database.OpenAsync(cancellationToken);
        var after = await connection.QuerySingleOrDefaultAsync<DetailsRow>(new CommandDefinition(
            $"""
            UPDATE series SET {DetailsRow.Assignments}, seasons = @seasons::jsonb
            WHERE id = @Id AND revision = @Revision AND team_id = @Team RETURNING {DetailsRow.SeriesColumns}
            """,
            said.With(new { before.Id, before.Revision, before.Team, seasons }),
            cancellationToken: cancellationToken));
        if (after is null) return Precondition.Changed;
        await cache.ChangedAsync();
        return new DetailsAnswer<SeriesDetails>(after.ToSeries(now), ControlPlaneJson.Default.SeriesDetails, after.Revision);
    }
}
