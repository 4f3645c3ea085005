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

    /// <summary>What is in it, from its beginning; valid until it is changed. Seekable, because the SDK signs a body before it sends it, and sends it again where it failed.</summary>
    public Stream OpenRead() => new FileStretchStream(_handle, 0, Length);

    public void Dispose() => _handle.Dispose();
}
