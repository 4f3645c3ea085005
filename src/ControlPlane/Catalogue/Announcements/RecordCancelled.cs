using MassTransit;
using Movento.Contracts;

namespace Movento.ControlPlane.Catalogue.Announcements;

/// <summary>The making of a version was stopped. Nothing that the catalogue shows was made by it: a published version stays.</summary>
internal sealed class RecordCancelled : IConsumer<AssetCancelled>
{
    public Task Consume(ConsumeContext<AssetCancelled> context) => context.Publish(
        new AnnouncementRecorded(context.Message.AssetId, AnnouncementKind.Cancelled, context.Message.Version), context.CancellationToken);
}
