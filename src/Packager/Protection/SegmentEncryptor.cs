using System.Buffers;
using System.Runtime.Intrinsics;
using Movento.Packager.Protection.Ciphers;

namespace Movento.Packager.Protection;

/// <summary>
/// Encrypts whole segments with AES-128-CBC and PKCS#7 padding (RFC 8216bis §4.4.4.4) on their way to a stream. Write-only; the length of
/// what is written is that of the segments with their padding.
/// </summary>
internal sealed class SegmentEncryptor(Stream destination) : Stream
{
    private const int BufferSize = 256 << 10;

    private byte[] _buffer = ArrayPool<byte>.Shared.Rent(BufferSize);
    private int _filled;
    private long _written;
    private BlockCipher? _cipher;
    private Vector128<byte> _vector;

    /// <summary>Begins a segment.</summary>
    public void Begin(BlockCipher cipher, Vector128<byte> vector) => (_cipher, _vector, _filled, _written) = (cipher, vector, 0, 0);

    /// <summary>Pads and writes what is left of the segment.</summary>
    /// <returns>Bytes of the whole segment as written.</returns>
    public async ValueTask<long> EndAsync(CancellationToken cancellationToken)
    {
        var padding = BlockCipher.BlockSize - _filled % BlockCipher.BlockSize;
        if (_filled + padding > BufferSize)
            await EncryptAsync(cancellationToken).ConfigureAwait(false);
        _buffer.AsSpan(_filled, padding).Fill((byte)padding);
        _filled += padding;
        await EncryptAsync(cancellationToken).ConfigureAwait(false);
        return _written;
    }

    /// <inheritdoc/>
    public override async ValueTask WriteAsync(ReadOnlyMemory<byte> buffer, CancellationToken cancellationToken = default)
    {
        while (!buffer.IsEmpty)
        {
            var taken = Math.Min(buffer.Length, BufferSize - _filled);
            buffer.Span[..taken].CopyTo(_buffer.AsSpan(_filled));
            _filled += taken;
            buffer = buffer[taken..];
            if (_filled == BufferSize)
                await EncryptAsync(cancellationToken).ConfigureAwait(false);
        }
    }

    // Whole blocks only; BufferSize is of whole blocks.
    private async ValueTask EncryptAsync(CancellationToken cancellationToken)
    {
        var size = _filled & ~(BlockCipher.BlockSize - 1);
        _vector = _cipher!.EncryptChain(_buffer.AsSpan(0, size), _vector);
        await destination.WriteAsync(_buffer.AsMemory(0, size), cancellationToken).ConfigureAwait(false);
        _written += size;
        _buffer.AsSpan(size, _filled - size).CopyTo(_buffer);
        _filled -= size;
    }

    /// <inheritdoc/>
    public override bool CanRead => false;

    /// <inheritdoc/>
    public override bool CanSeek => false;

    /// <inheritdoc/>
    public override bool CanWrite => true;

    /// <inheritdoc/>
    public override long Length => throw new NotSupportedException();

    /// <inheritdoc/>
    public override long Position
    {
        get => throw new NotSupportedException();
        set => throw new NotSupportedException();
    }

    /// <inheritdoc/>
    public override void Flush() => destination.Flush();

    /// <inheritdoc/>
    public override int Read(byte[] buffer, int offset, int count) => throw new NotSupportedException();

    /// <inheritdoc/>
    public override long Seek(long offset, SeekOrigin origin) => throw new NotSupportedException();

    /// <inheritdoc/>
    public override void SetLength(long value) => throw new NotSupportedException();

    /// <inheritdoc/>
    public override void Write(byte[] buffer, int offset, int count) => throw new NotSupportedException("Only asynchronous writing is there.");

    /// <inheritdoc/>
    protected override void Dispose(bool disposing)
    {
        if (Interlocked.Exchange(ref _buffer, []) is { Length: > 0 } buffer)
            ArrayPool<byte>.Shared.Return(buffer, clearArray: true);
        base.Dispose(disposing);
    }
}
