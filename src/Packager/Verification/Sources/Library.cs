using System.Collections.Concurrent;

namespace Movento.Packager.Verification;

/// <summary>The files of a source, read in windows: a header here and a header there cost one read where they lie close together.</summary>
internal sealed class Library(IPresentationSource source)
{
    // A fragment's header and the start of its first sample; over HTTP one request's worth.
    private const int WindowSize = 32 << 10;

    private readonly ConcurrentDictionary<string, long> _lengths = new(StringComparer.Ordinal);
    private long _bytesRead;

    public Uri Root => source.Root;

    private int Parallelism => source.Parallelism;

    public long BytesRead => Interlocked.Read(ref _bytesRead);

    public ValueTask<IReadOnlyList<string>> FindManifestsAsync(CancellationToken cancellationToken) => source.FindManifestsAsync(cancellationToken);

    /// <summary>Does something with each of some files, several at a time where the source allows it; else in turn, without leaving the caller's thread.</summary>
    public async Task ForEachAsync(int count, Func<int, CancellationToken, ValueTask> act, CancellationToken cancellationToken)
    {
        if (Parallelism > 1)
        {
            var options = new ParallelOptions { MaxDegreeOfParallelism = Parallelism, CancellationToken = cancellationToken };
            await Parallel.ForAsync(0, count, options, act).ConfigureAwait(false);
            return;
        }

        for (var index = 0; index < count; index++)
            await act(index, cancellationToken).ConfigureAwait(false);
    }

    /// <summary>A cursor over one file, for one task.</summary>
    public Cursor Open(string address) => new(this, address);

    /// <summary>A whole small file, or null where it is larger than <paramref name="limit"/>.</summary>
    public async ValueTask<byte[]?> ReadAllAsync(string address, int limit, CancellationToken cancellationToken)
    {
        var cursor = Open(address);
        var length = await cursor.LengthAsync(cancellationToken).ConfigureAwait(false);
        if (length <= limit)
            return await cursor.ReadAsync(0, (int)length, cancellationToken).ConfigureAwait(false);
        if (length != long.MaxValue)
            return null;

        // A server that tells no length: as far as the limit goes.
        var buffer = new byte[limit + 1];
        var (read, _) = await source.ReadAsync(address, 0, buffer, cancellationToken).ConfigureAwait(false);
        Interlocked.Add(ref _bytesRead, read);
        return read <= limit ? buffer[..read] : null;
    }

    private async ValueTask<int> ReadAsync(string address, long offset, Memory<byte> buffer, CancellationToken cancellationToken)
    {
        var (read, length) = await source.ReadAsync(address, offset, buffer, cancellationToken).ConfigureAwait(false);
        _lengths[address] = length;
        Interlocked.Add(ref _bytesRead, read);
        return read;
    }

    /// <summary>Reads one file, mostly forwards.</summary>
    internal sealed class Cursor(Library library, string address)
    {
        private byte[] _window = [];
        private long _start;
        private int _count;

        public string Address => address;

        public async ValueTask<long> LengthAsync(CancellationToken cancellationToken)
        {
            if (!library._lengths.TryGetValue(address, out var length))
            {
                await FillAsync(0, cancellationToken).ConfigureAwait(false);
                length = library._lengths[address];
            }

            return length;
        }

        /// <summary>Some bytes; fewer where the file ends.</summary>
        public async ValueTask<byte[]> ReadAsync(long offset, int count, CancellationToken cancellationToken)
        {
            // Where hostile offsets point, there is nothing.
            if (offset is < 0 or > long.MaxValue / 2 || count <= 0)
                return [];
            if (count > WindowSize)
            {
                var large = new byte[count];
                var read = await library.ReadAsync(address, offset, large, cancellationToken).ConfigureAwait(false);
                return read == count ? large : large[..read];
            }

            if (offset < _start || offset + count > _start + _count)
                await FillAsync(offset, cancellationToken).ConfigureAwait(false);
            var at = (int)(offset - _start);
            return _window.AsSpan(at, Math.Min(count, _count - at)).ToArray();
        }

        private async ValueTask FillAsync(long offset, CancellationToken cancellationToken)
        {
            if (_window.Length == 0)
                _window = new byte[WindowSize];
            (_start, _count) = (offset, 0);
            _count = await library.ReadAsync(address, offset, _window, cancellationToken).ConfigureAwait(false);
        }
    }
}
