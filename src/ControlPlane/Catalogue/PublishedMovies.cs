using Dapper;
using Movento.Contracts;

namespace Movento.ControlPlane.Catalogue;

/// <summary>What other areas may ask the catalogue: does this film exist, and may it be played?</summary>
internal sealed class PublishedMovies(CatalogueDatabase database)
{
    /// <summary>The film; null where there is none, or none that can be played.</summary>
    public async Task<MovieRow?> FindAsync(AssetId asset, CancellationToken cancellationToken)
    {
        await using var connection = await database.OpenAsync(cancellationToken);
        return await connection.QuerySingleOrDefaultAsync<MovieRow>(new CommandDefinition(
            $"SELECT {MovieRow.Columns} FROM movies WHERE id = @id AND {MovieRow.IsPlayable}",
            new { id = asset.Value },
            cancellationToken: cancellationToken));
    }
}
