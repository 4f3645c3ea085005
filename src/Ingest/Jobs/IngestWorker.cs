using Microsoft.Extensions.Hosting;
using Microsoft.Extensions.Logging;
using Movento.Storage;
using Npgsql;

namespace Movento.Ingest.Jobs;

/// <summary>
/// Claims jobs and coordinates each: the pipeline, whose encodes are tasks of all workers; decides what a failure means for the job.
/// </summary>
internal sealed partial class IngestWorker(
    JobQueue queue, WorkFolder work, Pipeline pipeline, WorkerSignal signal, IngestOptions options, IngestMetrics metrics, TimeProvider time,
    ILogger<IngestWorker> logger) : BackgroundService
{
    private static readonly TimeSpan LongestDelay = TimeSpan.FromMinutes(5);

    protected override Task ExecuteAsync(CancellationToken stoppingToken) => WorkLoop.RunAsync(
        options.Films, queue.ClaimAsync, WorkAsync, onIdle: () => { }, exception => Log.LoopFailed(logger, exception),
        signal, options.PollInterval, time, stoppingToken);

    private async Task WorkAsync(IngestJob job, CancellationToken stopping)
    {
        var progress = new JobProgress();
        var folder = work.Create(job);
        var outcome = "lost";
        Func<Task>? release = null;
        try
        {
            await using var lease = new LeaseHeartbeat(
                stop => queue.RenewAsync(job, progress, stop), options.Lease, exception => Log.CannotRenew(logger, job.Asset.ToString(), exception), time);
            using var cancel = CancellationTokenSource.CreateLinkedTokenSource(lease.Lost, stopping);
            try
            {
                if (job.Attempt > options.MaxAttempts)
                    throw new RejectedException(RejectionReason.EncodeFailed, $"{options.MaxAttempts} attempts ended with their worker or its tools.");
                await pipeline.RunAsync(job, folder, progress, cancel.Token);
                outcome = "published";
            }
            catch (RejectedException rejected)
            {
                Log.Rejected(logger, job.Asset.ToString(), rejected.Reason, rejected.Message);
                outcome = await pipeline.RejectAsync(job, Rejection.Of(rejected.Reason, rejected.Note), progress, cancel.Token) ? Rejection.Of(rejected.Reason).Code : "lost";
            }
        }
        catch (OperationCanceledException) when (stopping.IsCancellationRequested)
        {
            outcome = "released";
            release = () => queue.ReleaseAsync(job, TimeSpan.Zero, counts: false, CancellationToken.None);
        }
        catch (OperationCanceledException)
        {
            Log.Lost(logger, job.Asset.ToString());
            release = () => queue.ReleaseAsync(job, TimeSpan.Zero, counts: false, CancellationToken.None);
        }
        catch (Exception exception)
        {
            outcome = "retried";
            Log.Failed(logger, job.Asset.ToString(), job.Attempt, exception);
            release = () => queue.ReleaseAsync(job, Delay(job.Attempt), counts: !IsOurs(exception), CancellationToken.None);
        }
        finally
        {
            WorkFolder.Remove(folder);
            metrics.JobEnded(outcome);
        }
        if (release is not null) await release();
    }

    // The store, the database or the disk: no fault of the film, so it waits as long as it takes.
    private static bool IsOurs(Exception exception) => exception is ObjectStoreException or NpgsqlException or IOException;

    private TimeSpan Delay(int attempt)
    {
        var delay = options.RetryDelay * Math.Pow(2, Math.Min(attempt - 1, 10));
        return delay < LongestDelay ? delay : LongestDelay;
    }

    private static partial class Log
    {
        [LoggerMessage(3201, LogLevel.Warning, "The lease of {Asset} could not be renewed; trying again until it runs out")]
        public static partial void CannotRenew(ILogger logger, string asset, Exception exception);

        [LoggerMessage(3101, LogLevel.Warning, "{Asset} is rejected: {Reason}: {Detail}")]
        public static partial void Rejected(ILogger logger, string asset, RejectionReason reason, string detail);

        [LoggerMessage(3102, LogLevel.Information, "{Asset} is not ours any more; its work is dropped")]
        public static partial void Lost(ILogger logger, string asset);

        [LoggerMessage(3103, LogLevel.Error, "Attempt {Attempt} at {Asset} failed; it is tried again")]
        public static partial void Failed(ILogger logger, string asset, int attempt, Exception exception);

        [LoggerMessage(3104, LogLevel.Error, "The worker cannot reach its queue")]
        public static partial void LoopFailed(ILogger logger, Exception exception);
    }
}
