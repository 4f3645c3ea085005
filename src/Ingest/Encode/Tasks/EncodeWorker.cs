using Microsoft.Extensions.Hosting;
using Microsoft.Extensions.Logging;
using Movento.Ingest.Jobs;
using Movento.Storage;
using Npgsql;

namespace Movento.Ingest.Encode.Tasks;

/// <summary>Claims tasks of whatever films there are and runs them, so many at a time; decides what a failure means for the task.</summary>
internal sealed partial class EncodeWorker(
    EncodeTaskQueue queue, EncodeTaskRunner runner, FilmFolders folders, EncodeTaskSignal signal, IngestOptions options, TimeProvider time,
    ILogger<EncodeWorker> logger) : BackgroundService
{
    private static readonly TimeSpan RetryDelay = TimeSpan.FromSeconds(2);

    // The next chunk of the same film comes at once, or not at all.
    private static readonly TimeSpan KeepUnused = TimeSpan.FromSeconds(5);

    private readonly EncodePlaces _places = new(options.Encodes);

    protected override Task ExecuteAsync(CancellationToken stoppingToken) => WorkLoop.RunAsync(
        options.Encodes, stopping => _places.ClaimAsync(queue.ClaimAsync, stopping), WorkAsync, () => folders.Evict(KeepUnused),
        exception => Log.LoopFailed(logger, exception), signal, options.PollInterval, time, stoppingToken);

    public override void Dispose()
    {
        _places.Dispose();
        base.Dispose();
    }

    private async Task WorkAsync(EncodeTask task, CancellationToken stopping)
    {
        try
        {
            await RunAsync(task, stopping);
        }
        finally
        {
            _places.Leave(task);
        }
    }

    private async Task RunAsync(EncodeTask task, CancellationToken stopping)
    {
        var progress = new EncodeTaskProgress();
        Func<Task<bool>> end;
        try
        {
            await using var lease = new LeaseHeartbeat(
                stop => queue.RenewAsync(task, progress, stop), options.TaskLease,
                exception => Log.CannotRenew(logger, task.Asset.ToString(), task.Spec.Name, exception), time);
            // A new part is told at once: somebody may be waiting to watch.
            progress.OnPart = lease.Beat;
            using var cancel = CancellationTokenSource.CreateLinkedTokenSource(lease.Lost, stopping);
            var result = await runner.RunAsync(task, progress, cancel.Token);
            end = () => queue.CompleteAsync(task, result, progress.Parts, CancellationToken.None);
        }
        catch (OperationCanceledException)
        {
            end = () => queue.ReleaseAsync(task, TimeSpan.Zero, counts: false, CancellationToken.None);
            if (!stopping.IsCancellationRequested) Log.Lost(logger, task.Asset.ToString(), task.Spec.Name);
            await runner.RemoveAsync(task);
        }
        catch (RejectedException rejected)
        {
            Log.Failed(logger, task.Asset.ToString(), task.Spec.Name, task.Attempt, rejected);
            end = () => queue.FailAsync(task, rejected, CancellationToken.None);
        }
        catch (Exception exception)
        {
            Log.Failed(logger, task.Asset.ToString(), task.Spec.Name, task.Attempt, exception);
            // The store, the database or the disk are no fault of the film.
            var counts = exception is not (ObjectStoreException or NpgsqlException or IOException);
            end = () => queue.ReleaseAsync(task, RetryDelay, counts, CancellationToken.None);
        }
        // Nobody wanted it any more while it ended: nothing of it stays.
        if (!await end()) await runner.RemoveAsync(task);
    }

    private static partial class Log
    {
        [LoggerMessage(3251, LogLevel.Information, "{Task} of {Asset} is not ours any more; its work is dropped")]
        public static partial void Lost(ILogger logger, string asset, string task);

        [LoggerMessage(3252, LogLevel.Warning, "Attempt {Attempt} at {Task} of {Asset} failed")]
        public static partial void Failed(ILogger logger, string asset, string task, int attempt, Exception exception);

        [LoggerMessage(3253, LogLevel.Warning, "The lease of {Task} of {Asset} could not be renewed; trying again until it runs out")]
        public static partial void CannotRenew(ILogger logger, string asset, string task, Exception exception);

        [LoggerMessage(3254, LogLevel.Error, "The encoder cannot reach its queue")]
        public static partial void LoopFailed(ILogger logger, Exception exception);
    }
}
