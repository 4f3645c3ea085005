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
        // A cancelled upload that no worker had looked at lies where it arrived.
        if (await store.HeadAsync(StorageKey.Source(asset), cancellationToken) is null
            && await store.HeadAsync(StorageKey.Upload(asset), cancellationToken) is null) return IngestError.NoSource;

        await using (var connection = await database.Source.OpenConnectionAsync(cancellationToken))
        {
            var queued = await connection.ExecuteAsync(new CommandDefinition(
                """
                update assets set state = 'queued', job_outcome = null, stage = 'upload', stage_progress = 1, rungs = '[]', attempts = 0, plan = null,
                  not_before = now(), lease_token = null, lease_until = null, priority = coalesce(@priority, priority),
                  rejection_code = null, rejection_message = null, rejection_hint = null
                where id = @id and team_id = @team and state in ('published', 'rejected', 'cancelled')
                """,
                new { id = asset.Value, team, priority = (short?)priority }, cancellationToken: cancellationToken));
            if (queued == 0) return IngestError.Busy;
        }

        await wakeUp.CallAsync(asset);
        return null;
    }
}
