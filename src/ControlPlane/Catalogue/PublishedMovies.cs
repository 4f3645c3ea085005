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
}
