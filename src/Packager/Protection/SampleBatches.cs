using System.Buffers;
using Movento.Packager.Tracks;

namespace Movento.Packager.Protection;

/// <summary>Reads samples into one pooled buffer, as many at once as lie side by side and fit.</summary>
internal sealed class SampleBatches(Stream source) : IDisposable
{
    /// <summary>A sample is encrypted whole in memory. The largest pictures (8K, intra only) have some 20 MiB.</summary>
    public const int MaxSampleSize = 64 << 20;

    private const int BufferSize = 1 << 20;
    private byte[] _buffer = ArrayPool<byte>.Shared.Rent(BufferSize);
    private int _first = -1;
    private int _count;
    private int _size;

    /// <summary>The samples of the last batch, one after another.</summary>
    public Memory<byte> Bytes => _buffer.AsMemory(0, _size);

    /// <summary>Reads the samples from <paramref name="first"/> on; nothing where the buffer still holds just them, untouched.</summary>
    /// <param name="samples">Of the track.</param>
    /// <param name="first">The first wanted.</param>
    /// <param name="end">The first not wanted.</param>
    /// <param name="cancellationToken">Stops the reading.</param>
    /// <returns>How many there are, at least one.</returns>
    public async ValueTask<int> ReadAsync(SampleList samples, int first, int end, CancellationToken cancellationToken)
    {
        if (first == _first && first + _count <= end)
            return _count;
        var offset = samples[first].Offset;
        long size = samples[first].Size;
        if (size > MaxSampleSize)
            throw new MediaFormatException(MediaFormatError.TooLarge, "mdat", offset, $"A sample has {size} bytes; at most {MaxSampleSize} are encrypted.");
        var next = first + 1;
        for (; next < end && samples[next].Offset == offset + size && size + samples[next].Size <= BufferSize; next++)
            size += samples[next].Size;

        _first = -1;
        if (size > _buffer.Length)
        {
            ArrayPool<byte>.Shared.Return(_buffer);
            _buffer = [];
            _buffer = ArrayPool<byte>.Shared.Rent((int)size);
        }

        _size = (int)size;
        source.Position = offset;
        if (await source.ReadAtLeastAsync(Bytes, _size, throwOnEndOfStream: false, cancellationToken).ConfigureAwait(false) < _size)
            throw new MediaFormatException(MediaFormatError.Truncated, "mdat", source.Position, "The source ended while it was read.");
        (_first, _count) = (first, next - first);
        return _count;
    }

    /// <summary>The caller has written over the bytes.</summary>
    public void Forget() => _first = -1;

    /// <summary>Gives the buffer back.</summary>
    public void Dispose()
    {
        if (_buffer.Length > 0)
            ArrayPool<byte>.Shared.Return(_buffer);
        _buffer = [];
    }
}
