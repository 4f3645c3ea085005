using Dapper;

namespace Movento.ControlPlane.Catalogue;

/// <summary>What other areas may ask the catalogue: what are these films called?</summary>
internal sealed class MovieTitles(CatalogueDatabase database)
{
    /// <summary>The titles of those that there are.</summary>
    public async Task<IReadOnlyDictionary<Guid, string>> OfAsync(Guid[] assets, CancellationToken cancellationToken)
    {
        await using var connection = await database.OpenAsync(cancellationToken);
        var rows = await connection.QueryAsync<(Guid Id, string Title)>(new CommandDefinition(
            "SELECT id, coalesce(edited_title, announced_title) FROM movies WHERE id = ANY(@assets) AND coalesce(edited_title, announced_title) IS NOT NULL",
            new { assets },
            cancellationToken: cancellationToken));
        return rows.ToDictionary(row => row.Id, row => row.Title);
    }
}
