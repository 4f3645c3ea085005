using Dapper;
using MassTransit;
using Movento.Contracts;

namespace Movento.ControlPlane.Catalogue.Announcements;

/// <summary>An upload exists. It is not a film yet: nothing shows until it is published.</summary>
internal sealed class RecordAccepted(CatalogueDatabase database) : IConsumer<AssetAccepted>
{
    public async Task Consume(ConsumeContext<AssetAccepted> context)
    {
        var accepted = context.Message;
        await using (var connection = await database.OpenAsync(context.CancellationToken))
        {
            // After a publication its title is the younger word; after a deletion nothing counts.
            await connection.ExecuteAsync(new CommandDefinition(
                """
                INSERT INTO movies AS m (id, owner_id, team_id, announced_title, accepted_at) VALUES (@AssetId, @OwnerId, @team, @title, @acceptedAt)
                ON CONFLICT (id) DO UPDATE SET
                  team_id = excluded.team_id,
                  owner_id = excluded.owner_id,
                  announced_title = CASE WHEN m.version > 0 THEN m.announced_title ELSE excluded.announced_title END,
                  accepted_at = excluded.accepted_at
                WHERE m.deleted_at IS NULL
                """,
                new
                {
                    accepted.AssetId,
                    accepted.OwnerId,
                    team = accepted.TeamId ?? accepted.OwnerId,
                    title = AnnouncedText.Storable(accepted.Title),
                    acceptedAt = accepted.AcceptedAt.ToUniversalTime(),
                },
                cancellationToken: context.CancellationToken));
        }

        await context.Publish(new AnnouncementRecorded(accepted.AssetId, AnnouncementKind.Accepted, 0), context.CancellationToken);
    }
}
