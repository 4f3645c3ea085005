using System.Collections.Concurrent;
using Movento.Storage;

namespace Movento.Edge.Tests.Host;

/// <summary>A real store that counts what is asked of it, and that a test may make wait or fail.</summary>
internal sealed class ObservedStore(IObjectStore inner) : IObjectStore
{
    /// <summary>Every read as it came: key and offset.</summary>
    public ConcurrentQueue<(string Key, long Offset)> Reads { get; } = new();

    /// <summary>Runs before each read and each look; what it throws, the store throws.</summary>
    public Func<string, long, CancellationToken, Task>? Before { get; set; }

    /// <summary>Changes how many bytes a read found.</summary>
    public Func<string, int, int>? Shorten { get; set; }

    /// <summary>Changes how the bytes of a range come, whose key and offset it is given.</summary>
    public Func<string, long, Stream, Stream>? Steps { get; set; }

    public int ReadsOf(string key) => Reads.Count(read => read.Key == key);

    public async ValueTask<int> ReadAsync(string key, long offset, Memory<byte> destination, CancellationToken cancellationToken)
    {
        Reads.Enqueue((key, offset));
        if (Before is { } before) await before(key, offset, cancellationToken);
        var read = await inner.ReadAsync(key, offset, destination, cancellationToken);
        return Shorten is { } shorten ? shorten(key, read) : read;
    }

    public async Task<Stream?> OpenRangeAsync(string key, long offset, long length, CancellationToken cancellationToken)
    {
        Reads.Enqueue((key, offset));
        if (Before is { } before) await before(key, offset, cancellationToken);
        if (Shorten is { } shorten) length = shorten(key, (int)length);
        var range = await inner.OpenRangeAsync(key, offset, length, cancellationToken);
        return range is not null && Steps is { } steps ? steps(key, offset, range) : range;
    }

    public async Task<ObjectInfo?> HeadAsync(string key, CancellationToken cancellationToken)
    {
        if (Before is { } before) await before(key, 0, cancellationToken);
        return await inner.HeadAsync(key, cancellationToken);
    }

    public Task<ObjectInfo> PutAsync(string key, Stream content, string contentType, CancellationToken cancellationToken) =>
        inner.PutAsync(key, content, contentType, cancellationToken);

    public Task<ObjectInfo> PutFileAsync(string key, string path, string contentType, CancellationToken cancellationToken) =>
        inner.PutFileAsync(key, path, contentType, cancellationToken);

    public Task<Stream?> OpenAsync(string key, CancellationToken cancellationToken) => inner.OpenAsync(key, cancellationToken);

    public Task<bool> CopyToFileAsync(string key, string path, CancellationToken cancellationToken) =>
        inner.CopyToFileAsync(key, path, cancellationToken);

    public Task<ObjectInfo?> CopyAsync(string from, string to, CancellationToken cancellationToken) => inner.CopyAsync(from, to, cancellationToken);

    public Task DeleteAsync(string key, CancellationToken cancellationToken) => inner.DeleteAsync(key, cancellationToken);

    public IAsyncEnumerable<ObjectInfo> ListAsync(string prefix, CancellationToken cancellationToken) =>
        inner.ListAsync(prefix, cancellationToken);
}
