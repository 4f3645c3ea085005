using Dapper;
using Movento.Contracts;
using Movento.Ingest.Announcements;
using Movento.Ingest.Upload.Resumable;
using Movento.Storage;

namespace Movento.Ingest.Assets;

/// <summary>
/// Removes assets: marked first, so that nobody sees it and its worker lets go; then the objects; the row last, so that whatever is
/// killed in between, the sweep finds the mark and goes on.
/// </summary>
internal sealed class AssetRemoval(
    IngestDatabase database, IObjectStore store, UploadRemains uploads, AnnouncementSignal announced, AssetChanges changes, TimeProvider time)
{
    // A worker looks at its lease once a second; one that does not let go in time is dead, and the sweep waits for its lease.
    private static readonly TimeSpan WaitForWorker = TimeSpan.FromSeconds(5);

    /// <summary>Removes a team's asset; what a dead worker still holds is left to the sweep. False: there is no such asset.</summary>
    public Task<bool> BeginAsync(AssetId asset, Guid team, CancellationToken cancellationToken) =>
        BeginAsync("update assets set state = 'deleting' where id = @id and team_id = @team and state <> 'deleting'", asset, team, cancellationToken);

    /// <summary>Removes a team's asset as long as it has not arrived. False: it has, or there is no such asset.</summary>
    public Task<bool> BeginReceivingAsync(AssetId asset, Guid team, CancellationToken cancellationToken) =>
        BeginAsync("update assets set state = 'deleting' where id = @id and team_id = @team and state = 'receiving'", asset, team, cancellationToken);

    private async Task<bool> BeginAsync(string mark, AssetId asset, Guid team, CancellationToken cancellationToken)
    {
        using var subscription = changes.Subscribe(asset.Value);
        await using (var connection = await database.Source.OpenConnectionAsync(cancellationToken))
        {
            if (await connection.ExecuteAsync(new CommandDefinition(
                mark, new { id = asset.Value, team }, cancellationToken: cancellationToken)) == 0) return false;
        }

        // From here on it is gone for everybody; the caller's patience decides nothing any more.
        var start = time.GetTimestamp();
        while (!await FinishAsync(asset, CancellationToken.None) && time.GetElapsedTime(start) < WaitForWorker)
            await subscription.WaitAsync(TimeSpan.FromMilliseconds(200), time, CancellationToken.None);
        return true;
    }

    /// <summary>Removes everything of a marked asset. False: somebody still holds it.</summary>
    public async Task<bool> FinishAsync(AssetId asset, CancellationToken cancellationToken)
    {
        await using var connection = await database.Source.OpenConnectionAsync(cancellationToken);
        var free = await connection.ExecuteScalarAsync<bool?>(new CommandDefinition(
            """
            select state = 'deleting' and coalesce(lease_until < now(), true)
              and not exists (select from encode_tasks where asset_id = @id and state = 'running' and lease_until > now())
            from assets where id = @id
            """,
            new { id = asset.Value }, cancellationToken: cancellationToken));
        // The row goes last: without one, whoever held it has removed everything.
        if (free is null) return true;
        if (!free.Value) return false;

        await uploads.RemoveAsync(asset, cancellationToken);
        await store.DeleteAsync(StorageKey.Upload(asset), cancellationToken);
        foreach (var prefix in StorageKey.VersionedPrefixes(asset)) await store.DeleteAllAsync(prefix, cancellationToken);

        await using var transaction = await connection.BeginTransactionAsync(cancellationToken);
        // An upload that was never acknowledged was never announced either.
        var wasAccepted = await connection.ExecuteScalarAsync<bool?>(new CommandDefinition(
            "select sha256 is not null from assets where id = @id and state = 'deleting' for update", new { id = asset.Value }, transaction,
            cancellationToken: cancellationToken));
        if (wasAccepted is null) return true;
        await connection.ExecuteAsync(new CommandDefinition(
            "delete from announcements where asset_id = @id", new { id = asset.Value }, transaction, cancellationToken: cancellationToken));
        if (wasAccepted.Value)
            await Announcement.Of(new AssetDeleted(asset.Value, time.GetUtcNow())).KeepAsync(connection, transaction, cancellationToken);
        await connection.ExecuteAsync(new CommandDefinition(
            "delete from assets where id = @id", new { id = asset.Value }, transaction, cancellationToken: cancellationToken));
        await transaction.CommitAsync(cancellationToken);
        announced.Set();
        return true;
    }
}
