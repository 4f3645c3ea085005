using System.Buffers.Binary;
using System.Numerics;
using System.Runtime.InteropServices;
using System.Threading.Channels;
using Movento.Edge.Cache;
using Movento.Edge.Origin;

namespace Movento.Edge.Redis;

/// <summary>
/// What edges have in common: a tier between memory and the object store. Asked before the store, because an answer of its own network costs a hundredth of one of
/// the store's; given only what several edges will want (see <see cref="BlockCache"/>). A Redis that is slow or dead is left alone after a few failures, and what is
/// to be written beyond a few dozen objects is dropped.
/// </summary>
internal sealed class SharedCache : IAsyncDisposable
{
    /// <summary>Bytes of an object at most: one block. Larger ones keep other commands of the connection waiting.</summary>
    public const int MaxObjectSize = BlockCache.BlockSize;

    // Of a value: the CRC-32C of what follows. Edges of several versions, a Redis that others write to, a value cut short: none may reach a player.
    private const int ChecksumSize = 4;

    // In the key: whoever changes what a value looks like counts it up.
    private const string Prefix = "movento:edge:1:";

    // 16 MiB that wait at most: a few seconds of an edge that warms up.
    private const int MaxWaiting = 64;

    // Answers at the same time: their bytes are in memory twice until they are copied.
    private const int MaxReads = 32;

    private const int FailuresToOpen = 3;
    private static readonly TimeSpan Pause = TimeSpan.FromSeconds(1);
    private static readonly TimeSpan LongestPause = TimeSpan.FromSeconds(30);

    private readonly RedisConnection _redis;
    private readonly EdgeRedisOptions _options;
    private readonly EdgeMetrics _metrics;
    private readonly TimeProvider _time;
    private readonly CircuitBreaker _circuit;
    private readonly SemaphoreSlim _reads = new(MaxReads);
    private readonly Channel<Offer> _waiting = Channel.CreateBounded<Offer>(new BoundedChannelOptions(MaxWaiting) { SingleReader = true });
    private readonly Task _writing;

    public SharedCache(RedisConnection redis, EdgeOptions options, EdgeMetrics metrics, TimeProvider time)
    {
        (_redis, _options, _metrics, _time) = (redis, options.Redis, metrics, time);
        IsOn = redis.IsConfigured && _options.CacheMedia;
        _circuit = new CircuitBreaker(time, FailuresToOpen, Pause, LongestPause);
        if (IsOn) metrics.ObserveRedisCircuit(() => _circuit.State);
        _writing = IsOn ? Task.Run(WriteAsync) : Task.CompletedTask;
    }

    public bool IsOn { get; }

    /// <summary>The object <paramref name="name"/>, if it is there and whole; null also where Redis does not answer in time.</summary>
    public async ValueTask<ReadOnlyMemory<byte>?> TryReadAsync(string name)
    {
        if (!IsOn || !_redis.TryGet(out var database) || !_reads.Wait(0, CancellationToken.None)) return null;
        try
        {
            if (!_circuit.TryEnter()) return null;
            var (answered, value) = await InTimeAsync(() => database.StringGetAsync(Prefix + name));
            if (!answered) return null;
            if (Checked(value) is not { } bytes)
            {
                _metrics.RedisMissed();
                return null;
            }

            _metrics.FromRedis(bytes.Length);
            return bytes;
        }
        finally
        {
            _reads.Release();
        }
    }

    /// <summary>Puts an object there some time soon, unless too many wait.</summary>
    public void Give(string name, ReadOnlyMemory<byte> bytes)
    {
        if (IsOn && bytes.Length <= MaxObjectSize) Queue(new Offer(name, bytes, null, null));
    }

    /// <summary>As <see cref="Give(string, ReadOnlyMemory{byte})"/>; a block that has left memory when its turn comes is not put.</summary>
    public void Give(string name, BlockCache cache, Block block)
    {
        if (IsOn) Queue(new Offer(name, default, cache, block));
    }

    public async ValueTask DisposeAsync()
    {
        _waiting.Writer.TryComplete();
        await _writing;
        _reads.Dispose();
    }

    private void Queue(in Offer offer)
    {
        if (!_waiting.Writer.TryWrite(offer)) _metrics.RedisWriteDropped();
    }

    private async Task WriteAsync()
    {
        await foreach (var offer in _waiting.Reader.ReadAllAsync())
        {
            if (ValueOf(offer) is not { } value) continue;
            if (!_redis.TryGet(out var database) || !_circuit.TryEnter())
            {
                _metrics.RedisWriteDropped();
                continue;
            }

            var (answered, _) = await InTimeAsync(() => database.StringSetAsync(Prefix + offer.Name, value, _options.Lifetime));
            if (answered) _metrics.RedisWritten();
        }
    }

    private static byte[]? ValueOf(in Offer offer)
    {
        if (offer.Block is null) return Value(offer.Bytes.Span);
        if (!offer.Block.TryAcquire()) return null;
        using var lease = new BlockLease(offer.Cache!, offer.Block, 0);
        return Value(lease.Bytes.Span);
    }

    // The library takes arrays alone.
    private static byte[] Value(ReadOnlySpan<byte> bytes)
    {
        var value = GC.AllocateUninitializedArray<byte>(ChecksumSize + bytes.Length);
        BinaryPrimitives.WriteUInt32LittleEndian(value, Checksum(bytes));
        bytes.CopyTo(value.AsSpan(ChecksumSize));
        return value;
    }

    private static ReadOnlyMemory<byte>? Checked(byte[]? value)
    {
        if (value is null || value.Length < ChecksumSize) return null;
        ReadOnlyMemory<byte> bytes = value.AsMemory(ChecksumSize);
        if (BinaryPrimitives.ReadUInt32LittleEndian(value) != Checksum(bytes.Span)) return null;
        return bytes;
    }

    private static uint Checksum(ReadOnlySpan<byte> bytes)
    {
        var checksum = uint.MaxValue;
        var words = MemoryMarshal.Cast<byte, ulong>(bytes);
        foreach (var word in words) checksum = BitOperations.Crc32C(checksum, word);
        foreach (var octet in bytes[(8 * words.Length)..]) checksum = BitOperations.Crc32C(checksum, octet);
        return ~checksum;
    }

    private async ValueTask<(bool Answered, T? Value)> InTimeAsync<T>(Func<Task<T>> command)
    {
        Task<T>? answer = null;
        try
        {
            answer = command();
            var value = await answer.WaitAsync(_options.Timeout, _time);
            _circuit.Succeeded();
            return (true, value);
        }
#pragma warning disable CA1031 // Whatever is wrong with Redis: the object store has it too.
        catch (Exception)
#pragma warning restore CA1031
        {
            _circuit.Failed();
            _metrics.RedisFailed();
            // What it comes to later is nobody's business.
            _ = answer?.ContinueWith(static late => late.Exception, CancellationToken.None, TaskContinuationOptions.OnlyOnFaulted, TaskScheduler.Default);
            return (false, default);
        }
    }

    private readonly record struct Offer(string Name, ReadOnlyMemory<byte> Bytes, BlockCache? Cache, Block? Block);
}
