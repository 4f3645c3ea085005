using MassTransit;
using Movento.Contracts;

namespace Movento.ControlPlane.Quality;

/// <summary>Some playbacks are over.</summary>
internal sealed class RecordPlaybacks(QualityRecords records) : IConsumer<PlaybacksObserved>
{
    public Task Consume(ConsumeContext<PlaybacksObserved> context) => records.RecordAsync(context.Message, context.CancellationToken);

    /// <summary>Nobody sends a report again, so it is tried for some minutes; then it is dropped: figures, for which no queue may grow without end.</summary>
    public sealed class Endpoint() : DroppingEndpoint<RecordPlaybacks>(2, 100, 500, 2000, 10_000, 30_000, 60_000, 120_000);
}
