using System.Buffers;
using Microsoft.Win32.SafeHandles;
using Movento.Packager.IsoBmff;
using Movento.Packager.Tracks;

namespace Movento.Packager.Cmaf;

/// <summary>
/// Gathers a track file in one pooled buffer, headers as they are composed and samples straight from the source, and writes it when it is full.
/// Between two files it reads and writes at positions, with no copy in between but the kernel's two; every other stream will do too.
/// </summary>
internal sealed class SampleCopier : IDisposable
{
    // 1 GiB from and to the page cache (dd, Linux 6.18, ext4, 3 runs): 32 KiB 0.37 to 0.61 s, 64 KiB 0.32 to 0.36, 128 KiB 0.29, 256 KiB 0.27 to 0.33;
    // 1 MiB 0.28 to 2.24, since the kernel then looks for free memory in pieces as large as the writes, and may have to make them.
    private const int BufferSize = 256 << 10;
    private readonly byte[] _buffer = ArrayPool<byte>.Shared.Rent(BufferSize);
    private readonly SourceBytes _source;
    private readonly Stream _destination;
    private readonly SafeFileHandle? _file;
    private readonly bool _isAsync;
    private readonly long _start;
    private readonly IProgress<long>? _progress;
    private long _written;
    private int _length;

    /// <summary>A copier that writes from where the destination stands, and tells <paramref name="progress"/> how much.</summary>
    public SampleCopier(Stream source, Stream destination, IProgress<long>? progress)
    {
        (_source, _destination, _progress) = (new SourceBytes(source), destination, progress);
        // As in SourceBytes. A pipe has no positions.
        if (destination.CanSeek && destination.GetType() == typeof(FileStream))
            (_file, _isAsync, _start) = (((FileStream)destination).SafeFileHandle, ((FileStream)destination).IsAsync, destination.Position);
    }

    /// <summary>Adds bytes.</summary>
    public async ValueTask WriteAsync(ReadOnlyMemory<byte> bytes, CancellationToken cancellationToken)
    {
        while (bytes.Length > 0)
        {
            var room = await MakeRoomAsync(bytes.Length, cancellationToken).ConfigureAwait(false);
            bytes[..room.Length].CopyTo(room);
            _length += room.Length;
            bytes = bytes[room.Length..];
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
                var room = await MakeRoomAsync(size, cancellationToken).ConfigureAwait(false);
                var read = await _source.ReadAsync(room, offset, cancellationToken).ConfigureAwait(false);
                if (read == 0)
                    throw new MediaFormatException(MediaFormatError.Truncated, "mdat", offset, "The source ended while it was read.");
                _length += read;
                offset += read;
                size -= read;
            }
        }
    }

    /// <summary>Writes what is in the buffer; the destination then stands behind it.</summary>
    public async ValueTask FlushAsync(CancellationToken cancellationToken)
    {
        await WriteBufferAsync(cancellationToken).ConfigureAwait(false);
        if (_file is not null)
            _destination.Position = _start + _written;
    }

    /// <summary>Gives the buffer back.</summary>
    public void Dispose() => ArrayPool<byte>.Shared.Return(_buffer);

    // The next free bytes of the buffer, at least one and at most as many as wanted.
    private async ValueTask<Memory<byte>> MakeRoomAsync(long wanted, CancellationToken cancellationToken)
    {
        if (_length == BufferSize)
            await WriteBufferAsync(cancellationToken).ConfigureAwait(false);
        return _buffer.AsMemory(_length, (int)Math.Min(wanted, BufferSize - _length));
    }

    private async ValueTask WriteBufferAsync(CancellationToken cancellationToken)
    {
        cancellationToken.ThrowIfCancellationRequested();
        var bytes = _buffer.AsMemory(0, _length);
        if (_file is null)
            await _destination.WriteAsync(bytes, cancellationToken).ConfigureAwait(false);
        else if (_isAsync)
            await RandomAccess.WriteAsync(_file, bytes, _start + _written, cancellationToken).ConfigureAwait(false);
        else
            RandomAccess.Write(_file, bytes.Span, _start + _written);
        _written += _length;
        _progress?.Report(_length);
        _length = 0;
    }
}
