using Dapper;
using MassTransit;
using Movento.Contracts;

namespace Movento.ControlPlane.Catalogue.Announcements;

/// <summary>An upload was refused. A version that is published already stays: it was proven on its own. One that was played while
/// it was made is withdrawn.</summary>
internal sealed class RecordRejected(CatalogueDatabase database, MovieCache cache) : IConsumer<AssetRejected>
{
    public async Task Consume(ConsumeContext<AssetRejected> context)
    {
        var rejected = context.Message;
        await using (var connection = await database.OpenAsync(context.CancellationToken))
        {
            await connection.ExecuteAsync(new CommandDefinition(
                """
                INSERT INTO movies AS m (id, rejected_at, rejection_code, rejection_reason)
                VALUES (@AssetId, @rejectedAt, @code, @reason)
                ON CONFLICT (id) DO UPDATE SET
                  rejected_at = excluded.rejected_at,
                  rejection_code = excluded.rejection_code,
                  rejection_reason = excluded.rejection_reason,
                  growing_version = CASE WHEN m.growing_at > excluded.rejected_at THEN m.growing_version ELSE 0 END,
                  growing_at = CASE WHEN m.growing_at > excluded.rejected_at THEN m.growing_at END
                WHERE m.deleted_at IS NULL
                """,
                new
                {
                    rejected.AssetId,
                    rejectedAt = rejected.RejectedAt.ToUniversalTime(),
                    code = AnnouncedText.Storable(rejected.Code),
                    reason = AnnouncedText.Storable(rejected.Reason),
                },
                cancellationToken: context.CancellationToken));
        }

        await cache.ChangedAsync();
        await context.Publish(new AnnouncementRecorded(rejected.AssetId, AnnouncementKind.Rejected, 0), context.CancellationToken);
    }
}
