using Dapper;
using Movento.Contracts;
using Movento.Ingest.Jobs;
using Movento.Storage;

namespace Movento.Ingest.Assets;

/// <summary>
/// Encodes an asset again from the source that was kept. What plays goes on playing until the new version is published; where none comes of
/// it, nothing has changed for a viewer.
/// </summary>
internal sealed class AnotherVersion(IngestDatabase database, IObjectStore store, JobWakeUp wakeUp)
{
    /// <summary>Queues the work, or says why it cannot be.</summary>
    public async Task<IngestError?> QueueAsync(AssetId asset, Guid team, int? priority, CancellationToken cancellationToken)
    {
        // A cancelled upload that no worker had looked at lies where it arrived. So does what was refused for a moment, until it is removed.
        var isKept = await store.HeadAsync(StorageKey.Source(asset), cancellationToken) is not null;
        if (!isKept && await store.HeadAsync(StorageKey.Upload(asset), cancellationToken) is null) return IngestError.NoSource;

        await using (var connection = await database.Source.OpenConnectionAsync(cancellationToken))
        {
            var queued = await connection.ExecuteAsync(new CommandDefinition(
                """
                update assets set state = 'queued', job_outcome = null, stage = 'upload', stage_progress = 1, rungs = '[]', attempts = 0, plan = null,
                  not_before = now(), lease_token = null, lease_until = null, priority = coalesce(@priority, priority),
                  rejection_code = null, rejection_message = null, rejection_hint = null
                where id = @id and team_id = @team and (state in ('published', 'cancelled') or (state = 'rejected' and @isKept))
                """,
                new { id = asset.Value, team, priority = (short?)priority, isKept }, cancellationToken: cancellationToken));
            if (queued == 0)
            {
                var isRejected = await connection.ExecuteScalarAsync<bool>(new CommandDefinition(
                    "select state = 'rejected' from assets where id = @id", new { id = asset.Value }, cancellationToken: cancellationToken));
                return isRejected && !isKept ? IngestError.NoSource : IngestError.Busy;
            }
        }

        await wakeUp.CallAsync(asset);
        return null;
    }
}
