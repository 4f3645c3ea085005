using System.Buffers.Binary;
using System.Diagnostics.CodeAnalysis;

namespace Movento.Packager.IsoBmff;

/// <summary>
/// Reads the body of one box: fields in big-endian order, then its children. Every read is checked against the end of the
/// box, and what does not fit throws <see cref="MediaFormatException"/> with the path and the offset. Never allocates
/// otherwise.
/// </summary>
public ref struct BoxReader
{
    private readonly ReadOnlySpan<byte> _body;
    private readonly long _start;
    private readonly BoxPath _path;
    private int _position;

    /// <summary>A reader over some boxes that stand side by side, such as a whole file or one top-level box.</summary>
    /// <param name="bytes">The boxes.</param>
    /// <param name="offset">Of the first byte in the file.</param>
    public BoxReader(ReadOnlySpan<byte> bytes, long offset = 0) : this(bytes, offset, 0, default)
    {
    }

    private BoxReader(ReadOnlySpan<byte> body, long start, uint type, BoxPath path)
    {
        _body = body;
        _start = start;
        Type = type;
        _path = path;
    }

    /// <summary>The type of the box whose body this is; 0 for the file itself.</summary>
    public uint Type { get; }

    /// <summary>Of the next byte in the file.</summary>
    public readonly long Offset => _start + _position;

    /// <summary>Bytes until the end of the box.</summary>
    public readonly int Remaining => _body.Length - _position;

    /// <summary>Reads the next child's header and steps over the child.</summary>
    /// <param name="child">A reader over the child's body.</param>
    /// <param name="index">How many siblings of its type stand before it; only for the path of errors.</param>
    /// <returns>False at the end of this box.</returns>
    public bool TryReadBox(out BoxReader child, int index = 0)
    {
        if (Remaining < 8 && !_body[_position..].ContainsAnyExcept((byte)0))
        {
            // Also some zeros at the end: QuickTime ends lists with a 32-bit zero (QuickTime File Format, user data).
            child = default;
            return false;
        }

        var start = Offset;
        long size = ReadUInt32();
        var type = ReadUInt32();
        var header = 8;
        if (size == 1)
        {
            size = (long)Math.Min(ReadUInt64(), long.MaxValue);
            header = 16;
        }
        else if (size == 0)
        {
            size = header + Remaining; // §4.2: until the end of what is around it.
        }

        var path = _path.Enter(type, index);
        if (size < header)
            throw new MediaFormatException(MediaFormatError.Invalid, path.ToString(), start, $"The box says that it has {size} bytes, fewer than its header.");
        if (size - header > Remaining)
            throw new MediaFormatException(MediaFormatError.Truncated, path.ToString(), start, $"The box says that it has {size} bytes; {Remaining + header} are there.");

        child = new BoxReader(_body.Slice(_position, (int)size - header), Offset, type, path);
        _position += (int)size - header;
        return true;
    }

    /// <summary>Reads children until one of a type turns up.</summary>
    /// <param name="type">The type.</param>
    /// <param name="child">A reader over the child's body.</param>
    /// <returns>False when there is none.</returns>
    public bool TryFind(uint type, out BoxReader child)
    {
        while (TryReadBox(out child))
        {
            if (child.Type == type)
                return true;
        }

        return false;
    }

    /// <summary>As <see cref="TryFind"/>, for a child that must be there.</summary>
    public BoxReader Find(uint type) => TryFind(type, out var child)
        ? child
        : throw Error(MediaFormatError.Missing, $"There is no {new FourCC(type)} box.");

    /// <summary>The next byte.</summary>
    public byte ReadUInt8() => Take(1)[0];

    /// <summary>The next 16 bits.</summary>
    public ushort ReadUInt16() => BinaryPrimitives.ReadUInt16BigEndian(Take(2));

    /// <summary>The next 32 bits.</summary>
    public uint ReadUInt32() => BinaryPrimitives.ReadUInt32BigEndian(Take(4));

    /// <summary>The next 32 bits, signed.</summary>
    public int ReadInt32() => BinaryPrimitives.ReadInt32BigEndian(Take(4));

    /// <summary>The next 64 bits.</summary>
    public ulong ReadUInt64() => BinaryPrimitives.ReadUInt64BigEndian(Take(8));

    /// <summary>The next 64 bits, signed.</summary>
    public long ReadInt64() => BinaryPrimitives.ReadInt64BigEndian(Take(8));

    /// <summary>The next 64 bits, which must fit a signed number.</summary>
    public long ReadTime64()
    {
        var value = ReadInt64();
        return value >= 0 ? value : throw Error(MediaFormatError.TooLarge, "The time does not fit 63 bits.");
    }

    /// <summary>The next <paramref name="count"/> bytes.</summary>
    public ReadOnlySpan<byte> ReadBytes(int count) => Take(count);

    /// <summary>All bytes until the end of the box.</summary>
    public ReadOnlySpan<byte> ReadRest() => Take(Remaining);

    /// <summary>Steps over bytes.</summary>
    public void Skip(int count) => Take(count);

    /// <summary>The version and the flags with which a FullBox begins (§4.2).</summary>
    /// <param name="highestVersion">The highest version that the caller understands.</param>
    public FullBoxHeader ReadFullBoxHeader(byte highestVersion)
    {
        var value = ReadUInt32();
        var header = new FullBoxHeader((byte)(value >> 24), value & 0xffffff);
        return header.Version <= highestVersion
            ? header
            : throw Error(MediaFormatError.Unsupported, $"Version {header.Version} of the box is not known.");
    }

    /// <summary>The entries of a table: <paramref name="count"/> rows, after a check that the box is that long.</summary>
    /// <param name="count">From the file; nothing is allocated for it.</param>
    /// <param name="rowSize">Bytes a row.</param>
    public ReadOnlySpan<byte> ReadTable(uint count, int rowSize) => (ulong)count * (ulong)rowSize <= (ulong)Remaining
        ? Take((int)count * rowSize)
        : throw Error(MediaFormatError.Truncated, $"The box says that it has {count} entries; there is room for {Remaining / rowSize}.");

    /// <summary>Where the box lies: the boxes from the outside in.</summary>
    public readonly BoxPath Path => _path;

    /// <summary>An error that knows where this reader stands.</summary>
    public readonly MediaFormatException Error(MediaFormatError error, string message) => new(error, _path.ToString(), Offset, message);

    private ReadOnlySpan<byte> Take(int count)
    {
        if ((uint)count > (uint)Remaining)
            ThrowTruncated(count);
        var taken = _body.Slice(_position, count);
        _position += count;
        return taken;
    }

    [DoesNotReturn]
    private readonly void ThrowTruncated(int count) =>
        throw Error(MediaFormatError.Truncated, $"{count} bytes are wanted; the box has {Remaining} more.");
}

/// <summary>The version and the flags of a FullBox (ISO/IEC 14496-12 §4.2).</summary>
/// <param name="Version">Of the format of the box.</param>
/// <param name="Flags">24 bits.</param>
public readonly record struct FullBoxHeader(byte Version, uint Flags);
