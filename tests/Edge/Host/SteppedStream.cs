namespace Movento.Edge.Tests.Host;

/// <summary>A stream whose bytes come when the test lets them.</summary>
internal sealed class SteppedStream(Stream inner) : Stream
{
    private readonly SemaphoreSlim _more = new(0);
    private long _allowed;
    private long _given;
    private Exception? _fault;

    public override bool CanRead => true;
    public override bool CanSeek => false;
    public override bool CanWrite => false;
    public override long Length => throw new NotSupportedException();
    public override long Position { get => throw new NotSupportedException(); set => throw new NotSupportedException(); }

    /// <summary>Lets <paramref name="bytes"/> more come.</summary>
    public void Allow(long bytes)
    {
        Interlocked.Add(ref _allowed, bytes);
        _more.Release();
    }

    /// <summary>What the reader gets instead of more.</summary>
    public void Fail(Exception fault)
    {
        _fault = fault;
        _more.Release();
    }

    public override async ValueTask<int> ReadAsync(Memory<byte> buffer, CancellationToken cancellationToken = default)
    {
        while (Volatile.Read(ref _allowed) == _given)
        {
            if (_fault is not null) throw _fault;
            await _more.WaitAsync(cancellationToken);
        }

        var read = await inner.ReadAsync(buffer[..(int)Math.Min(buffer.Length, Volatile.Read(ref _allowed) - _given)], cancellationToken);
        _given += read;
        return read;
    }

    public override int Read(byte[] buffer, int offset, int count) => throw new NotSupportedException();

    public override void Flush()
    {
    }

    public override long Seek(long offset, SeekOrigin origin) => throw new NotSupportedException();

    public override void SetLength(long value) => throw new NotSupportedException();

    public override void Write(byte[] buffer, int offset, int count) => throw new NotSupportedException();

    protected override void Dispose(bool disposing)
    {
        if (disposing)
        {
            inner.Dispose();
            _more.Dispose();
        }

        base.Dispose(disposing);
    }
}
