using Microsoft.Extensions.Hosting;
using Microsoft.Extensions.Logging;
using Movento.Contracts;

namespace Movento.Edge.Observation.Playbacks;

/// <summary>Ends playbacks that are over, and sends their reports by the hundred. Delivery never waits for it; what cannot be sent is dropped and counted.</summary>
internal sealed partial class PlaybackReporter(
    PlaybackTable table, EdgeMetrics metrics, TimeProvider time, IEnumerable<IPlaybackReports> reports, ILogger<PlaybackReporter> logger) : BackgroundService
{
    /// <summary>Reports of one message.</summary>
    private const int MaxReports = 100;

    private const int Attempts = 3;

    private static readonly TimeSpan Period = TimeSpan.FromSeconds(5);

    // Of one attempt; a message broker that is gone must not keep an edge from stopping.
    private static readonly TimeSpan Limit = TimeSpan.FromSeconds(5);

    private readonly IPlaybackReports? _reports = reports.FirstOrDefault();

    // The message during whose sending the process was asked to stop: nobody knows whether it has arrived.
    private PlaybacksObserved? _interrupted;

    protected override async Task ExecuteAsync(CancellationToken stoppingToken)
    {
        if (_reports is null) return;
        using var timer = new PeriodicTimer(Period, time);
        try
        {
            while (await timer.WaitForNextTickAsync(stoppingToken))
            {
                table.Sweep();
                await SendAsync(_reports, Attempts, stoppingToken);
            }
        }
        catch (OperationCanceledException) when (stoppingToken.IsCancellationRequested)
        {
            table.Stop();
            await SendAsync(_reports, Attempts, CancellationToken.None);
        }
    }

    /// <summary>Sends all that waits; after a message that could not be sent, the rest waits for the next time.</summary>
    private async Task SendAsync(IPlaybackReports receiver, int attempts, CancellationToken cancellationToken)
    {
        while (Next() is { } message)
        {
            if (await TrySendAsync(receiver, message, attempts, cancellationToken)) continue;
            metrics.ReportsLost(message.Playbacks.Count);
            return;
        }
    }

    private async Task<bool> TrySendAsync(IPlaybackReports receiver, PlaybacksObserved message, int attempts, CancellationToken cancellationToken)
    {
        for (var attempt = 1; ; attempt++)
        {
            using var limit = CancellationTokenSource.CreateLinkedTokenSource(cancellationToken);
            limit.CancelAfter(Limit);
            try
            {
                await receiver.SendAsync(message, limit.Token).WaitAsync(limit.Token);
                return true;
            }
            catch (OperationCanceledException) when (cancellationToken.IsCancellationRequested)
            {
                // It goes out again with the last ones: who has it already knows its id.
                _interrupted = message;
                throw;
            }
#pragma warning disable CA1031 // Whatever a message broker throws, the edge goes on.
            catch (Exception exception)
#pragma warning restore CA1031
            {
                if (attempt >= attempts)
                {
                    Log.Lost(logger, exception, message.Playbacks.Count);
                    return false;
                }
            }
        }
    }

    private PlaybacksObserved? Next()
    {
        if (_interrupted is { } interrupted)
        {
            _interrupted = null;
            return interrupted;
        }

        var taken = new List<PlaybackQuality>();
        while (taken.Count < MaxReports && table.Reports.TryRead(out var report)) taken.Add(report);
        var now = time.GetUtcNow();
        return taken.Count == 0 ? null : new PlaybacksObserved(Guid.CreateVersion7(now), now, taken, metrics.LostReports);
    }

    private static partial class Log
    {
        [LoggerMessage(3041, LogLevel.Warning, "Reports of {Count} playbacks could not be sent, and are lost")]
        public static partial void Lost(ILogger logger, Exception exception, int count);
    }
}
