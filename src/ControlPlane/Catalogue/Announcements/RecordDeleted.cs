using Dapper;
using MassTransit;
using Movento.Contracts;
using Movento.ControlPlane.Catalogue.Details;
using Movento.ControlPlane.Playback;

namespace Movento.ControlPlane.Catalogue.Announcements;

/// <summary>An asset is gone. Only a tombstone stays, without anything that was said of the film.</summary>
internal sealed class RecordDeleted(CatalogueDatabase database, MovieCache cache, IPlaybackRevocations revocations, TimeProvider time)
    : IConsumer<AssetDeleted>
{
    public async Task Consume(ConsumeContext<AssetDeleted> context)
    {
        var deleted = context.Message;
        await using (var connection = await database.OpenAsync(context.CancellationToken))
        {
            await connection.ExecuteAsync(new CommandDefinition(
                $"""
                INSERT INTO movies (id, deleted_at) VALUES (@AssetId, @deletedAt)
                ON CONFLICT (id) DO UPDATE SET
                  owner_id = NULL, team_id = NULL, announced_title = NULL, {DetailsRow.NothingSaid}, is_draft = false,
                  series_id = NULL, season = NULL, episode = NULL,
                  version = 0, duration_seconds = 0, width = 0, height = 0, has_poster = false,
                  accepted_at = NULL, published_at = NULL, growing_version = 0, growing_at = NULL,
                  rejected_at = NULL, rejection_code = NULL, rejection_reason = NULL,
                  deleted_at = excluded.deleted_at
                """,
                new { deleted.AssetId, deletedAt = deleted.DeletedAt.ToUniversalTime() },
                cancellationToken: context.CancellationToken));
        }

        await cache.ChangedAsync();

        // Edges may hold it in memory. Where one could not be told, ingest announces the deletion again.
        await revocations.RevokeAsync(new PlaybackRevoked(deleted.AssetId, time.GetUtcNow() + RevokePlayback.LongestGrant), context.CancellationToken);
        await context.Publish(new AnnouncementRecorded(deleted.AssetId, AnnouncementKind.Deleted, 0), context.CancellationToken);
    }
}
