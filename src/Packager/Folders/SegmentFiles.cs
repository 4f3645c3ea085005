using System.Buffers;
using Microsoft.Win32.SafeHandles;
using Movento.Packager.Presentations;

namespace Movento.Packager.Folders;

/// <summary>Writes the virtual segments of docs/formats/urls.md as files: the same bytes as the ranges of the rendition's own files.</summary>
internal static class SegmentFiles
{
    // As SampleCopier's.
    private const int BufferSize = 256 << 10;

    /// <summary>Writes <c>segments/{id}/init.mp4</c>, <c>1.m4s</c> and so on, and <c>1.vtt</c> and so on for subtitles.</summary>
    public static void Write(Rendition rendition, StagingFolder staging, CancellationToken cancellationToken)
    {
        var buffer = ArrayPool<byte>.Shared.Rent(BufferSize);
        try
        {
            using (var media = File.OpenHandle(staging.Combine($"{rendition.Id}.mp4")))
            {
                Copy(media, rendition.Initialization, staging.Combine($"segments/{rendition.Id}/init.mp4"), buffer, cancellationToken);
                for (var number = 0; number < rendition.Segments.Length; number++)
                {
                    var segment = rendition.Segments[number];
                    Copy(media, new ByteRange(segment.Offset, segment.Size), staging.Combine($"segments/{rendition.Id}/{number + 1}.m4s"), buffer, cancellationToken);
                }
            }

            if (rendition.TextSegmentSizes.IsEmpty)
                return;
            using var texts = File.OpenHandle(staging.Combine($"{rendition.Id}.segments.vtt"));
            var offset = 0L;
            for (var number = 0; number < rendition.TextSegmentSizes.Length; number++)
            {
                var size = rendition.TextSegmentSizes[number];
                Copy(texts, new ByteRange(offset, size), staging.Combine($"segments/{rendition.Id}/{number + 1}.vtt"), buffer, cancellationToken);
                offset += size;
            }
        }
        finally
        {
            ArrayPool<byte>.Shared.Return(buffer);
        }
    }

    private static void Copy(SafeFileHandle source, ByteRange range, string path, byte[] buffer, CancellationToken cancellationToken)
    {
        using var destination = File.OpenHandle(path, FileMode.CreateNew, FileAccess.Write);
        for (var copied = 0L; copied < range.Size;)
        {
            cancellationToken.ThrowIfCancellationRequested();
            var read = RandomAccess.Read(source, buffer.AsSpan(0, (int)Math.Min(buffer.Length, range.Size - copied)), range.Offset + copied);
            if (read == 0)
                throw new EndOfStreamException($"{path} would be {range.Size - copied} bytes short.");
            RandomAccess.Write(destination, buffer.AsSpan(0, read), copied);
            copied += read;
        }
    }
}
