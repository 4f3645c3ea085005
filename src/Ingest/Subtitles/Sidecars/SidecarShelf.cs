using System.Data;
using Dapper;
using Movento.Contracts;
using Movento.Ingest.Assets;
using Movento.Storage;

namespace Movento.Ingest.Subtitles.Sidecars;

/// <summary>The sidecars of assets: rows in the database, texts in the object store. Every change is counted (assets.sidecars) and wakes a worker.</summary>
internal sealed class SidecarShelf(IngestDatabase database, IObjectStore store, IngestOptions options, SidecarSignal signal)
{
    /// <summary>Keeps a text. The object first: a row stands for a text that is there.</summary>
    /// <returns>What was kept, or the error.</returns>
    public async Task<(Sidecar? Sidecar, IngestError? Error)> AddAsync(AssetId asset, SidecarNames names, SidecarText text, CancellationToken cancellationToken)
    {
        var id = Guid.CreateVersion7();
        using (var content = new MemoryStream(text.Bytes, writable: false))
            await store.PutAsync(StorageKey.Sidecar(asset, id), content, "text/plain", cancellationToken);

        await using var connection = await database.Source.OpenConnectionAsync(cancellationToken);
        await using var transaction = await connection.BeginTransactionAsync(cancellationToken);
        // The asset's row is locked, so that two uploads at once count one another.
        var counted = await connection.ExecuteAsync(new CommandDefinition(
            """
            update assets set sidecars = sidecars + 1
            where id = @asset and state <> 'deleting'
            """,
            new { asset = asset.Value }, transaction, cancellationToken: cancellationToken));
        var row = counted == 0 ? null : await connection.QuerySingleOrDefaultAsync<Sidecar>(new CommandDefinition(
            $"""
            insert into sidecars (asset_id, id, language, role, name, file_name, bytes, encoding)
            select @asset, @id, @Language, @Role, @Name, @FileName, @bytes, @Encoding
            where (select count(*) from sidecars where asset_id = @asset) < @most
            returning {Sidecar.Columns}
            """,
            new
            {
                asset = asset.Value, id, names.Language, names.Role, names.Name, names.FileName, bytes = text.Bytes.Length, text.Encoding,
                most = options.MaxSubtitleTracks,
            },
            transaction, cancellationToken: cancellationToken));
        if (row is null)
        {
            await transaction.RollbackAsync(cancellationToken);
            await store.DeleteAsync(StorageKey.Sidecar(asset, id), CancellationToken.None);
            return (null, counted == 0 ? IngestError.NotFound : IngestError.TooManySubtitles);
        }
        await transaction.CommitAsync(cancellationToken);
        signal.Set();
        return (row, null);
    }

    /// <summary>Removes one: the row first, so that no row stands without its text. False: there is no such sidecar.</summary>
    public async Task<bool> RemoveAsync(AssetId asset, Guid id, CancellationToken cancellationToken)
    {
        await using (var connection = await database.Source.OpenConnectionAsync(cancellationToken))
        await using (var transaction = await connection.BeginTransactionAsync(cancellationToken))
        {
            await connection.ExecuteAsync(new CommandDefinition(
                "update assets set sidecars = sidecars + 1 where id = @asset", new { asset = asset.Value }, transaction, cancellationToken: cancellationToken));
            if (await connection.ExecuteAsync(new CommandDefinition(
                "delete from sidecars where asset_id = @asset and id = @id", new { asset = asset.Value, id }, transaction,
                cancellationToken: cancellationToken)) == 0) return false;
            await transaction.CommitAsync(cancellationToken);
        }
        // Should this be lost, the text goes with the asset.
        await store.DeleteAsync(StorageKey.Sidecar(asset, id), CancellationToken.None);
        signal.Set();
        return true;
    }

    /// <summary>An asset's sidecars in the order of their upload, the count of their changes, and whether the published version has them.</summary>
    public async Task<(IReadOnlyList<Sidecar> Items, int Count, bool IsPublished)> ListAsync(AssetId asset, CancellationToken cancellationToken)
    {
        await using var connection = await database.Source.OpenConnectionAsync(cancellationToken);
        // One snapshot, so that count and rows belong together.
        await using var transaction = await connection.BeginTransactionAsync(IsolationLevel.RepeatableRead, cancellationToken);
        await using var results = await connection.QueryMultipleAsync(new CommandDefinition(
            $"""
            select a.sidecars as "Count", coalesce(v.sidecars, 0) = a.sidecars and a.version is not null as "IsPublished"
            from assets a left join sidecar_versions v on v.asset_id = a.id and v.version = a.version where a.id = @asset;
            select {Sidecar.Columns} from sidecars where asset_id = @asset order by created_at, id
            """,
            new { asset = asset.Value }, transaction, cancellationToken: cancellationToken));
        var counted = await results.ReadSingleOrDefaultAsync<Counted>();
        return ([.. await results.ReadAsync<Sidecar>()], counted?.Count ?? 0, counted?.IsPublished ?? false);
    }

    private sealed record Counted(int Count, bool IsPublished);
}
