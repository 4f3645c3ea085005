using Dapper;
using MassTransit;
using Movento.Contracts;

namespace Movento.Ingest.Announcements;

/// <summary>The catalogue has recorded an announcement: it is not sent again.</summary>
internal sealed class AnnouncementRecordedConsumer(IngestDatabase database) : IConsumer<AnnouncementRecorded>
{
    public async Task Consume(ConsumeContext<AnnouncementRecorded> context)
    {
        await using var connection = await database.Source.OpenConnectionAsync(context.CancellationToken);
        await connection.ExecuteAsync(new CommandDefinition(
            "delete from announcements where asset_id = @AssetId and kind = @Kind and version = @Version",
            context.Message, cancellationToken: context.CancellationToken));
    }
}
