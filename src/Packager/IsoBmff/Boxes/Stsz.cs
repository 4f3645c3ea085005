using System.Buffers.Binary;

namespace Movento.Packager.IsoBmff.Boxes;

/// <summary>Sample Size Box (stsz), in stbl; ISO/IEC 14496-12 §8.7.3.2. A view of the file's bytes.</summary>
public readonly ref struct Stsz
{
    private readonly ReadOnlySpan<byte> _sizes;
    private readonly uint _sampleSize;

    private Stsz(uint sampleSize, uint count, ReadOnlySpan<byte> sizes)
    {
        _sampleSize = sampleSize;
        Count = count;
        _sizes = sizes;
    }

    /// <summary>How many samples. Where all have one size, nothing in this box bounds it.</summary>
    public uint Count { get; }

    /// <summary>Whether every sample has a size of its own in the box, whose bytes then bound <see cref="Count"/>.</summary>
    public bool HasSizes => _sampleSize == 0;

    /// <summary>The size of a sample in bytes.</summary>
    public uint this[int index] => _sampleSize != 0 ? _sampleSize : BinaryPrimitives.ReadUInt32BigEndian(_sizes[(index * 4)..]);

    /// <summary>Reads the body.</summary>
    public static Stsz Read(scoped ref BoxReader box)
    {
        box.ReadFullBoxHeader(highestVersion: 0);
        var sampleSize = box.ReadUInt32();
        var count = box.ReadUInt32();
        return new Stsz(sampleSize, count, sampleSize == 0 ? box.ReadTable(count, 4) : default);
    }

    /// <summary>Writes the box, a size for every sample.</summary>
    public static void Write(BoxWriter writer, params ReadOnlySpan<uint> sizes)
    {
        var box = writer.BeginFull(BoxType.Stsz, 0, 0);
        writer.WriteUInt32(0);
        writer.WriteUInt32((uint)sizes.Length);
        foreach (var size in sizes)
            writer.WriteUInt32(size);
        writer.End(box);
    }
}
