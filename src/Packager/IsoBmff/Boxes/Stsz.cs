using System.Buffers.Binary;

namespace Movento.Packager.IsoBmff.Boxes;

/// <summary>Sample Size Box (stsz, and stz2 with fewer bits), in stbl; ISO/IEC 14496-12 §8.7.3. A view of the file's bytes.</summary>
public readonly ref struct Stsz
{
    private readonly ReadOnlySpan<byte> _sizes;
    private readonly uint _sampleSize;
    private readonly int _bits;

    private Stsz(uint sampleSize, uint count, ReadOnlySpan<byte> sizes, int bits)
    {
        _bits = bits;
        _sampleSize = sampleSize;
        Count = count;
        _sizes = sizes;
    }

    /// <summary>How many samples. Where all have one size, nothing in this box bounds it.</summary>
    public uint Count { get; }

    /// <summary>Whether each sample has a row of the box's bytes, so that these bound their number.</summary>
    public bool HasRows => _sampleSize == 0;

    /// <summary>The size of a sample in bytes.</summary>
    public uint this[int index] => _sampleSize != 0 ? _sampleSize : _bits switch
    {
        4 => (uint)(_sizes[index / 2] >> ((index & 1) == 0 ? 4 : 0) & 15),
        8 => _sizes[index],
        16 => BinaryPrimitives.ReadUInt16BigEndian(_sizes[(index * 2)..]),
        _ => BinaryPrimitives.ReadUInt32BigEndian(_sizes[(index * 4)..]),
    };

    /// <summary>Reads the body of an stsz or an stz2.</summary>
    public static Stsz Read(scoped ref BoxReader box)
    {
        box.ReadFullBoxHeader(highestVersion: 0);
        if (box.Type == BoxType.Stz2)
            return ReadCompact(ref box);
        var sampleSize = box.ReadUInt32();
        var count = box.ReadUInt32();
        return new Stsz(sampleSize, count, sampleSize == 0 ? box.ReadTable(count, 4) : default, 32);
    }

    // §8.7.3.3: two sizes of 4 bits share a byte.
    private static Stsz ReadCompact(scoped ref BoxReader box)
    {
        box.Skip(3); // reserved
        int bits = box.ReadUInt8();
        var count = box.ReadUInt32();
        return bits switch
        {
            4 => new Stsz(0, count, box.ReadTable((count >> 1) + (count & 1), 1), bits),
            8 or 16 => new Stsz(0, count, box.ReadTable(count, bits / 8), bits),
            _ => throw box.Error(MediaFormatError.Invalid, $"A sample size of {bits} bits is none of 4, 8 and 16."),
        };
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
