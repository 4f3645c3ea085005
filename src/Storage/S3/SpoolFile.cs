using System.Buffers;
using Microsoft.Win32.SafeHandles;

namespace Movento.Storage.S3;

/// <summary>
/// The part of an upload that is growing, on the local disk, so that many slow uploads do not fill the memory. The file has no name:
/// it is gone with its process.
/// </summary>
internal sealed class SpoolFile : IDisposable
{
    private readonly SafeFileHandle _handle;

    public SpoolFile()
    {
        var path = Path.Combine(Path.GetTempPath(), $"movento-part-{Guid.NewGuid():n}");
        _handle = File.OpenHandle(path, FileMode.CreateNew, FileAccess.ReadWrite, FileShare.ReadWrite | FileShare.Delete);
        File.Delete(path);
    }

    /// <summary>Bytes in it.</summary>
    public long Length { get; private set; }

    public async ValueTask AppendAsync(ReadOnlySequence<byte> bytes, CancellationToken cancellationToken)
    {
        foreach (var memory in bytes)
        {
            await RandomAccess.WriteAsync(_handle, memory, Length, cancellationToken);
            Length += memory.Length;
        }
    }

    public void Clear()
    {
        Length = 0;
        RandomAccess.SetLength(_handle, 0);
    }

    /// <summary>What is in it, from its beginning; valid until it is changed.</summary>
    public Stream OpenRead() => new Reader(_handle, Length);

    public void Dispose() => _handle.Dispose();

    // Seekable, because the SDK signs a body before it sends it, and sends it again where it failed.
    private sealed class Reader(SafeFileHandle handle, long length) : Stream
    {
        public override bool CanRead => true;

        public override bool CanSeek => true;

        public override bool CanWrite => false;

        public override long Length => length;

        public override long Position { get; set; }

        public override async ValueTask<int> ReadAsync(Memory<byte> buffer, CancellationToken cancellationToken = default)
        {
            var read = await RandomAccess.ReadAsync(handle, buffer[..Fitting(buffer.Length)], Position, cancellationToken);
            Position += read;
            return read;
        }

        public override Task<int> ReadAsync(byte[] buffer, int offset, int count, CancellationToken cancellationToken) =>
            ReadAsync(buffer.AsMemory(offset, count), cancellationToken).AsTask();

        public override int Read(Span<byte> buffer)
        {
            var read = RandomAccess.Read(handle, buffer[..Fitting(buffer.Length)], Position);
            Position += read;
            return read;
        }

        public override int Read(byte[] buffer, int offset, int count) => Read(buffer.AsSpan(offset, count));

        public override long Seek(long offset, SeekOrigin origin) => Position = origin switch
        {
            SeekOrigin.Begin => offset,
            SeekOrigin.Current => Position + offset,
            _ => length + offset,
        };

        public override void Flush()
        {
        }

        public override void SetLength(long value) => throw new NotSupportedException();

        public override void Write(byte[] buffer, int offset, int count) => throw new NotSupportedException();

        private int Fitting(int wanted) => (int)Math.Clamp(length - Position, 0, wanted);
    }
}
