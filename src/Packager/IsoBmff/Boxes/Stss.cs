using System.Buffers.Binary;

namespace Movento.Packager.IsoBmff.Boxes;

/// <summary>Sync Sample Box (stss), in stbl; ISO/IEC 14496-12 §8.6.2. A view of the file's bytes.</summary>
public readonly ref struct Stss
{
    private readonly ReadOnlySpan<byte> _entries;

    private Stss(ReadOnlySpan<byte> entries) => _entries = entries;

    /// <summary>How many sync samples.</summary>
    public int Count => _entries.Length / 4;

    /// <summary>The number of a sync sample, from 1, ascending.</summary>
    public uint this[int index] => BinaryPrimitives.ReadUInt32BigEndian(_entries[(index * 4)..]);

    /// <summary>Reads the body.</summary>
    public static Stss Read(scoped ref BoxReader box)
    {
        box.ReadFullBoxHeader(highestVersion: 0);
        return new Stss(box.ReadTable(box.ReadUInt32(), 4));
    }

    /// <summary>Writes the box.</summary>
    public static void Write(BoxWriter writer, params ReadOnlySpan<uint> sampleNumbers)
    {
        var box = writer.BeginFull(BoxType.Stss, 0, 0);
        writer.WriteUInt32((uint)sampleNumbers.Length);
        foreach (var number in sampleNumbers)
            writer.WriteUInt32(number);
        writer.End(box);
    }
}
