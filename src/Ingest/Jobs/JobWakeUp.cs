using MassTransit;
using Microsoft.Extensions.Logging;
using Movento.Contracts;

namespace Movento.Ingest.Jobs;

/// <summary>Tells workers, here and elsewhere, that a job waits. A wake-up call: losing one loses nothing.</summary>
internal sealed partial class JobWakeUp(IBus bus, WorkerSignal workers, TimeProvider time, ILogger<JobWakeUp> logger)
{
    private static readonly TimeSpan Limit = TimeSpan.FromSeconds(5);

    /// <summary>Tells them; never fails, and takes no longer than five seconds.</summary>
    public async Task CallAsync(AssetId asset)
    {
        workers.Set();
        try
        {
            using var limit = new CancellationTokenSource(Limit, time);
            await bus.Publish(new IngestJobQueued(asset.Value), limit.Token);
        }
        catch (Exception exception)
        {
            Log.CannotWake(logger, asset.ToString(), exception);
        }
    }

    private static partial class Log
    {
        [LoggerMessage(3271, LogLevel.Warning, "Nobody was told that {Asset} waits; workers look by themselves")]
        public static partial void CannotWake(ILogger logger, string asset, Exception exception);
    }
}
