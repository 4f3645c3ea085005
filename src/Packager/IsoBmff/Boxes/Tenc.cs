using System.Buffers.Binary;

namespace Movento.Packager.IsoBmff.Boxes;

/// <summary>
/// How samples are encrypted: Track Encryption Box (tenc), in schi, ISO/IEC 23001-7 §8.2; and, with the same fields, an entry of the sample
/// group 'seig' (§6), for samples that are encrypted otherwise than the track's default.
/// </summary>
/// <param name="CryptByteBlock">Blocks of the pattern that are encrypted; 0 for no pattern.</param>
/// <param name="SkipByteBlock">Blocks of the pattern that stay in the clear.</param>
/// <param name="PerSampleVectorSize">Bytes of a sample's own initialization vector; 0: the constant one serves.</param>
/// <param name="KeyId">KID: 16 bytes as a number in their order.</param>
/// <param name="ConstantVector">16 bytes as a number, where no sample has one of its own.</param>
public readonly record struct Tenc(byte CryptByteBlock, byte SkipByteBlock, byte PerSampleVectorSize, UInt128 KeyId, UInt128 ConstantVector)
{
    /// <summary>Reads the body of a tenc that says that samples are protected.</summary>
    public static Tenc Read(scoped ref BoxReader box)
    {
        var version = box.ReadFullBoxHeader(highestVersion: 1).Version;
        box.Skip(1);
        var pattern = box.ReadUInt8();
        if (box.ReadUInt8() != 1)
            throw box.Error(MediaFormatError.Unsupported, "The track is not encrypted by default.");
        var size = box.ReadUInt8();
        var keyId = BinaryPrimitives.ReadUInt128BigEndian(box.ReadBytes(16));
        UInt128 constant = 0;
        if (size == 0)
        {
            var vector = box.ReadBytes(box.ReadUInt8());
            if (vector.Length is not (8 or 16))
                throw box.Error(MediaFormatError.Invalid, $"The constant initialization vector has {vector.Length} bytes.");
            Span<byte> padded = stackalloc byte[16];
            padded.Clear();
            vector.CopyTo(padded);
            constant = BinaryPrimitives.ReadUInt128BigEndian(padded);
        }

        return new Tenc(
            version == 0 ? (byte)0 : (byte)(pattern >> 4), version == 0 ? (byte)0 : (byte)(pattern & 15), size, keyId, constant);
    }

    /// <summary>Writes the box: of version 1 where there is a pattern.</summary>
    public void Write(BoxWriter writer)
    {
        var box = writer.BeginFull(BoxType.Tenc, CryptByteBlock == 0 ? (byte)0 : (byte)1, 0);
        WriteFields(writer);
        writer.End(box);
    }

    /// <summary>Writes the fields as an entry of 'seig'.</summary>
    public void WriteFields(BoxWriter writer)
    {
        writer.WriteUInt8(0);
        writer.WriteUInt8((byte)(CryptByteBlock << 4 | SkipByteBlock));
        writer.WriteUInt8(1); // isProtected
        writer.WriteUInt8(PerSampleVectorSize);
        writer.WriteUInt128(KeyId);
        if (PerSampleVectorSize > 0)
            return;
        writer.WriteUInt8(16);
        writer.WriteUInt128(ConstantVector);
    }

    /// <summary>Bytes that <see cref="WriteFields"/> writes.</summary>
    public int FieldsSize => PerSampleVectorSize > 0 ? 20 : 37;
}
