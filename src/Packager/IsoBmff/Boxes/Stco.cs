using System.Buffers.Binary;

namespace Movento.Packager.IsoBmff.Boxes;

/// <summary>Chunk Offset Box (stco, and co64 with 64 bits), in stbl; ISO/IEC 14496-12 §8.7.5. A view of the file's bytes.</summary>
public readonly ref struct Stco
{
    private readonly ReadOnlySpan<byte> _offsets;
    private readonly int _width;

    private Stco(ReadOnlySpan<byte> offsets, int width)
    {
        _offsets = offsets;
        _width = width;
        Count = offsets.Length / width;
    }

    /// <summary>How many chunks.</summary>
    public int Count { get; }

    /// <summary>Where a chunk begins in the file.</summary>
    public ulong this[int index] => _width == 4
        ? BinaryPrimitives.ReadUInt32BigEndian(_offsets[(index * 4)..])
        : BinaryPrimitives.ReadUInt64BigEndian(_offsets[(index * 8)..]);

    /// <summary>Reads the body of an stco or a co64.</summary>
    public static Stco Read(scoped ref BoxReader box)
    {
        var width = box.Type == BoxType.Co64 ? 8 : 4;
        box.ReadFullBoxHeader(highestVersion: 0);
        return new Stco(box.ReadTable(box.ReadUInt32(), width), width);
    }

    /// <summary>Writes an stco where every offset fits, else a co64.</summary>
    public static void Write(BoxWriter writer, params ReadOnlySpan<ulong> offsets)
    {
        var isLong = false;
        foreach (var offset in offsets)
            isLong |= offset > uint.MaxValue;
        var box = writer.BeginFull(isLong ? BoxType.Co64 : BoxType.Stco, 0, 0);
        writer.WriteUInt32((uint)offsets.Length);
        foreach (var offset in offsets)
        {
            if (isLong)
                writer.WriteUInt64(offset);
            else
                writer.WriteUInt32((uint)offset);
        }

        writer.End(box);
    }
}
