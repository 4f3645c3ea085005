using MassTransit;
using Movento.Contracts;

namespace Movento.ControlPlane.Recommendations.Views;

/// <summary>Somebody has watched a film.</summary>
internal sealed class RecordView(ViewingRecords records) : IConsumer<FilmViewed>
{
    public Task Consume(ConsumeContext<FilmViewed> context) => records.RecordAsync(context.Message, context.CancellationToken);

    /// <summary>Nobody sends it again, so it is tried for some minutes; then it is dropped: one view less, for which no queue may grow without end.</summary>
    public sealed class Endpoint() : DroppingEndpoint<RecordView>(4, 100, 500, 2000, 10_000, 30_000, 60_000, 120_000);
}
