using System.Buffers;
using Microsoft.Win32.SafeHandles;
using Movento.Packager.Tracks;

namespace Movento.Packager.Cmaf;

/// <summary>
/// Gathers a track file in one pooled buffer, headers as they are composed and samples straight from the source, and writes it when it is full.
/// Between two files it reads and writes at positions, past the streams' own bookkeeping; every other stream will do too.
/// </summary>
internal sealed class SampleCopier : IDisposable
{
    private const int BufferSize = 1 << 20;
    private readonly byte[] _buffer = ArrayPool<byte>.Shared.Rent(BufferSize);
    private readonly Stream _source;
    private readonly Stream _destination;
    private readonly IProgress<long>? _progress;
    private readonly SafeFileHandle? _sourceFile;
    private readonly SafeFileHandle? _destinationFile;
    private readonly long _start;
    private int _length;

    /// <summary>A copier that writes from where the destination stands.</summary>
    public SampleCopier(Stream source, Stream destination, IProgress<long>? progress)
    {
        (_source, _destination, _progress) = (source, destination, progress);
        _sourceFile = (source as FileStream)?.SafeFileHandle;
        if (destination is FileStream { CanSeek: true } file)
            (_destinationFile, _start) = (file.SafeFileHandle, file.Position);
    }

    /// <summary>Bytes since the beginning, those in the buffer too.</summary>
    public long Position => Written + _length;

    /// <summary>Bytes that left the buffer.</summary>
    public long Written { get; private set; }

    /// <summary>Adds bytes.</summary>
    public async ValueTask WriteAsync(ReadOnlyMemory<byte> bytes, CancellationToken cancellationToken)
    {
        while (bytes.Length > 0)
        {
            if (_length == BufferSize)
                await FlushAsync(cancellationToken).ConfigureAwait(false);
            var taken = bytes[..Math.Min(bytes.Length, BufferSize - _length)];
            taken.CopyTo(_buffer.AsMemory(_length));
            _length += taken.Length;
            bytes = bytes[taken.Length..];
        }
    }

    /// <summary>Adds consecutive samples; those that lie side by side are read at once.</summary>
    public async ValueTask CopyAsync(SampleList samples, int first, int count, CancellationToken cancellationToken)
    {
        for (var (index, end) = (first, first + count); index < end;)
        {
            var offset = samples[index].Offset;
            long size = samples[index++].Size;
            for (; index < end && samples[index].Offset == offset + size; index++)
                size += samples[index].Size;
            while (size > 0)
            {
                if (_length == BufferSize)
                    await FlushAsync(cancellationToken).ConfigureAwait(false);
                var read = await ReadAsync(_buffer.AsMemory(_length, (int)Math.Min(size, BufferSize - _length)), offset, cancellationToken).ConfigureAwait(false);
                if (read == 0)
                    throw new MediaFormatException(MediaFormatError.Truncated, "mdat", offset, "The source ended while it was read.");
                _length += read;
                offset += read;
                size -= read;
            }
        }
    }

    /// <summary>Writes what is in the buffer.</summary>
    public async ValueTask FlushAsync(CancellationToken cancellationToken)
    {
        cancellationToken.ThrowIfCancellationRequested();
        if (_destinationFile is null)
            await _destination.WriteAsync(_buffer.AsMemory(0, _length), cancellationToken).ConfigureAwait(false);
        else
            RandomAccess.Write(_destinationFile, _buffer.AsSpan(0, _length), _start + Written);
        Written += _length;
        _progress?.Report(_length);
        _length = 0;
    }

    /// <summary>Gives the buffer back.</summary>
    public void Dispose() => ArrayPool<byte>.Shared.Return(_buffer);

    private ValueTask<int> ReadAsync(Memory<byte> buffer, long offset, CancellationToken cancellationToken)
    {
        if (_sourceFile is not null)
            return ValueTask.FromResult(RandomAccess.Read(_sourceFile, buffer.Span, offset));
        _source.Position = offset;
        return _source.ReadAsync(buffer, cancellationToken);
    }
}
