namespace Movento.Packager.Tracks;

/// <summary>Files one after another as one seekable stream; one of them is open at a time.</summary>
internal sealed class JoinedSource : Stream
{
    private readonly string[] _paths;

    // Where each file begins, and where the last one ends.
    private readonly long[] _starts;
    private FileStream? _open;
    private int _openIndex = -1;
    private long _position;

    public JoinedSource(IReadOnlyList<string> paths)
    {
        _paths = [.. paths];
        _starts = new long[paths.Count + 1];
        for (var index = 0; index < _paths.Length; index++)
            _starts[index + 1] = _starts[index] + new FileInfo(_paths[index]).Length;
    }

    public override bool CanRead => true;
    public override bool CanSeek => true;
    public override bool CanWrite => false;
    public override long Length => _starts[^1];

    public override long Position
    {
        get => _position;
        set
        {
            ArgumentOutOfRangeException.ThrowIfNegative(value);
            _position = value;
        }
    }

    /// <summary>Where a file begins in the whole.</summary>
    public long StartOf(int index) => _starts[index];

    // A file is read at a position, on the calling thread: as in SourceBytes.
    public override ValueTask<int> ReadAsync(Memory<byte> buffer, CancellationToken cancellationToken = default)
    {
        cancellationToken.ThrowIfCancellationRequested();
        return ValueTask.FromResult(Read(buffer.Span));
    }

    public override int Read(Span<byte> buffer)
    {
        if (buffer.IsEmpty || !MoveToPosition(out var within, out var left)) return 0;
        var read = RandomAccess.Read(_open!.SafeFileHandle, buffer[..(int)Math.Min(buffer.Length, left)], within);
        _position += read;
        return read;
    }

    public override int Read(byte[] buffer, int offset, int count) => Read(buffer.AsSpan(offset, count));

    public override Task<int> ReadAsync(byte[] buffer, int offset, int count, CancellationToken cancellationToken) =>
        ReadAsync(buffer.AsMemory(offset, count), cancellationToken).AsTask();

    public override long Seek(long offset, SeekOrigin origin) => Position = origin switch
    {
        SeekOrigin.Begin => offset,
        SeekOrigin.Current => _position + offset,
        _ => Length + offset,
    };

    public override void Flush()
    {
    }

    public override void SetLength(long value) => throw new NotSupportedException();

    public override void Write(byte[] buffer, int offset, int count) => throw new NotSupportedException();

    protected override void Dispose(bool disposing)
    {
        if (disposing) _open?.Dispose();
        base.Dispose(disposing);
    }

    private bool MoveToPosition(out long within, out long left)
    {
        (within, left) = (0, 0);
        if (_position >= Length) return false;
        if (_openIndex < 0 || _position < _starts[_openIndex] || _position >= _starts[_openIndex + 1])
        {
            var index = Array.BinarySearch(_starts, _position);
            // Between two starts: the complement of the later one. Of empty files that begin at the same place, the one that has bytes.
            index = index < 0 ? ~index - 1 : index;
            while (_starts[index + 1] == _starts[index]) index++;
            _open?.Dispose();
            _open = new FileStream(_paths[index], FileMode.Open, FileAccess.Read, FileShare.Read, bufferSize: 0);
            _openIndex = index;
        }

        within = _position - _starts[_openIndex];
        left = _starts[_openIndex + 1] - _position;
        return true;
    }
}
