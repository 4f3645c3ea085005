namespace Movento.Storage.Tests;

/// <summary>A stream that can only be read forward and does not know its length, as a request body.</summary>
public abstract class SourceStream : Stream
{
    public override bool CanRead => true;

    public override bool CanSeek => false;

    public override bool CanWrite => false;

    public override long Length => throw new NotSupportedException();

    public override long Position
    {
        get => throw new NotSupportedException();
        set => throw new NotSupportedException();
    }

    public override int Read(byte[] buffer, int offset, int count) => Read(buffer.AsSpan(offset, count));

    public override ValueTask<int> ReadAsync(Memory<byte> buffer, CancellationToken cancellationToken = default)
    {
        cancellationToken.ThrowIfCancellationRequested();
        return ValueTask.FromResult(Read(buffer.Span));
    }

    public override Task<int> ReadAsync(byte[] buffer, int offset, int count, CancellationToken cancellationToken) =>
        ReadAsync(buffer.AsMemory(offset, count), cancellationToken).AsTask();

    public abstract override int Read(Span<byte> buffer);

    public override void Flush()
    {
    }

    public override long Seek(long offset, SeekOrigin origin) => throw new NotSupportedException();

    public override void SetLength(long value) => throw new NotSupportedException();

    public override void Write(byte[] buffer, int offset, int count) => throw new NotSupportedException();
}

/// <summary>The given bytes, a few at a time.</summary>
public sealed class ForwardOnlyStream(byte[] bytes, int chunk) : SourceStream
{
    private int _position;

    public override int Read(Span<byte> buffer)
    {
        var read = Math.Min(Math.Min(chunk, buffer.Length), bytes.Length - _position);
        bytes.AsSpan(_position, read).CopyTo(buffer);
        _position += read;
        return read;
    }
}

/// <summary>Zeros, and then a connection that ends early, or whatever <paramref name="instead"/> does before more zeros.</summary>
public sealed class FailingStream(long after, Action? instead = null) : SourceStream
{
    private long _position;

    public override int Read(Span<byte> buffer)
    {
        if (_position >= after)
        {
            if (instead is null)
                throw new EndOfStreamException("The connection ended early.");
            instead();
        }

        var read = Math.Min(buffer.Length, 10_000);
        buffer[..read].Clear();
        _position += read;
        return read;
    }
}

/// <summary>Bytes that say where they stand, as many as wanted, without holding them.</summary>
public sealed class PatternStream(long length) : SourceStream
{
    private long _position;

    public override int Read(Span<byte> buffer)
    {
        var read = (int)Math.Min(buffer.Length, length - _position);
        for (var i = 0; i < read; i++)
            buffer[i] = At(_position + i);
        _position += read;
        return read;
    }

    /// <summary>Reads to the end and returns how many bytes there were; throws at the first wrong one.</summary>
    public static async Task<long> VerifyAsync(Stream stream)
    {
        var buffer = new byte[65_536];
        long position = 0;
        while (true)
        {
            var read = await stream.ReadAsync(buffer);
            if (read == 0)
                return position;
            for (var i = 0; i < read; i++)
            {
                if (buffer[i] != At(position + i))
                    throw new InvalidDataException($"The byte at {position + i} is another one's.");
            }

            position += read;
        }
    }

    // Differs from its neighbours in other blocks of any power of two up to 16 MiB.
    private static byte At(long position) => (byte)(position ^ (position >> 8) ^ (position >> 16) * 31);
}
