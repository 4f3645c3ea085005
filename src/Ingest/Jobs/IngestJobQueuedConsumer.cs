using MassTransit;
using Movento.Contracts;

namespace Movento.Ingest.Jobs;

/// <summary>A job waits: wakes a worker of this process.</summary>
internal sealed class IngestJobQueuedConsumer(WorkerSignal signal) : IConsumer<IngestJobQueued>
{
    public Task Consume(ConsumeContext<IngestJobQueued> context)
    {
        signal.Set();
        return Task.CompletedTask;
    }
}
