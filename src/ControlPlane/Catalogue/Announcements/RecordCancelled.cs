using Dapper;
using MassTransit;
using Movento.Contracts;

namespace Movento.ControlPlane.Catalogue.Announcements;

/// <summary>The making of a version was stopped: one that was played while it was made is withdrawn. A published version stays.</summary>
internal sealed class RecordCancelled(CatalogueDatabase database, MovieCache cache) : IConsumer<AssetCancelled>
{
    public async Task Consume(ConsumeContext<AssetCancelled> context)
    {
        var cancelled = context.Message;
        await using (var connection = await database.OpenAsync(context.CancellationToken))
        {
            await connection.ExecuteAsync(new CommandDefinition(
                """
                INSERT INTO movies AS m (id, cancelled_version) VALUES (@AssetId, @Version)
                ON CONFLICT (id) DO UPDATE SET
                  cancelled_version = greatest(m.cancelled_version, excluded.cancelled_version),
                  growing_version = CASE WHEN m.growing_version > excluded.cancelled_version THEN m.growing_version ELSE 0 END,
                  growing_at = CASE WHEN m.growing_version > excluded.cancelled_version THEN m.growing_at END
                WHERE m.deleted_at IS NULL
                """,
                new { cancelled.AssetId, cancelled.Version },
                cancellationToken: context.CancellationToken));
        }

        await cache.ChangedAsync();
        await context.Publish(new AnnouncementRecorded(cancelled.AssetId, AnnouncementKind.Cancelled, cancelled.Version), context.CancellationToken);
    }
}
