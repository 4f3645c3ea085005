using System.Buffers;
using Movento.Packager.Tracks;

namespace Movento.Packager.Cmaf;

/// <summary>Copies samples' bytes through one pooled buffer; samples that lie side by side are read at once.</summary>
internal sealed class SampleCopier(Stream source, Stream destination) : IDisposable
{
    private const int BufferSize = 128 << 10;
    private readonly byte[] _buffer = ArrayPool<byte>.Shared.Rent(BufferSize);

    /// <summary>Copies consecutive samples.</summary>
    public async ValueTask CopyAsync(SampleList samples, int first, int count, CancellationToken cancellationToken)
    {
        for (var (index, end) = (first, first + count); index < end;)
        {
            var offset = samples[index].Offset;
            long size = samples[index++].Size;
            for (; index < end && samples[index].Offset == offset + size; index++)
                size += samples[index].Size;

            source.Position = offset;
            while (size > 0)
            {
                var read = await source.ReadAsync(_buffer.AsMemory(0, (int)Math.Min(size, _buffer.Length)), cancellationToken).ConfigureAwait(false);
                if (read == 0)
                    throw new MediaFormatException(MediaFormatError.Truncated, "mdat", source.Position, "The source ended while it was read.");
                await destination.WriteAsync(_buffer.AsMemory(0, read), cancellationToken).ConfigureAwait(false);
                size -= read;
            }
        }
    }

    /// <summary>Gives the buffer back.</summary>
    public void Dispose() => ArrayPool<byte>.Shared.Return(_buffer);
}
