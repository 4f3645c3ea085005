using Microsoft.Extensions.Logging;
using Movento.Edge.Delivery;
using Movento.Edge.Operation;
using Movento.Edge.Origin;
using Movento.Packager.Presentations;

namespace Movento.Edge.Cache.HotBlocks;

/// <summary>
/// Reads back what a hot list names: presentations, of which the manifests are rendered, and blocks. Bounded by bytes, time and a share of the origin's
/// turns; only while the origin has little to do, and only into memory that nobody uses: no viewer waits longer for it, and nothing that one brought leaves.
/// </summary>
internal sealed partial class CacheWarmer(
    EdgeOptions options, Representations representations, BlockCache blocks, OriginReader origin, DrainState drain, EdgeMetrics metrics, TimeProvider time,
    ILogger<CacheWarmer> logger)
{
    private const int BlocksARead = BlockCache.ReadSize / BlockCache.BlockSize;

    // While viewers keep the origin busy, it is looked at so often.
    private static readonly TimeSpan Pause = TimeSpan.FromMilliseconds(50);

    /// <summary>Reads back what it can, the hottest first; ends early when the edge drains, or <paramref name="cancellationToken"/> says so.</summary>
    public async Task<WarmUpEnd> WarmAsync(HotList list, CancellationToken cancellationToken)
    {
        var start = time.GetTimestamp();
        using var limit = new CancellationTokenSource(options.WarmUp.MaxDuration, time);
        using var stop = CancellationTokenSource.CreateLinkedTokenSource(limit.Token, cancellationToken);
        var work = new Work(options.WarmUp.MostBytesOf(options.CacheBytes), stop);
        try
        {
            var workers = new ParallelOptions
            {
                MaxDegreeOfParallelism = Math.Max(1, (int)(options.OriginConcurrency * options.WarmUp.OriginShare)), CancellationToken = stop.Token,
            };
            await Parallel.ForEachAsync(Pieces(list), workers, (piece, token) => RestoreAsync(piece, work, token));
        }
        catch (OperationCanceledException) when (stop.IsCancellationRequested)
        {
            work.End(limit.IsCancellationRequested ? WarmUpEnd.Time : WarmUpEnd.Stopped);
        }

        Log.Warmed(logger, work.Blocks, list.BlockCount, work.Bytes, time.GetElapsedTime(start).TotalSeconds, work.Ended);
        return work.Ended;
    }

    /// <summary>The list cut into pieces of one read; before the blocks of a version its manifests.</summary>
    private static IEnumerable<Piece> Pieces(HotList list)
    {
        foreach (var version in list.Versions)
        {
            foreach (var addressing in version.Addressings) yield return new Piece(new VersionKey(version.Asset, version.Version, addressing), null, default);
            var key = new VersionKey(version.Asset, version.Version, version.Addressings[0]);
            foreach (var file in version.Files)
            {
                foreach (var run in file.Runs)
                {
                    for (var done = 0; done < run.Count; done += BlocksARead)
                        yield return new Piece(key, file.Name, new HotRun(run.First + done, Math.Min(BlocksARead, run.Count - done)));
                }
            }
        }
    }

    private async ValueTask RestoreAsync(Piece piece, Work work, CancellationToken cancellationToken)
    {
        // 1. Viewers first.
        while (!drain.IsDraining && !origin.IsIdle) await Task.Delay(Pause, time, cancellationToken);
        if (drain.IsDraining)
        {
            work.End(WarmUpEnd.Stopped);
            return;
        }

        // 2. What there is today: a list only says what there was.
        var (version, _) = await representations.LoadVersionAsync(piece.Version, cancellationToken);
        if (piece.File is not { } name) return;
        var offset = (long)piece.Run.First * BlockCache.BlockSize;
        if (version?.FileOf(name) is not { } file || file.Length <= offset)
        {
            metrics.WarmUpSkipped(piece.Run.Count);
            return;
        }

        // 3. As far as there is room for it.
        var size = Math.Min((long)piece.Run.Count * BlockCache.BlockSize, file.Length - offset);
        if (!work.TryTake(size)) return;
        var (read, bytes, hasRoom) = await blocks.RestoreAsync(file, new ByteRange(offset, size));
        work.Read(read, bytes);
        metrics.WarmUpRead(read);
        if (hasRoom) metrics.WarmUpSkipped(piece.Run.Count - read);
        else work.End(WarmUpEnd.Memory);
    }

    private readonly record struct Piece(VersionKey Version, string? File, HotRun Run);

    /// <summary>How far it is; of several threads.</summary>
    private sealed class Work(long bytes, CancellationTokenSource stop)
    {
        private readonly Lock _lock = new();
        private long _left = bytes;

        public long Blocks { get; private set; }

        public long Bytes { get; private set; }

        public WarmUpEnd Ended { get; private set; }

        /// <summary>Takes so many of the bytes that may be read; what does not fit any more ends it all.</summary>
        public bool TryTake(long size)
        {
            lock (_lock)
            {
                if (size <= _left)
                {
                    _left -= size;
                    return true;
                }
            }

            End(WarmUpEnd.Bytes);
            return false;
        }

        public void Read(int blocks, long bytes)
        {
            lock (_lock) (Blocks, Bytes) = (Blocks + blocks, Bytes + bytes);
        }

        /// <summary>The first reason counts.</summary>
        public void End(WarmUpEnd why)
        {
            lock (_lock)
            {
                if (Ended == WarmUpEnd.Everything) Ended = why;
            }

            stop.Cancel();
        }
    }

    private static partial class Log
    {
        [LoggerMessage(3051, LogLevel.Information, "Warmed up with {Blocks} of the {Listed} blocks on the hot list, {Bytes} bytes in {Seconds:0.0} s; ended by {End}")]
        public static partial void Warmed(ILogger logger, long blocks, long listed, long bytes, double seconds, WarmUpEnd end);
    }
}
