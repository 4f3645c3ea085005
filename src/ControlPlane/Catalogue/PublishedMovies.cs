using Dapper;
using Movento.Contracts;

namespace Movento.ControlPlane.Catalogue;

/// <summary>What other areas may ask the catalogue: does this film exist, and may it be played?</summary>
internal sealed class PublishedMovies(CatalogueDatabase database, TimeProvider time)
{
    /// <summary>The film; null where there is none, or none that this viewer may play now.</summary>
    /// <param name="asset">Its asset.</param>
    /// <param name="viewer">For whom.</param>
    /// <param name="language">Of its title; null for the one it is usually known by.</param>
    /// <param name="cancellationToken">Ends the asking.</param>
    public async Task<MovieRow?> FindAsync(AssetId asset, Viewer viewer, string? language, CancellationToken cancellationToken)
    {
        await using var connection = await database.OpenAsync(cancellationToken);
        return await connection.QuerySingleOrDefaultAsync<MovieRow>(new CommandDefinition(
            $"""
            SELECT {MovieRow.Columns}, {MovieRow.DescriptionColumns} FROM movies
            WHERE id = @id AND ({MovieRow.IsVisible} OR ({MovieRow.IsPlayable} AND team_id = @Team))
            """,
            new { id = asset.Value, viewer.Team, country = viewer.Country, now = time.GetUtcNow().UtcDateTime, language },
            cancellationToken: cancellationToken));
    }

    /// <summary>Of these films those that this viewer may find and play now.</summary>
    public async Task<IReadOnlyDictionary<Guid, MovieRow>> FindManyAsync(
        IReadOnlyCollection<Guid> films, Viewer viewer, string? language, CancellationToken cancellationToken)
    {
        await using var connection = await database.OpenAsync(cancellationToken);
        var rows = await connection.QueryAsync<MovieRow>(new CommandDefinition(
            $"SELECT {MovieRow.Columns} FROM movies WHERE id = ANY (@films) AND {MovieRow.IsVisible} AND {MovieRow.IsForAge}",
            new { films = films.ToArray(), country = viewer.Country, maximumAge = viewer.MaximumAge, now = time.GetUtcNow().UtcDateTime, language },
            cancellationToken: cancellationToken));
        return rows.ToDictionary(row => row.Id);
    }

    /// <summary>What changes with what <see cref="ListTraitsAsync"/> answers, and costs a hundredth of it.</summary>
    public async Task<TraitsRevision> RevisionOfTraitsAsync(CancellationToken cancellationToken)
    {
        await using var connection = await database.OpenAsync(cancellationToken);
        return await connection.QuerySingleAsync<TraitsRevision>(new CommandDefinition(
            """
            SELECT (SELECT last_value FROM revisions) AS Edits, count(*) AS Films, max(appears_at) AS Newest
            FROM movies WHERE appears_at <= @now AND series_id IS NULL
            """,
            new { now = time.GetUtcNow().UtcDateTime },
            cancellationToken: cancellationToken));
    }

    /// <summary>What the films are like that stand for themselves, no episodes, the newest first.</summary>
    public async Task<IReadOnlyList<FilmTraits>> ListTraitsAsync(int most, CancellationToken cancellationToken)
    {
        await using var connection = await database.OpenAsync(cancellationToken);
        var rows = await connection.QueryAsync<FilmTraits>(new CommandDefinition(
            """
            SELECT id AS Id, genres AS Genres, ARRAY(SELECT person ->> 'name' FROM jsonb_array_elements(people) AS person) AS People
            FROM movies WHERE appears_at <= @now AND series_id IS NULL ORDER BY appears_at DESC, id DESC LIMIT @most
            """,
            new { now = time.GetUtcNow().UtcDateTime, most },
            cancellationToken: cancellationToken));
        return rows.AsList();
    }
}
