using System.Security.Claims;
using Dapper;
using Movento.Contracts;

namespace Movento.Ingest.Assets;

/// <summary>Reads one asset for its owner.</summary>
internal sealed class AssetReader(IngestDatabase database)
{
    /// <summary>The asset, or null where there is none, or it is another's, or it is being removed.</summary>
    public async Task<AssetRow?> FindAsync(string id, ClaimsPrincipal user, CancellationToken cancellationToken)
    {
        if (!AssetId.TryParse(id, out var asset) || !Owner.TryGet(user, out var owner)) return null;
        await using var connection = await database.Source.OpenConnectionAsync(cancellationToken);
        return await connection.QuerySingleOrDefaultAsync<AssetRow>(new CommandDefinition(
            $"select {AssetRow.Columns} from assets where id = @id and owner_id = @owner and state <> 'deleting'",
            new { id = asset.Value, owner }, cancellationToken: cancellationToken));
    }
}
