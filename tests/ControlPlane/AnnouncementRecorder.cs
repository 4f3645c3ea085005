using System.Threading.Channels;
using MassTransit;
using Movento.Contracts;

namespace Movento.ControlPlane.Tests;

/// <summary>Ingest's end of the bus: hears what the catalogue has recorded.</summary>
public sealed class AnnouncementRecorder(Channel<AnnouncementRecorded> heard) : IConsumer<AnnouncementRecorded>
{
    public async Task Consume(ConsumeContext<AnnouncementRecorded> context) =>
        await heard.Writer.WriteAsync(context.Message, context.CancellationToken);
}
