using Microsoft.Extensions.Hosting;
using Microsoft.Extensions.Logging;
using Movento.Edge.Delivery;
using Movento.Edge.Operation;

namespace Movento.Edge.Cache.HotBlocks;

/// <summary>
/// The memory of an edge from one run to the next: warms the cache up when it starts, then writes down what is hot, now and then, when it drains, and when
/// it stops. A list that was not read back to its end, because the edge went again, stays as it is: else every short run would leave a shorter one.
/// </summary>
internal sealed partial class HotListKeeper(
    HotListFile file, CacheWarmer warmer, BlockCache blocks, Representations representations, DrainState drain, EdgeOptions options, TimeProvider time,
    ILogger<HotListKeeper> logger) : BackgroundService
{
    protected override async Task ExecuteAsync(CancellationToken stoppingToken)
    {
        if (await WarmAsync(stoppingToken) == WarmUpEnd.Stopped) return;

        // Once it is emptied, no more: what those bring who have not heard of it yet is no better than what there was.
        for (var isLast = false; !isLast;)
        {
            isLast = await WaitAsync(stoppingToken);
            await SaveAsync();
        }
    }

    private async Task<WarmUpEnd> WarmAsync(CancellationToken cancellationToken)
    {
        try
        {
            return await file.ReadAsync(cancellationToken) is { } list ? await warmer.WarmAsync(list, cancellationToken) : WarmUpEnd.Everything;
        }
        catch (OperationCanceledException) when (cancellationToken.IsCancellationRequested)
        {
            return WarmUpEnd.Stopped;
        }
        catch (Exception exception) when (exception is HotListFormatException or IOException or UnauthorizedAccessException)
        {
            Log.NotRead(logger, file.Path, exception.Message);
            return WarmUpEnd.Everything;
        }
    }

    /// <summary>Waits for the next time to write; true where it is the last.</summary>
    private async ValueTask<bool> WaitAsync(CancellationToken stoppingToken)
    {
        await Task.WhenAny(Task.Delay(options.WarmUp.SaveInterval, time, stoppingToken), drain.Begun);
        return drain.IsDraining || stoppingToken.IsCancellationRequested;
    }

    private async Task SaveAsync()
    {
        var most = (int)(options.WarmUp.MostBytesOf(options.CacheBytes) / BlockCache.BlockSize);
        var list = HotList.Of(blocks.Hottest(most), representations.AddressingsOf);
        // An edge that nobody has come to, or whose store was dead, knows no better than the run before it.
        if (list.BlockCount == 0) return;
        try
        {
            await file.WriteAsync(list);
            Log.Written(logger, list.BlockCount, file.Path);
        }
        catch (Exception exception) when (exception is IOException or UnauthorizedAccessException)
        {
            Log.NotWritten(logger, file.Path, exception.Message);
        }
    }

    private static partial class Log
    {
        [LoggerMessage(3061, LogLevel.Warning, "The hot list {Path} is not used, and the cache starts empty: {Reason}")]
        public static partial void NotRead(ILogger logger, string path, string reason);

        [LoggerMessage(3062, LogLevel.Debug, "{Blocks} blocks are on the hot list {Path}")]
        public static partial void Written(ILogger logger, long blocks, string path);

        [LoggerMessage(3063, LogLevel.Warning, "The hot list {Path} cannot be written; the next start is a cold one: {Reason}")]
        public static partial void NotWritten(ILogger logger, string path, string reason);
    }
}
