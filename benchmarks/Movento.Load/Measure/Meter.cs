using System.Diagnostics;
using Movento.Load.Contest;

namespace Movento.Load.Measure;

/// <summary>Runs a contender once and measures it.</summary>
internal static class Meter
{
    private static readonly TimeSpan MemoryInterval = TimeSpan.FromMilliseconds(100);

    // To measure must not take from what is measured: to add up the pages of a whole tree of processes takes milliseconds for each, and ten times a second that was
    // a fifth of two processors, on our side alone.
    private const double LargestShare = 0.01;

    // A high-water mark only must be read before its process ends, some of which take 0.3 s.
    private static readonly TimeSpan HighWaterInterval = TimeSpan.FromMilliseconds(10);

    public static async Task<Run> RunAsync(Contender contender, CancellationToken cancellationToken)
    {
        await contender.Prepare(cancellationToken);

        // A contender's processes are either services, which go on, or children of ours, which have ended by the end of the run.
        var before = CpuSeconds(contender);
        var ownBefore = contender.OwnCpuSeconds?.Invoke();
        using var done = new CancellationTokenSource();
        var peak = WatchMemoryAsync(contender, done.Token);
        var watch = Stopwatch.StartNew();
        long bytes;
        TimeSpan wall;
        try
        {
            bytes = await contender.RunAsync(cancellationToken);
            wall = watch.Elapsed;
        }
        finally
        {
            await done.CancelAsync();
        }

        return new Run(wall.TotalSeconds, CpuSeconds(contender) - before, await peak, bytes) { OwnCpuSeconds = contender.OwnCpuSeconds?.Invoke() - ownBefore };
    }

    private static double CpuSeconds(Contender contender)
    {
        Orphans.Reap();
        return ProcessTree.EndedChildrenCpuSeconds() + (contender.Services.Count > 0 ? ProcessTree.CpuSeconds(contender.Services) : 0);
    }

    private static async Task<double?> WatchMemoryAsync(Contender contender, CancellationToken done)
    {
        long peak = 0;
        var pace = contender.IsOneProcess ? HighWaterInterval : MemoryInterval;
        try
        {
            while (true)
            {
                var start = Stopwatch.GetTimestamp();
                var now = contender.IsOneProcess ? PeerProcess.Running.Sum(ProcessTree.HighWaterBytes)
                    : ProcessTree.MemoryBytes(contender.Services.Count > 0 ? contender.Services : PeerProcess.Running);
                peak = Math.Max(peak, now);
                var rest = Stopwatch.GetElapsedTime(start) / LargestShare;
                await Task.Delay(rest > pace ? rest : pace, done);
            }
        }
        catch (OperationCanceledException)
        {
            // The run is over.
        }

        return peak > 0 ? peak : null;
    }
}
