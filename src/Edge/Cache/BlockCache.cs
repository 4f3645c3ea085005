using System.Collections.Concurrent;
using Movento.Edge.Delivery;
using Movento.Edge.Origin;

namespace Movento.Edge.Cache;

/// <summary>
/// Media in memory: blocks of <see cref="BlockSize"/> aligned in their files, loaded once however many ask, within a fixed number of
/// buffers. A hit takes no lock and allocates nothing.
/// </summary>
internal sealed class BlockCache(EdgeOptions options, OriginReader origin, EdgeMetrics metrics, TimeProvider time)
{
    /// <summary>Bytes of a block: around half a segment of the upper rungs, and few requests to an object store per second of film.</summary>
    public const int BlockSize = 1 << 20;

    // Readers hold a block for the copy of one piece, far below a millisecond of work; a busy machine makes some of it.
    private static readonly TimeSpan BufferWait = TimeSpan.FromMilliseconds(2);

    private readonly ConcurrentDictionary<BlockKey, Block> _blocks = new();
    private readonly int _maxBuffers = (int)Math.Min(options.CacheBytes / BlockSize, int.MaxValue);
    private readonly Lock _lock = new();
    private readonly SieveQueue<Block> _queue = new();
    private readonly Stack<byte[]> _free = new();
    private int _buffers;

    /// <summary>Bytes that the cache has taken from the system; never more than <see cref="EdgeOptions.CacheBytes"/>.</summary>
    public long Bytes => (long)Volatile.Read(ref _buffers) * BlockSize;

    /// <summary>
    /// The block of <paramref name="file"/> with this index, if it is in memory. <paramref name="counts"/> is true where the response
    /// sends the block's first byte: so one viewer who passes counts once, however the ranges lie.
    /// </summary>
    public bool TryAcquire(MediaFile file, int index, bool counts, out BlockLease lease)
    {
        lease = default;
        if (!_blocks.TryGetValue(new BlockKey(file.Id, index), out var block) || !block.IsLoaded || !block.TryAcquire()) return false;
        if (counts)
        {
            block.Count();
            metrics.Hit();
        }

        lease = new BlockLease(this, block);
        return true;
    }

    /// <summary>As <see cref="TryAcquire"/>, from the origin if need be. Cancelling ends the wait, not the load: others may wait for it.</summary>
    public async ValueTask<BlockLease> AcquireAsync(MediaFile file, int index, bool counts, CancellationToken cancellationToken)
    {
        var block = GetOrLoad(file, index, counts);
        EdgeOutcome? failure;
        try
        {
            failure = await block.Loaded.WaitAsync(cancellationToken);
        }
        catch (OperationCanceledException)
        {
            Release(block);
            throw;
        }

        if (failure is null) return new BlockLease(this, block);
        Release(block);
        return new BlockLease(failure.Value);
    }

    /// <summary>A block with a reference for the caller; its load is under way or over.</summary>
    private Block GetOrLoad(MediaFile file, int index, bool counts)
    {
        var key = new BlockKey(file.Id, index);
        while (true)
        {
            if (!_blocks.TryGetValue(key, out var block))
            {
                // One reference for the cache, one for the caller.
                block = new Block(key, references: 2);
                if (!_blocks.TryAdd(key, block)) continue;
                metrics.Miss();
                StartLoad(file, block);
                return block;
            }

            if (block.TryAcquire())
            {
                if (counts)
                {
                    block.Count();
                    metrics.Joined();
                }

                return block;
            }

            // Just evicted, or failed: about to leave the dictionary.
            _blocks.TryRemove(new KeyValuePair<BlockKey, Block>(key, block));
        }
    }

    /// <summary>Starts to load a block that will be asked for soon, unless it is here or under way, or the origin is busy.</summary>
    public void Prefetch(MediaFile file, int index)
    {
        var key = new BlockKey(file.Id, index);
        if (_blocks.ContainsKey(key) || !origin.IsIdle) return;
        var block = new Block(key, references: 1) { IsAhead = true };
        if (_blocks.TryAdd(key, block)) StartLoad(file, block);
    }

    internal void Release(Block block)
    {
        // Only a block whose load failed loses its last reference here: the others leave through eviction.
        if (!block.Release() || block.Buffer is null) return;
        lock (_lock) _free.Push(block.Buffer);
    }

    // On the thread pool: the caller may be a transport's thread, which must not be held up by a file system.
    private void StartLoad(MediaFile file, Block block) => _ = Task.Run(() => LoadAsync(file, block));

    private async Task LoadAsync(MediaFile file, Block block)
    {
        var failure = await FillAsync(file, block);
        if (failure is null)
        {
            lock (_lock) _queue.Add(block);
            block.Complete(null);
            return;
        }

        _blocks.TryRemove(new KeyValuePair<BlockKey, Block>(block.Key, block));
        block.Complete(failure);
        Release(block);
    }

    private async Task<EdgeOutcome?> FillAsync(MediaFile file, Block block)
    {
        using var turn = await origin.EnterAsync();
        if (!turn.Entered) return EdgeOutcome.Overloaded;

        block.Buffer = await WaitForBufferAsync();
        if (block.Buffer is null) return EdgeOutcome.Overloaded;

        var offset = (long)block.Key.Index * BlockSize;
        block.Length = (int)Math.Min(BlockSize, file.Length - offset);
        var (read, failure) = await origin.ReadAsync(turn, file.StorageKey, offset, block.Buffer.AsMemory(0, block.Length));
        if (failure is not null) return failure;
        return read == block.Length ? null : EdgeOutcome.OriginCorrupt;
    }

    /// <summary>A buffer for a load; in a small cache every one may be held for a moment. Null after the origin's time-out.</summary>
    private async ValueTask<byte[]?> WaitForBufferAsync()
    {
        var start = time.GetTimestamp();
        while (true)
        {
            if (TakeBuffer() is { } buffer) return buffer;
            if (time.GetElapsedTime(start) >= options.OriginTimeout) return null;
            await Task.Delay(BufferWait, time);
        }
    }

    private byte[]? TakeBuffer()
    {
        lock (_lock)
        {
            if (_free.TryPop(out var buffer)) return buffer;
            if (_buffers < _maxBuffers)
            {
                _buffers++;
                // Pinned: the kernel reads into it and sends from it, and the collector need never copy it.
                return GC.AllocateUninitializedArray<byte>(BlockSize, pinned: true);
            }

            var evicted = _queue.Evict(static block => block.TryRetire());
            if (evicted is null) return null;
            _blocks.TryRemove(new KeyValuePair<BlockKey, Block>(evicted.Key, evicted));
            metrics.Evicted();
            return evicted.Buffer;
        }
    }
}
