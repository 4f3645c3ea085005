using System.Buffers;
using System.Buffers.Binary;

namespace Movento.Packager.IsoBmff;

/// <summary>Walks over the top-level boxes of a seekable stream and loads those that matter; the others are only stepped over.</summary>
/// <param name="source">From its first byte to its last.</param>
internal sealed class TopLevelBoxes(Stream source)
{
    private readonly byte[] _header = new byte[16];
    private readonly SourceBytes _source = new(source);
    private long _next;

    /// <summary>The type of the current box.</summary>
    public uint Type { get; private set; }

    /// <summary>Of the current box's first byte.</summary>
    public long Offset { get; private set; }

    /// <summary>Bytes of the current box with its header.</summary>
    public long Size { get; private set; }

    /// <summary>Whether the file is still being written: then a box that is not whole yet is its end.</summary>
    public bool MayEndAnywhere { get; init; }

    /// <summary>Goes on elsewhere.</summary>
    /// <param name="position">Of a box's first byte.</param>
    public void MoveTo(long position) => _next = position;

    /// <summary>Steps to the next box.</summary>
    /// <returns>False at the end of the file.</returns>
    /// <exception cref="MediaFormatException">The box reaches past the end of the file, or this is not a file of boxes.</exception>
    public async ValueTask<bool> MoveNextAsync(CancellationToken cancellationToken)
    {
        if (_next == _source.Length)
            return false;
        Offset = _next;
        var read = await _source.ReadAllAsync(_header, Offset, cancellationToken).ConfigureAwait(false);
        if (read < 8 && MayEndAnywhere)
            return false;
        if (read < 8)
            throw new MediaFormatException(MediaFormatError.Truncated, "", Offset, $"A box begins {read} bytes before the end of the file.");

        Size = BinaryPrimitives.ReadUInt32BigEndian(_header);
        Type = BinaryPrimitives.ReadUInt32BigEndian(_header.AsSpan(4));
        if (Offset == 0 && !IsFirst(Type))
            throw new MediaFormatException(MediaFormatError.Invalid, "", 0, "This is not an MP4 file.");
        var headerSize = 8;
        if (Size == 1)
        {
            if (read < 16 && MayEndAnywhere)
                return false;
            if (read < 16)
                throw Error(MediaFormatError.Truncated, "The file ends in the header of a box.");
            Size = (long)Math.Min(BinaryPrimitives.ReadUInt64BigEndian(_header.AsSpan(8)), long.MaxValue);
            headerSize = 16;
        }
        else if (Size == 0 && MayEndAnywhere)
        {
            return false; // Its size is written when it ends.
        }
        else if (Size == 0)
        {
            Size = _source.Length - Offset; // ISO/IEC 14496-12 §4.2: until the end of the file.
        }

        if (Size < headerSize)
            throw Error(MediaFormatError.Invalid, $"The box says that it has {Size} bytes, fewer than its header.");
        if (Size > _source.Length - Offset && MayEndAnywhere)
            return false;
        if (Size > _source.Length - Offset)
            throw Error(MediaFormatError.Truncated, $"The box says that it has {Size} bytes; {_source.Length - Offset} are there.");
        _next = Offset + Size;
        return true;
    }

    /// <summary>Reads the whole current box into a rented array.</summary>
    /// <param name="limit">In bytes.</param>
    /// <param name="cancellationToken">Stops the reading.</param>
    /// <exception cref="MediaFormatException">The box is larger than the limit.</exception>
    public async ValueTask<LoadedBox> LoadAsync(int limit, CancellationToken cancellationToken)
    {
        if (Size > limit)
            throw Error(MediaFormatError.TooLarge, $"The box has {Size} bytes; at most {limit} are read.");
        var bytes = ArrayPool<byte>.Shared.Rent((int)Size);
        try
        {
            if (await _source.ReadAllAsync(bytes.AsMemory(0, (int)Size), Offset, cancellationToken).ConfigureAwait(false) < Size)
                throw Error(MediaFormatError.Truncated, "The file ended while it was read.");
            return new LoadedBox(bytes, (int)Size, Offset);
        }
        catch
        {
            ArrayPool<byte>.Shared.Return(bytes);
            throw;
        }
    }

    /// <summary>An error that names the current box.</summary>
    public MediaFormatException Error(MediaFormatError error, string message) => new(error, new FourCC(Type).ToString(), Offset, message);

    // What MP4 and QuickTime files begin with.
    private static bool IsFirst(uint type) =>
        new FourCC(type).ToString() is "ftyp" or "moov" or "mdat" or "free" or "skip" or "wide" or "styp" or "pnot" or "pdin" or "uuid";
}

/// <summary>One whole top-level box in a rented array, given back by <see cref="Dispose"/>.</summary>
internal sealed class LoadedBox(byte[] bytes, int size, long offset) : IDisposable
{
    private byte[]? _bytes = bytes;

    /// <summary>A reader over the body; only until this is disposed.</summary>
    public BoxReader Open()
    {
        ObjectDisposedException.ThrowIf(_bytes is null, this);
        var file = new BoxReader(_bytes.AsSpan(0, size), offset);
        return file.TryReadBox(out var box) ? box : throw file.Error(MediaFormatError.Truncated, "The box is empty.");
    }

    /// <inheritdoc/>
    public void Dispose()
    {
        if (Interlocked.Exchange(ref _bytes, null) is { } rented)
            ArrayPool<byte>.Shared.Return(rented);
    }
}
