using Microsoft.Extensions.Logging;
using Npgsql;

namespace Movento.Ingest.Jobs;

/// <summary>
/// Keeps a claimed job ours while it is worked on, and writes its progress, both at a steady pace. When the job is not ours any
/// more (it was deleted, or we were out of reach for too long), <see cref="Lost"/> is cancelled.
/// </summary>
internal sealed partial class JobLease : IAsyncDisposable
{
    // A person who watches a bar wants a second; more often would only write more.
    private static readonly TimeSpan Pace = TimeSpan.FromSeconds(1);

    private readonly CancellationTokenSource _lost = new();
    private readonly CancellationTokenSource _stop = new();
    private readonly Task _renewing;

    public JobLease(IngestJob job, JobProgress progress, JobQueue queue, IngestOptions options, TimeProvider time, ILogger logger)
    {
        _renewing = RenewAsync(job, progress, queue, options, time, logger);
    }

    /// <summary>Cancelled when the job is not ours any more.</summary>
    public CancellationToken Lost => _lost.Token;

    /// <summary>Stops renewing; the lease itself is given back by whoever ends the job.</summary>
    public async ValueTask DisposeAsync()
    {
        await _stop.CancelAsync();
        await _renewing;
        _stop.Dispose();
        _lost.Dispose();
    }

    private async Task RenewAsync(
        IngestJob job, JobProgress progress, JobQueue queue, IngestOptions options, TimeProvider time, ILogger logger)
    {
        using var timer = new PeriodicTimer(Pace < options.Lease / 3 ? Pace : options.Lease / 3, time);
        var renewed = time.GetTimestamp();
        try
        {
            while (await timer.WaitForNextTickAsync(_stop.Token))
            {
                try
                {
                    if (!await queue.RenewAsync(job, progress, _stop.Token))
                    {
                        await _lost.CancelAsync();
                        return;
                    }
                    renewed = time.GetTimestamp();
                }
                catch (NpgsqlException exception)
                {
                    Log.CannotRenew(logger, job.Asset.ToString(), exception);
                    if (time.GetElapsedTime(renewed) < options.Lease) continue;
                    await _lost.CancelAsync();
                    return;
                }
            }
        }
        catch (OperationCanceledException) when (_stop.IsCancellationRequested)
        {
        }
    }

    private static partial class Log
    {
        [LoggerMessage(3201, LogLevel.Warning, "The lease of {Asset} could not be renewed; trying again until it runs out")]
        public static partial void CannotRenew(ILogger logger, string asset, Exception exception);
    }
}
