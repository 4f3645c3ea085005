using Dapper;
using MassTransit;
using Movento.Contracts;

namespace Movento.ControlPlane.Catalogue.Announcements;

/// <summary>A version may be played: the film appears, or its newer version takes the older one's place.</summary>
internal sealed class RecordPublished(CatalogueDatabase database, MovieCache cache) : IConsumer<AssetPublished>
{
    public async Task Consume(ConsumeContext<AssetPublished> context)
    {
        var published = context.Message;
        await using (var connection = await database.OpenAsync(context.CancellationToken))
        {
            // Whatever order versions come in, the highest stands, and the film keeps the date of its first.
            await connection.ExecuteAsync(new CommandDefinition(
                """
                INSERT INTO movies AS m
                  (id, owner_id, team_id, announced_title, version, duration_seconds, width, height, has_poster, published_at)
                VALUES (@AssetId, @OwnerId, @team, @title, @Version, @DurationSeconds, @Width, @Height, @HasPoster, @publishedAt)
                ON CONFLICT (id) DO UPDATE SET
                  team_id = excluded.team_id,
                  published_at = least(m.published_at, excluded.published_at),
                  growing_version = CASE WHEN m.growing_version > excluded.version THEN m.growing_version ELSE 0 END,
                  growing_at = CASE WHEN m.growing_version > excluded.version THEN m.growing_at END,
                  (owner_id, announced_title, version, duration_seconds, width, height, has_poster) = (
                    SELECT excluded.owner_id, excluded.announced_title, excluded.version, excluded.duration_seconds,
                           excluded.width, excluded.height, excluded.has_poster
                    WHERE excluded.version >= m.version
                    UNION ALL
                    SELECT m.owner_id, m.announced_title, m.version, m.duration_seconds, m.width, m.height, m.has_poster
                    WHERE excluded.version < m.version)
                WHERE m.deleted_at IS NULL
                """,
                new
                {
                    published.AssetId,
                    published.OwnerId,
                    team = published.TeamId ?? published.OwnerId,
                    title = AnnouncedText.Storable(published.Title),
                    published.Version,
                    published.DurationSeconds,
                    published.Width,
                    published.Height,
                    published.HasPoster,
                    publishedAt = published.PublishedAt.ToUniversalTime(),
                },
                cancellationToken: context.CancellationToken));
        }

        await cache.ChangedAsync();
        await context.Publish(
            new AnnouncementRecorded(published.AssetId, AnnouncementKind.Published, published.Version), context.CancellationToken);
    }
}
