using System.Buffers.Binary;

namespace Movento.Packager.IsoBmff.Boxes;

/// <summary>File Type Box (ftyp), in the file; ISO/IEC 14496-12 §4.3.</summary>
public readonly ref struct Ftyp
{
    private readonly ReadOnlySpan<byte> _compatibleBrands;

    private Ftyp(FourCC majorBrand, uint minorVersion, ReadOnlySpan<byte> compatibleBrands)
    {
        MajorBrand = majorBrand;
        MinorVersion = minorVersion;
        _compatibleBrands = compatibleBrands;
    }

    /// <summary>The specification that the file is best read by.</summary>
    public FourCC MajorBrand { get; }

    /// <summary>Informative.</summary>
    public uint MinorVersion { get; }

    /// <summary>Whether the file promises to follow a brand.</summary>
    public bool Has(FourCC brand)
    {
        if (brand == MajorBrand)
            return true;
        for (var at = 0; at + 4 <= _compatibleBrands.Length; at += 4)
        {
            if (BinaryPrimitives.ReadUInt32BigEndian(_compatibleBrands[at..]) == brand.Value)
                return true;
        }

        return false;
    }

    /// <summary>Reads the body.</summary>
    public static Ftyp Read(scoped ref BoxReader box) => new(new FourCC(box.ReadUInt32()), box.ReadUInt32(), box.ReadRest());

    /// <summary>Writes the box.</summary>
    public static void Write(BoxWriter writer, FourCC majorBrand, uint minorVersion, params ReadOnlySpan<FourCC> compatibleBrands)
    {
        var box = writer.Begin(BoxType.Ftyp);
        writer.WriteUInt32(majorBrand.Value);
        writer.WriteUInt32(minorVersion);
        foreach (var brand in compatibleBrands)
            writer.WriteUInt32(brand.Value);
        writer.End(box);
    }
}
