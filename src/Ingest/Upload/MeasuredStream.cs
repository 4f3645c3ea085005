using System.Security.Cryptography;

namespace Movento.Ingest.Upload;

/// <summary>More bytes came than an upload may have.</summary>
internal sealed class UploadTooLargeException() : IOException("The upload has more bytes than it may have.");

/// <summary>The sender went away before its upload's end.</summary>
internal sealed class UploadIncompleteException(Exception? innerException = null) : IOException("The upload ended early.", innerException);

/// <summary>Reads an upload's body once, and counts and hashes what goes through.</summary>
/// <param name="body">The request's body; not disposed.</param>
/// <param name="limit">The most bytes.</param>
/// <param name="declared">How many the sender promised, or null.</param>
internal sealed class MeasuredStream(Stream body, long limit, long? declared) : Stream
{
    private readonly IncrementalHash _hash = IncrementalHash.CreateHash(HashAlgorithmName.SHA256);
    private long _count;

    /// <summary>Bytes so far; may be read from any thread.</summary>
    public long Count => Interlocked.Read(ref _count);

    /// <summary>SHA-256 of everything; once, at the end.</summary>
    public byte[] Sha256() => _hash.GetHashAndReset();

    public override async ValueTask<int> ReadAsync(Memory<byte> buffer, CancellationToken cancellationToken = default)
    {
        int read;
        try
        {
            read = await body.ReadAsync(buffer, cancellationToken);
        }
        catch (IOException exception)
        {
            // Kestrel's BadHttpRequestException and ConnectionResetException are both of this kind.
            throw new UploadIncompleteException(exception);
        }
        if (read == 0 && buffer.Length > 0 && declared is { } promised && _count < promised) throw new UploadIncompleteException();
        if (_count + read > limit) throw new UploadTooLargeException();
        _hash.AppendData(buffer.Span[..read]);
        Interlocked.Add(ref _count, read);
        return read;
    }

    public override Task<int> ReadAsync(byte[] buffer, int offset, int count, CancellationToken cancellationToken) =>
        ReadAsync(buffer.AsMemory(offset, count), cancellationToken).AsTask();

    protected override void Dispose(bool disposing)
    {
        if (disposing) _hash.Dispose();
        base.Dispose(disposing);
    }

    public override bool CanRead => true;
    public override bool CanSeek => false;
    public override bool CanWrite => false;
    public override long Length => throw new NotSupportedException();
    public override long Position { get => Count; set => throw new NotSupportedException(); }
    public override int Read(byte[] buffer, int offset, int count) => throw new NotSupportedException();
    public override void Flush() { }
    public override long Seek(long offset, SeekOrigin origin) => throw new NotSupportedException();
    public override void SetLength(long value) => throw new NotSupportedException();
    public override void Write(byte[] buffer, int offset, int count) => throw new NotSupportedException();
}
