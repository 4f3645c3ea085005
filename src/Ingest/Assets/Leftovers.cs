using Dapper;
using Movento.Contracts;
using Movento.Storage;

namespace Movento.Ingest.Assets;

/// <summary>The objects of an asset that belong to no version: what attempts left that were killed, cancelled or rejected.</summary>
internal sealed class Leftovers(IngestDatabase database, IObjectStore store)
{
    /// <summary>
    /// Removes them. What stays: the source, every published version whose time has not run out, and whatever a worker makes right now.
    /// An attempt's number is the count of claims, so a worker that claims the job meanwhile writes below a number that is not looked at.
    /// </summary>
    /// <param name="kept">A version that stays too.</param>
    public async Task RemoveAsync(AssetId asset, int? kept, CancellationToken cancellationToken)
    {
        var (newest, published) = await ReadAsync(asset, cancellationToken);
        if (newest == 0) return;
        var leftovers = new List<string>();
        foreach (var prefix in StorageKey.VersionedPrefixes(asset))
        {
            await foreach (var found in store.ListAsync(prefix, cancellationToken))
            {
                if (StorageKey.VersionOf(asset, found.Key) is not { } version || version > newest || version == kept) continue;
                // What a published version was made from goes; what it is made of stays.
                if (prefix == StorageKey.AssetPrefix(asset) && published.Contains(version)) continue;
                leftovers.Add(found.Key);
            }
        }
        foreach (var key in leftovers) await store.DeleteAsync(key, cancellationToken);
    }

    // The newest attempt that nobody works on any more, and the versions that play.
    private async Task<(int Newest, HashSet<int> Published)> ReadAsync(AssetId asset, CancellationToken cancellationToken)
    {
        await using var connection = await database.Source.OpenConnectionAsync(cancellationToken);
        using var results = await connection.QueryMultipleAsync(new CommandDefinition(
            """
            select case when state = 'processing' or plan is not null then claims - 1 else claims end from assets where id = @id;
            select version from asset_versions where asset_id = @id
            """,
            new { id = asset.Value }, cancellationToken: cancellationToken));
        var newest = await results.ReadSingleOrDefaultAsync<int>();
        return (newest, [.. await results.ReadAsync<int>()]);
    }
}
