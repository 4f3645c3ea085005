using Microsoft.Win32.SafeHandles;

namespace Movento.Packager.IsoBmff;

/// <summary>
/// Reads a seekable stream at positions. A file is read past the stream's own bookkeeping, and on the calling thread unless it was opened with
/// <see cref="FileOptions.Asynchronous"/>: handing each of many short reads to another thread takes longer than most of them do.
/// </summary>
internal readonly struct SourceBytes
{
    private readonly Stream _stream;
    private readonly SafeFileHandle? _file;
    private readonly bool _isAsync;

    /// <summary>The bytes of a stream, which nobody else may read meanwhile.</summary>
    public SourceBytes(Stream stream)
    {
        _stream = stream;
        Length = stream.Length;
        // A subclass may do anything in its reads.
        if (stream.GetType() == typeof(FileStream))
            (_file, _isAsync) = (((FileStream)stream).SafeFileHandle, ((FileStream)stream).IsAsync);
    }

    /// <summary>How many there were at the beginning.</summary>
    public long Length { get; }

    /// <summary>Reads some bytes at a position.</summary>
    /// <returns>How many; 0 at the end.</returns>
    public ValueTask<int> ReadAsync(Memory<byte> buffer, long position, CancellationToken cancellationToken)
    {
        cancellationToken.ThrowIfCancellationRequested();
        if (_file is not null)
            return _isAsync ? RandomAccess.ReadAsync(_file, buffer, position, cancellationToken) : ValueTask.FromResult(RandomAccess.Read(_file, buffer.Span, position));
        _stream.Position = position;
        return _stream.ReadAsync(buffer, cancellationToken);
    }

    /// <summary>Fills the buffer, or as much of it as there are bytes.</summary>
    /// <returns>How many there were.</returns>
    public async ValueTask<int> ReadAllAsync(Memory<byte> buffer, long position, CancellationToken cancellationToken)
    {
        var length = 0;
        while (length < buffer.Length && await ReadAsync(buffer[length..], position + length, cancellationToken).ConfigureAwait(false) is var read and > 0)
            length += read;
        return length;
    }
}
