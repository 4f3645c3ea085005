namespace Movento.Storage.Files;

/// <summary>
/// Some bytes of a file that <see cref="OpenFileCache"/> holds open, as a stream; disposing gives the file back. The file has the length that it had when
/// it was opened.
/// </summary>
internal sealed class LeasedFileStream(OpenFileCache openFiles, OpenFile file, long offset, long length) : Stream
{
    private readonly long _end = Math.Min(file.Version.Length, offset > long.MaxValue - length ? long.MaxValue : offset + length);
    private long _position = offset;
    private bool _isDisposed;

    public override bool CanRead => true;

    public override bool CanSeek => false;

    public override bool CanWrite => false;

    public override long Length => throw new NotSupportedException();

    public override long Position
    {
        get => throw new NotSupportedException();
        set => throw new NotSupportedException();
    }

    public override async ValueTask<int> ReadAsync(Memory<byte> buffer, CancellationToken cancellationToken = default)
    {
        ObjectDisposedException.ThrowIf(_isDisposed, this);
        var wanted = (int)Math.Clamp(_end - _position, 0, buffer.Length);
        if (wanted == 0)
            return 0;
        try
        {
            var read = await RandomAccess.ReadAsync(file.Handle, buffer[..wanted], _position, cancellationToken);
            _position += read;
            return read;
        }
        catch (Exception error) when (error is IOException or UnauthorizedAccessException)
        {
            throw FileFault.Of($"Reading {file.Key}", error);
        }
    }

    public override Task<int> ReadAsync(byte[] buffer, int offset, int count, CancellationToken cancellationToken) =>
        ReadAsync(buffer.AsMemory(offset, count), cancellationToken).AsTask();

    public override int Read(byte[] buffer, int offset, int count) =>
        ReadAsync(buffer.AsMemory(offset, count)).AsTask().GetAwaiter().GetResult();

    public override void Flush()
    {
    }

    public override long Seek(long offset, SeekOrigin origin) => throw new NotSupportedException();

    public override void SetLength(long value) => throw new NotSupportedException();

    public override void Write(byte[] buffer, int offset, int count) => throw new NotSupportedException();

    protected override void Dispose(bool disposing)
    {
        if (disposing && !_isDisposed)
        {
            _isDisposed = true;
            openFiles.Return(file);
        }

        base.Dispose(disposing);
    }
}
