using System.Buffers;
using System.Buffers.Binary;
using Movento.Packager.IsoBmff;
using Movento.Packager.Presentations;

namespace Movento.Packager.Tracks;

/// <summary>Reads the headers of an MP4 file, progressive or fragmented, from a seekable stream; the media data is only stepped over.</summary>
public static class SourceFile
{
    /// <summary>More than the tables of <see cref="SampleList.MaxCount"/> samples need in two tracks.</summary>
    public const int MaxMovieSize = 256 << 20;

    /// <summary>One fragment of a million samples would have less.</summary>
    public const int MaxMovieFragmentSize = 16 << 20;

    /// <summary>Reads the first track of a kind.</summary>
    /// <exception cref="MediaFormatException">The file is not whole, has no such track, or the track cannot be packaged.</exception>
    public static async Task<SourceTrack> ReadTrackAsync(Stream source, TrackKind kind, CancellationToken cancellationToken)
    {
        var track = new SourceTrack(source.Length);
        try
        {
            await ReadAsync(source, kind, track, cancellationToken).ConfigureAwait(false);
            return track;
        }
        catch
        {
            track.Dispose();
            throw;
        }
    }

    private static async Task ReadAsync(Stream source, TrackKind kind, SourceTrack track, CancellationToken cancellationToken)
    {
        var header = new byte[16];
        var length = source.Length;
        var hasMovie = false;
        for (var offset = 0L; offset < length;)
        {
            // :: The header of the next box
            source.Position = offset;
            var read = await source.ReadAtLeastAsync(header, 16, throwOnEndOfStream: false, cancellationToken).ConfigureAwait(false);
            if (read < 8)
                throw new MediaFormatException(MediaFormatError.Truncated, "", offset, $"A box begins {read} bytes before the end of the file.");
            var (type, size, headerSize) = ReadHeader(header.AsSpan(0, read), offset, length);

            // :: What matters of it
            if (type == BoxType.Moov && !hasMovie)
            {
                using var body = await ReadBoxAsync(source, offset, size, MaxMovieSize, cancellationToken).ConfigureAwait(false);
                MovieReader.Read(body.Read(), kind, track);
                hasMovie = true;
            }
            else if (type == BoxType.Moof)
            {
                if (!hasMovie)
                    throw new MediaFormatException(MediaFormatError.Missing, "", offset, "A movie fragment stands before the movie.");
                using var body = await ReadBoxAsync(source, offset, size, MaxMovieFragmentSize, cancellationToken).ConfigureAwait(false);
                MovieFragmentReader.Read(body.Read(), offset, track);
            }

            offset += size;
        }

        if (!hasMovie)
            throw new MediaFormatException(MediaFormatError.Missing, "", length, "There is no moov box.");
    }

    private static (uint Type, long Size, int HeaderSize) ReadHeader(ReadOnlySpan<byte> header, long offset, long length)
    {
        long size = BinaryPrimitives.ReadUInt32BigEndian(header);
        var type = BinaryPrimitives.ReadUInt32BigEndian(header[4..]);
        var headerSize = 8;
        if (offset == 0 && !IsFirstBox(type))
            throw new MediaFormatException(MediaFormatError.Invalid, "", 0, "This is not an MP4 file.");
        if (size == 1)
        {
            if (header.Length < 16)
                throw new MediaFormatException(MediaFormatError.Truncated, "", offset, "The file ends in the header of a box.");
            size = (long)Math.Min(BinaryPrimitives.ReadUInt64BigEndian(header[8..]), long.MaxValue);
            headerSize = 16;
        }
        else if (size == 0)
        {
            size = length - offset;
        }

        var path = new FourCC(type).ToString();
        if (size < headerSize)
            throw new MediaFormatException(MediaFormatError.Invalid, path, offset, $"The box says that it has {size} bytes, fewer than its header.");
        if (size > length - offset)
            throw new MediaFormatException(MediaFormatError.Truncated, path, offset, $"The box says that it has {size} bytes; {length - offset} are there.");
        return (type, size, headerSize);
    }

    // What MP4 and QuickTime files begin with.
    private static bool IsFirstBox(uint type) => new FourCC(type).ToString() is "ftyp" or "moov" or "mdat" or "free" or "skip" or "wide" or "styp" or "pnot";

    private static async Task<PooledBox> ReadBoxAsync(Stream source, long offset, long size, int limit, CancellationToken cancellationToken)
    {
        if (size > limit)
            throw new MediaFormatException(MediaFormatError.TooLarge, "", offset, $"The box has {size} bytes; at most {limit} are read.");
        var bytes = ArrayPool<byte>.Shared.Rent((int)size);
        try
        {
            source.Position = offset;
            await source.ReadExactlyAsync(bytes.AsMemory(0, (int)size), cancellationToken).ConfigureAwait(false);
            return new PooledBox(bytes, (int)size, offset);
        }
        catch
        {
            ArrayPool<byte>.Shared.Return(bytes);
            throw;
        }
    }

    // One whole top-level box in a rented array.
    private sealed class PooledBox(byte[] bytes, int size, long offset) : IDisposable
    {
        public BoxReader Read()
        {
            var file = new BoxReader(bytes.AsSpan(0, size), offset);
            return file.TryReadBox(out var box) ? box : throw file.Error(MediaFormatError.Truncated, "The box is empty.");
        }

        public void Dispose() => ArrayPool<byte>.Shared.Return(bytes);
    }
}
