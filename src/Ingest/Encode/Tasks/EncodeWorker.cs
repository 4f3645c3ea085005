using Microsoft.Extensions.Hosting;
using Microsoft.Extensions.Logging;
using Movento.Storage;
using Npgsql;

namespace Movento.Ingest.Encode.Tasks;

/// <summary>Claims tasks of whatever films there are and runs them, so many at a time; decides what a failure means for the task.</summary>
internal sealed partial class EncodeWorker(
    EncodeTaskQueue queue, EncodeTaskRunner runner, FilmFolders folders, EncodeTaskSignal signal, IngestOptions options, TimeProvider time,
    ILogger<EncodeWorker> logger) : BackgroundService
{
    // A person who watches a bar wants a second; a worker that lost its lease stops after as long.
    private static readonly TimeSpan Pace = TimeSpan.FromSeconds(1);
    private static readonly TimeSpan RetryDelay = TimeSpan.FromSeconds(2);

    // The next chunk of the same film comes at once, or not at all.
    private static readonly TimeSpan KeepUnused = TimeSpan.FromSeconds(5);

    protected override Task ExecuteAsync(CancellationToken stoppingToken)
    {
        var encoders = options.Concurrency > 0 ? options.Concurrency : Environment.ProcessorCount;
        return Task.WhenAll(Enumerable.Range(0, encoders).Select(_ => Task.Run(() => LoopAsync(stoppingToken), CancellationToken.None)));
    }

    private async Task LoopAsync(CancellationToken stopping)
    {
        while (!stopping.IsCancellationRequested)
        {
            try
            {
                if (await queue.ClaimAsync(stopping) is { } task)
                {
                    // Where one was, there may be more: wakes the next of us.
                    signal.Set();
                    await WorkAsync(task, stopping);
                }
                else
                {
                    folders.Evict(KeepUnused);
                    await signal.WaitAsync(options.PollInterval, time, stopping);
                }
            }
            catch (OperationCanceledException) when (stopping.IsCancellationRequested)
            {
                return;
            }
            catch (Exception exception)
            {
                // The database is out of reach: the lease runs out by itself, and the task is claimed again.
                Log.LoopFailed(logger, exception);
                await signal.WaitAsync(options.PollInterval, time, CancellationToken.None);
            }
        }
    }

    private async Task WorkAsync(EncodeTask task, CancellationToken stopping)
    {
        var progress = new EncodeTaskProgress();
        using var lost = CancellationTokenSource.CreateLinkedTokenSource(stopping);
        using var ended = new CancellationTokenSource();
        var renewing = RenewAsync(task, progress, lost, ended.Token);
        Func<Task<bool>> end;
        try
        {
            var result = await runner.RunAsync(task, progress, lost.Token);
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
        finally
        {
            await ended.CancelAsync();
            await renewing;
        }
        // Nobody wanted it any more while it ended: nothing of it stays.
        if (!await end()) await runner.RemoveAsync(task);
    }

    private async Task RenewAsync(EncodeTask task, EncodeTaskProgress progress, CancellationTokenSource lost, CancellationToken ended)
    {
        var part = new SemaphoreSlim(0);
        progress.OnPart = () => part.Release();
        var renewed = time.GetTimestamp();
        try
        {
            while (!ended.IsCancellationRequested)
            {
                // A new part is told at once: somebody may be waiting to watch.
                await part.WaitAsync(Pace < options.TaskLease / 4 ? Pace : options.TaskLease / 4, ended);
                try
                {
                    if (!await queue.RenewAsync(task, progress.Fraction, progress.Parts, ended))
                    {
                        await lost.CancelAsync();
                        return;
                    }
                    renewed = time.GetTimestamp();
                }
                catch (NpgsqlException exception)
                {
                    Log.CannotRenew(logger, task.Asset.ToString(), task.Spec.Name, exception);
                    if (time.GetElapsedTime(renewed) < options.TaskLease) continue;
                    await lost.CancelAsync();
                    return;
                }
            }
        }
        catch (OperationCanceledException) when (ended.IsCancellationRequested)
        {
        }
        finally
        {
            progress.OnPart = null;
        }
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
