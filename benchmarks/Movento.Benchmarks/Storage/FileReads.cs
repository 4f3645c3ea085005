using BenchmarkDotNet.Attributes;
using Movento.Storage;
using Movento.Storage.Files;

namespace Movento.Benchmarks.Storage;

/// <summary>Ranges of one object of 16 MiB, read from the page cache: what the edge pays for a segment on a miss.</summary>
public class FileReads
{
    private const string Key = "assets/0/v1/v720.mp4";
    private const int ObjectLength = 16 << 20;

    private string _folder = "";
    private FileObjectStore _store = null!;
    private byte[] _destination = [];
    private long _offset;

    [Params(64 << 10, 1 << 20)]
    public int Length { get; set; }

    [GlobalSetup]
    public async Task PutAsync()
    {
        _folder = Directory.CreateTempSubdirectory("movento-bench-").FullName;
        _store = new FileObjectStore(new FileStorageOptions { Folder = _folder }, TimeProvider.System);
        _destination = new byte[Length];
        await _store.PutAsync(Key, new MemoryStream(new byte[ObjectLength]), "video/mp4", CancellationToken.None);
    }

    [Benchmark]
    public ValueTask<int> Range()
    {
        _offset = (_offset + Length) % ObjectLength;
        return _store.ReadAsync(Key, _offset, _destination, CancellationToken.None);
    }

    [Benchmark]
    public Task<ObjectInfo?> Head() => _store.HeadAsync(Key, CancellationToken.None);

    [GlobalCleanup]
    public void Remove()
    {
        _store.Dispose();
        Directory.Delete(_folder, recursive: true);
    }
}
