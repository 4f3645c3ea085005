using Dapper;
using MassTransit;
using Movento.Contracts;

namespace Movento.ControlPlane.Catalogue.Announcements;

/// <summary>
/// A version may be played while it is still made: the film appears, unless it is there in a version that is whole, which goes on being played until
/// the new one is whole too.
/// </summary>
internal sealed class RecordPlayable(CatalogueDatabase database, MovieCache cache) : IConsumer<AssetPlayable>
{
    public async Task Consume(ConsumeContext<AssetPlayable> context)
    {
        var playable = context.Message;
        await using (var connection = await database.OpenAsync(context.CancellationToken))
        {
            // Late words change nothing: the version was published, refused or followed by another meanwhile.
            await connection.ExecuteAsync(new CommandDefinition(
                """
                INSERT INTO movies AS m
                  (id, owner_id, team_id, announced_title, growing_version, growing_at, growing_seconds, growing_width, growing_height)
                VALUES (@AssetId, @OwnerId, @team, @title, @Version, @playableAt, @ExpectedSeconds, @Width, @Height)
                ON CONFLICT (id) DO UPDATE SET
                  team_id = excluded.team_id,
                  owner_id = CASE WHEN m.version > 0 THEN m.owner_id ELSE excluded.owner_id END,
                  announced_title = CASE WHEN m.version > 0 THEN m.announced_title ELSE excluded.announced_title END,
                  growing_version = excluded.growing_version, growing_at = excluded.growing_at, growing_seconds = excluded.growing_seconds,
                  growing_width = excluded.growing_width, growing_height = excluded.growing_height
                WHERE m.deleted_at IS NULL AND excluded.growing_version > m.version AND excluded.growing_version >= m.growing_version
                  AND excluded.growing_version > m.cancelled_version AND (m.rejected_at IS NULL OR m.rejected_at < excluded.growing_at)
                """,
                new
                {
                    playable.AssetId,
                    playable.OwnerId,
                    team = playable.TeamId ?? playable.OwnerId,
                    title = AnnouncedText.Storable(playable.Title),
                    playable.Version,
                    playable.ExpectedSeconds,
                    playable.Width,
                    playable.Height,
                    playableAt = playable.PlayableAt.ToUniversalTime(),
                },
                cancellationToken: context.CancellationToken));
        }

        await cache.ChangedAsync();
        await context.Publish(new AnnouncementRecorded(playable.AssetId, AnnouncementKind.Playable, playable.Version), context.CancellationToken);
    }
}
