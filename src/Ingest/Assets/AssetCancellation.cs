using Dapper;
using Microsoft.Extensions.Logging;
using Movento.Contracts;
using Movento.Ingest.Announcements;
using Movento.Storage;
using Npgsql;

namespace Movento.Ingest.Assets;

/// <summary>
/// Stops the work on an asset. The row says so first, whereupon its worker loses its lease and kills its tools; then the objects of the
/// attempt go. The source stays, and so does a version that plays.
/// </summary>
internal sealed partial class AssetCancellation(
    IngestDatabase database, Leftovers leftovers, AnnouncementSignal announced, AssetChanges changes, IngestOptions options, TimeProvider time,
    ILogger<AssetCancellation> logger)
{
    // A worker looks at its lease once a second; what a slower one leaves is swept.
    private static readonly TimeSpan WaitForWorker = TimeSpan.FromSeconds(5);

    /// <summary>Stops it. False: nothing was being done to it.</summary>
    public async Task<bool> CancelAsync(AssetId asset, Guid team, CancellationToken cancellationToken)
    {
        using var subscription = changes.Subscribe(asset.Value);
        if (await MarkAsync(asset, team, cancellationToken) is not { } version) return false;
        announced.Set();

        // From here on it is cancelled for everybody; the caller's patience decides nothing any more.
        try
        {
            var start = time.GetTimestamp();
            while (!await IsFreeAsync(asset) && time.GetElapsedTime(start) < WaitForWorker)
                await subscription.WaitAsync(TimeSpan.FromMilliseconds(100), time, CancellationToken.None);
            await RemoveTasksAsync(asset, version);
            await leftovers.RemoveAsync(asset, kept: null, CancellationToken.None);
        }
        catch (Exception exception) when (exception is NpgsqlException or ObjectStoreException)
        {
            Log.LeftToSweep(logger, asset.ToString(), exception);
        }
        return true;
    }

    private async Task<int?> MarkAsync(AssetId asset, Guid team, CancellationToken cancellationToken)
    {
        await using var connection = await database.Source.OpenConnectionAsync(cancellationToken);
        await using var transaction = await connection.BeginTransactionAsync(cancellationToken);
        // The lease stays until its worker has let go. The sweep looks for objects once more when even a dead one's lease has run out.
        var version = await connection.ExecuteScalarAsync<int?>(new CommandDefinition(
            """
            update assets set state = case when version is null then 'cancelled' else 'published' end, job_outcome = 'cancelled',
              rejection_code = null, rejection_message = null, rejection_hint = null, plan = null, tidy_at = now() + 2 * @lease
            where id = @id and team_id = @team and state in ('queued', 'processing')
            returning claims
            """,
            new { id = asset.Value, team, lease = options.Lease }, transaction, cancellationToken: cancellationToken));
        if (version is null) return null;
        await Announcement.Of(new AssetCancelled(asset.Value, version.Value, time.GetUtcNow())).KeepAsync(connection, transaction, cancellationToken);
        await transaction.CommitAsync(cancellationToken);
        return version;
    }

    private async Task<bool> IsFreeAsync(AssetId asset)
    {
        await using var connection = await database.Source.OpenConnectionAsync();
        return await connection.ExecuteScalarAsync<bool>(
            """
            select not exists (select from assets where id = @id and lease_until >= now())
              and not exists (select from encode_tasks where asset_id = @id and state = 'running' and lease_until >= now())
            """,
            new { id = asset.Value });
    }

    private async Task RemoveTasksAsync(AssetId asset, int version)
    {
        await using var connection = await database.Source.OpenConnectionAsync();
        await connection.ExecuteAsync("delete from encode_tasks where asset_id = @id and version <= @version", new { id = asset.Value, version });
    }

    private static partial class Log
    {
        [LoggerMessage(3611, LogLevel.Warning, "What the cancelled work on {Asset} left could not be removed; it is swept away later")]
        public static partial void LeftToSweep(ILogger logger, string asset, Exception exception);
    }
}
