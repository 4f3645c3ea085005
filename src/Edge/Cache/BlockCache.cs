using System.Collections.Concurrent;
using Microsoft.Extensions.Logging;
using Movento.Edge.Delivery;
using Movento.Edge.Observation;
using Movento.Edge.Origin;
using Movento.Edge.Redis;
using Movento.Packager.Presentations;

namespace Movento.Edge.Cache;

/// <summary>
/// Media in memory: blocks of <see cref="BlockSize"/> aligned in their files, within a number of bytes. What is missing of a range is read in one go, once
/// however many ask, and can be read while it comes. A hit takes no lock and allocates nothing.
/// </summary>
internal sealed partial class BlockCache(
    EdgeOptions options, SharedCache shared, OriginReader origin, EdgeMetrics metrics, TimeProvider time, ILogger<BlockCache> logger)
{
    /// <summary>Bytes of a block.</summary>
    public const int BlockSize = 256 << 10;

    /// <summary>The longest range that is read as one, because it is asked for as one, segments are: ten seconds at 6.4 Mbit/s.</summary>
    private const int MaxReadSize = 8 << 20;

    /// <summary>Of longer ranges, so much at a time: a client that wants a whole film may leave soon.</summary>
    public const int ReadSize = 1 << 20;

    // Readers hold a block for a moment; a busy machine makes some of it.
    private static readonly TimeSpan BufferWait = TimeSpan.FromMilliseconds(2);

    private readonly ConcurrentDictionary<BlockKey, Block> _blocks = new();

    // An eighth of what the origin may do at a time.
    private readonly int _maxPrefetches = Math.Max(1, options.OriginConcurrency / 8);
    private readonly Lock _lock = new();
    private readonly S3FifoQueue<Block> _queue = new((int)Math.Min(options.CacheBytes / BlockSize, int.MaxValue));
    private readonly MemorySlabs _slabs = new(options.CacheBytes, BlockSize);
    private int _prefetches;

    /// <summary>Bytes that the cache has taken from the system; never more than <see cref="EdgeOptions.CacheBytes"/>.</summary>
    public long Bytes
    {
        get
        {
            lock (_lock) return _slabs.Bytes;
        }
    }

    /// <summary>
    /// The bytes of <paramref name="file"/> where <paramref name="wanted"/> begins, if they are in memory; the response will want all of it.
    /// <paramref name="counts"/> is true where it comes to them for the first time: a viewer who passes a block's first byte counts once, however the
    /// ranges lie.
    /// </summary>
    public bool TryAcquire(MediaFile file, ByteRange wanted, bool counts, out BlockLease lease)
    {
        lease = default;
        var (index, within) = Place(wanted.Offset);
        if (!_blocks.TryGetValue(new BlockKey(file.Id, index), out var block) || block.Filled <= within || !block.TryAcquire()) return false;
        if (counts && within == 0)
        {
            Count(block);
            metrics.Hit();
        }

        lease = new BlockLease(this, block, within);
        if (within == 0 && wanted.Size > MaxReadSize) ReadAhead(file, Behind(wanted));
        return true;
    }

    /// <summary>As <see cref="TryAcquire"/>, from the origin if need be. Cancelling ends the wait, not the load: others may wait for it.</summary>
    public async ValueTask<BlockLease> AcquireAsync(MediaFile file, ByteRange wanted, bool counts, CancellationToken cancellationToken)
    {
        var (_, within) = Place(wanted.Offset);
        var block = GetOrLoad(file, wanted, counts);
        EdgeOutcome? failure;
        try
        {
            failure = await block.WaitForAsync(within, cancellationToken);
        }
        catch (OperationCanceledException)
        {
            Release(block);
            throw;
        }

        if (failure is null)
        {
            if (wanted.Size > MaxReadSize) ReadAhead(file, Behind(wanted));
            return new BlockLease(this, block, within);
        }

        Release(block);
        return new BlockLease(failure.Value);
    }

    /// <summary>Where the bytes at <paramref name="position"/>, which somebody has just waited for, came from.</summary>
    public CacheTier SourceOf(MediaFile file, long position) => _blocks.TryGetValue(KeyOf(file, position), out var block) ? block.Source : CacheTier.Origin;

    /// <summary>Starts to load what will be asked for soon, unless its beginning is here or under way, or the origin is busy.</summary>
    public void ReadAhead(MediaFile file, ByteRange range)
    {
        if (_blocks.ContainsKey(KeyOf(file, range.Offset)) || !origin.IsIdle) return;
        var blocks = Add(file, range, references: 1, BlockReason.Ahead);
        if (blocks.Length > 0) StartLoad(file, blocks);
    }

    /// <summary>
    /// Starts to load a segment that will probably be asked for, as far as it is not here: only while the origin has little to do, and a few at a time.
    /// </summary>
    public void Prefetch(MediaFile file, ByteRange segment)
    {
        // Mostly it is here, and then its last block is.
        var end = segment.Offset + segment.Size;
        if (segment.Size is <= 0 or > MaxReadSize || _blocks.ContainsKey(KeyOf(file, end - 1)) || !origin.IsIdle) return;
        var start = segment.Offset;
        while (_blocks.ContainsKey(KeyOf(file, start)))
        {
            start = (start / BlockSize + 1) * BlockSize;
            if (start >= end) return;
        }

        StartPrefetch(file, new ByteRange(start, end - start));
    }

    // Apart: what a lambda captures is allocated where its method begins, and the check before is on every hit.
    private void StartPrefetch(MediaFile file, ByteRange range)
    {
        if (Interlocked.Increment(ref _prefetches) > _maxPrefetches)
        {
            Interlocked.Decrement(ref _prefetches);
            return;
        }

        var blocks = Add(file, range, references: 1, BlockReason.Prefetched);
        metrics.Prefetched(blocks.Length);
        _ = Task.Run(async () =>
        {
            if (blocks.Length > 0) await LoadAsync(file, blocks);
            Interlocked.Decrement(ref _prefetches);
        });
    }

    /// <summary>
    /// Reads what was worth keeping when the process ran before, as far as it is not here: at most <see cref="ReadSize"/> at a time, and only into memory
    /// that nobody uses yet. What was read, and false where that memory is at an end.
    /// </summary>
    public async Task<(int Blocks, long Bytes, bool HasRoom)> RestoreAsync(MediaFile file, ByteRange range)
    {
        var (restored, bytes) = (0, 0L);
        var end = Math.Min(range.Offset + Math.Min(range.Size, ReadSize), file.Length);
        for (var start = range.Offset; start < end; start = (start / BlockSize + 1) * BlockSize)
        {
            if (_blocks.ContainsKey(KeyOf(file, start))) continue;

            // Who comes meanwhile may take it first; then a few blocks push out others after all.
            lock (_lock)
            {
                if (!_slabs.HasRoomFor(Place(end - 1).Index - Place(start).Index + 1)) return (restored, bytes, false);
            }

            var blocks = Add(file, new ByteRange(start, end - start), references: 1, BlockReason.Remembered);
            if (blocks.Length == 0) continue;
            await LoadAsync(file, blocks);
            var whole = blocks.Where(block => block.IsWhole).ToArray();
            restored += whole.Length;
            bytes += whole.Sum(block => (long)block.Length);
            start = (long)blocks[^1].Key.Index * BlockSize;
        }

        return (restored, bytes, true);
    }

    /// <summary>The blocks that are worth keeping, so many at most, those used more before the others. Takes no lock.</summary>
    public IReadOnlyList<Block> Hottest(int count)
    {
        var byUses = new List<Block>[S3FifoEntry<Block>.MaxUses + 1];
        for (var uses = 0; uses < byUses.Length; uses++) byUses[uses] = [];
        foreach (var (_, block) in _blocks)
        {
            if (block.IsWhole && block.IsHot && byUses[block.Uses] is var list && list.Count < count) list.Add(block);
        }

        return [.. byUses.Reverse().SelectMany(list => list).Take(count)];
    }

    internal void Release(Block block)
    {
        // Only a block whose load failed loses its last reference here: the others leave through eviction.
        if (!block.Release() || block.Buffer.IsEmpty) return;
        lock (_lock) _slabs.Return(block.Buffer);
    }

    private static (int Index, int Within) Place(long position) => ((int)(position / BlockSize), (int)(position % BlockSize));

    // Where the next read of a long range begins: at the next multiple of its size.
    private static ByteRange Behind(ByteRange wanted)
    {
        var next = (wanted.Offset / ReadSize + 1) * ReadSize;
        return new ByteRange(next, wanted.Offset + wanted.Size - next);
    }

    private static BlockKey KeyOf(MediaFile file, long position) => new(file.Id, Place(position).Index);

    /// <summary>The block with the range's first byte and a reference for the caller; its load is under way or over.</summary>
    private Block GetOrLoad(MediaFile file, ByteRange wanted, bool counts)
    {
        var (index, within) = Place(wanted.Offset);
        var key = new BlockKey(file.Id, index);
        while (true)
        {
            if (!_blocks.TryGetValue(key, out var block))
            {
                // Of the first block, one reference for the cache and one for the caller.
                var blocks = Add(file, wanted, references: 2, counts ? BlockReason.Asked : BlockReason.Again);
                if (blocks.Length == 0) continue;
                metrics.Miss();
                StartLoad(file, blocks);
                return blocks[0];
            }

            if (block.TryAcquire())
            {
                if (counts && within == 0)
                {
                    Count(block);
                    metrics.Joined();
                }

                return block;
            }

            // Just evicted, or failed: about to leave the dictionary.
            _blocks.TryRemove(new KeyValuePair<BlockKey, Block>(key, block));
        }
    }

    /// <summary>New blocks for a range, up to the first that is there already; none where somebody else was faster.</summary>
    private Block[] Add(MediaFile file, ByteRange range, int references, BlockReason reason)
    {
        var end = Math.Min(file.Length, range.Size <= MaxReadSize ? range.Offset + range.Size : Behind(range).Offset);
        var first = Place(range.Offset).Index;
        var blocks = new Block[Place(end - 1).Index - first + 1];
        for (var number = 0; number < blocks.Length; number++)
        {
            var index = first + number;
            var length = (int)Math.Min(BlockSize, file.Length - (long)index * BlockSize);
            // What lies behind the first is read for this very response, which will count when it comes there.
            var because = number > 0 && reason is BlockReason.Asked or BlockReason.Again ? BlockReason.Ahead : reason;
            var block = new Block(new BlockKey(file.Id, index), file.StorageKey, length, because, number == 0 ? references : 1);
            if (!_blocks.TryAdd(block.Key, block)) return blocks[..number];
            blocks[number] = block;
        }

        return blocks;
    }

    private void Count(Block block)
    {
        if (!block.Count()) return;
        if (block.Reason == BlockReason.Prefetched) metrics.PrefetchUsed();
        if (block.Reason == BlockReason.Remembered) metrics.WarmUpUsed();
    }

    // On the thread pool: the caller may be a transport's thread, which must not be held up by a file system.
    private void StartLoad(MediaFile file, Block[] blocks) => _ = Task.Run(() => LoadAsync(file, blocks));

    private async Task LoadAsync(MediaFile file, Block[] blocks)
    {
        EdgeOutcome? failure;
        try
        {
            failure = await FillAsync(file, blocks);
        }
#pragma warning disable CA1031 // What nobody thought of must fail its viewers, not hang them.
        catch (Exception exception)
#pragma warning restore CA1031
        {
            Log.NotLoaded(logger, exception, file.StorageKey);
            failure = EdgeOutcome.OriginUnavailable;
        }

        if (failure is null) return;
        foreach (var block in blocks)
        {
            if (block.IsWhole) continue;
            _blocks.TryRemove(new KeyValuePair<BlockKey, Block>(block.Key, block));
            block.Fail(failure.Value);
            Release(block);
        }
    }

    private async Task<EdgeOutcome?> FillAsync(MediaFile file, Block[] blocks)
    {
        var (done, failure) = await FillFromSharedAsync(file, blocks);
        if (failure is not null || done == blocks.Length) return failure;

        using var turn = await origin.EnterAsync();
        if (!turn.Entered) return EdgeOutcome.Overloaded;

        var last = blocks[^1];
        var offset = (long)blocks[done].Key.Index * BlockSize;
        await using var read = origin.Open(turn, file.StorageKey, offset, (long)last.Key.Index * BlockSize + last.Length - offset);
        foreach (var block in blocks.Skip(done))
        {
            if (!await TakeBufferAsync(block)) return EdgeOutcome.Overloaded;
            if (await FillAsync(block, read) is { } fault) return fault;
            if (Keep(block)) shared.Give(NameOf(file, block), this, block);
        }

        return null;
    }

    /// <summary>Takes from the shared tier what it has of the beginning; how many blocks.</summary>
    private async ValueTask<(int Done, EdgeOutcome? Failure)> FillFromSharedAsync(MediaFile file, Block[] blocks)
    {
        if (!shared.IsOn) return (0, null);
        for (var done = 0; done < blocks.Length; done++)
        {
            var block = blocks[done];
            if (await shared.TryReadAsync(NameOf(file, block)) is not { } bytes || bytes.Length != block.Length) return (done, null);
            if (!await TakeBufferAsync(block)) return (done, EdgeOutcome.Overloaded);
            bytes.CopyTo(block.Buffer);
            block.Source = CacheTier.Redis;
            Keep(block);
        }

        return (blocks.Length, null);
    }

    private static string NameOf(MediaFile file, Block block) => $"{file.StorageKey}#{block.Key.Index}";

    /// <summary>Lets a whole block be found and evicted; whether it is worth sharing, because every viewer begins with it, or it has been here before.</summary>
    private bool Keep(Block block)
    {
        bool cameBack;
        lock (_lock)
        {
            cameBack = block.Reason != BlockReason.Again && _queue.HasLeft(block.Name);
            _queue.Add(block, isProven: cameBack || block.Reason == BlockReason.Remembered);
        }

        block.Publish(block.Length);
        return cameBack || block.Key.Index == 0;
    }

    private static async ValueTask<EdgeOutcome?> FillAsync(Block block, OriginRead read)
    {
        for (var filled = 0; filled < block.Length;)
        {
            var pending = read.ReadAsync(block.Buffer[filled..block.Length]);
            // What has come is told once the origin lets us wait: not byte by byte while it comes in one go.
            if (!pending.IsCompleted && filled > block.Filled) block.Publish(filled);
            var (bytes, failure) = await pending;
            if (failure is not null) return failure;
            if (bytes == 0) return EdgeOutcome.OriginCorrupt;
            filled += bytes;
        }

        return null;
    }

    /// <summary>Gives a block that is loaded its memory; in a small cache all may be held for a moment. False after the origin's time-out.</summary>
    private async ValueTask<bool> TakeBufferAsync(Block block)
    {
        var start = time.GetTimestamp();
        while (true)
        {
            if (TryTakeBuffer(out var buffer))
            {
                block.Buffer = buffer;
                return true;
            }

            if (time.GetElapsedTime(start) >= options.OriginTimeout) return false;
            await Task.Delay(BufferWait, time);
        }
    }

    private bool TryTakeBuffer(out Memory<byte> buffer)
    {
        lock (_lock)
        {
            if (_slabs.TryTake(out buffer)) return true;
            var evicted = _queue.Evict(static block => block.TryRetire());
            if (evicted is null) return false;
            _blocks.TryRemove(new KeyValuePair<BlockKey, Block>(evicted.Key, evicted));
            metrics.Evicted();
            buffer = evicted.Buffer;
            return true;
        }
    }

    private static partial class Log
    {
        [LoggerMessage(3021, LogLevel.Error, "Loading {Key} failed")]
        public static partial void NotLoaded(ILogger logger, Exception exception, string key);
    }
}
