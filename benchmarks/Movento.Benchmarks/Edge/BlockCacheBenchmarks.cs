using System.Diagnostics.Metrics;
using BenchmarkDotNet.Attributes;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Logging.Abstractions;
using Movento.Contracts;
using Movento.Edge;
using Movento.Edge.Cache;
using Movento.Edge.Delivery;
using Movento.Edge.Origin;
using Movento.Edge.Redis;
using Movento.Packager.Presentations;
using Movento.Storage;
using Movento.Storage.Files;

namespace Movento.Benchmarks.Edge;

/// <summary>A segment of 2.5 MB in memory: its first block found, leased and given back, and all of its blocks.</summary>
[MemoryDiagnoser]
public class BlockCacheBenchmarks
{
    private const string Key = "assets/0/v1/v720.mp4";
    private const int Length = 8 << 20;
    private static readonly ByteRange Segment = new(1_000_000, 2_500_000);

    private string _folder = "";
    private FileObjectStore _store = null!;
    private ServiceProvider _services = null!;
    private OriginReader _origin = null!;
    private BlockCache _cache = null!;
    private MediaFile _file = null!;

    [GlobalSetup]
    public async Task LoadAsync()
    {
        _folder = Directory.CreateTempSubdirectory("movento-bench-").FullName;
        _store = new FileObjectStore(new FileStorageOptions { Folder = _folder }, TimeProvider.System);
        await _store.PutAsync(Key, new MemoryStream(new byte[Length]), "video/mp4", CancellationToken.None);

        var options = new EdgeOptions();
        _services = new ServiceCollection().AddMetrics().BuildServiceProvider();
        var metrics = new EdgeMetrics(_services.GetRequiredService<IMeterFactory>());
        var redis = new RedisConnection(options, NullLogger<RedisConnection>.Instance);
        _origin = new OriginReader(_store, options, metrics, TimeProvider.System, NullLogger<OriginReader>.Instance);
        var shared = new SharedCache(redis, options, metrics, TimeProvider.System);
        _cache = new BlockCache(options, shared, _origin, metrics, TimeProvider.System, NullLogger<BlockCache>.Instance);
        _file = MediaFile.Of(Key, AssetId.Parse("0192f0c1a2b37c4d8e5f60718293a4b5"), 1, "v720", "video/mp4", Length);
        for (var position = Segment.Offset; position < Segment.Offset + Segment.Size;)
        {
            using var lease = await _cache.AcquireAsync(_file, new ByteRange(position, Segment.Offset + Segment.Size - position), counts: true, CancellationToken.None);
            position += lease.Bytes.Length;
        }
    }

    [Benchmark]
    public int Hit()
    {
        _cache.TryAcquire(_file, Segment, counts: true, out var lease);
        lease.Dispose();
        return lease.Bytes.Length;
    }

    [Benchmark]
    public int WholeSegment()
    {
        var blocks = 0;
        var end = Segment.Offset + Segment.Size;
        for (var position = Segment.Offset; position < end && _cache.TryAcquire(_file, new ByteRange(position, end - position), counts: true, out var lease); blocks++)
        {
            position += lease.Bytes.Length;
            lease.Dispose();
        }

        return blocks;
    }

    [GlobalCleanup]
    public void Remove()
    {
        _origin.Dispose();
        _services.Dispose();
        _store.Dispose();
        Directory.Delete(_folder, recursive: true);
    }
}
