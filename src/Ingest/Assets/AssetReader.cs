using System.Security.Claims;
using Dapper;
using Movento.Contracts;

namespace Movento.Ingest.Assets;

/// <summary>Reads one asset for its team.</summary>
internal sealed class AssetReader(IngestDatabase database)
{
    /// <summary>The asset, or null where there is none, or it is another team's, or it is being removed.</summary>
    public async Task<AssetRow?> FindAsync(string id, ClaimsPrincipal user, CancellationToken cancellationToken)
    {
        if (!AssetId.TryParse(id, out var asset) || !Owner.TryGetTeam(user, out var team)) return null;
        return await FindAsync(asset, team, cancellationToken);
    }

    /// <summary>The asset, or null where there is none, or it is another team's, or it is being removed.</summary>
    public async Task<AssetRow?> FindAsync(AssetId asset, Guid team, CancellationToken cancellationToken)
    {
        await using var connection = await database.Source.OpenConnectionAsync(cancellationToken);
        return await connection.QuerySingleOrDefaultAsync<AssetRow>(new CommandDefinition(
            $"select {AssetRow.Columns} from assets where id = @id and team_id = @team and state <> 'deleting'",
            new { id = asset.Value, team }, cancellationToken: cancellationToken));
    }
}
