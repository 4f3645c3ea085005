using System.Buffers.Binary;

namespace Movento.Packager.IsoBmff.Boxes;

/// <summary>Protection System Specific Header Box (pssh), in moov; ISO/IEC 23001-7 §8.1. A view of the box's bytes.</summary>
public readonly ref struct Pssh
{
    private readonly ReadOnlySpan<byte> _keyIds;

    private Pssh(UInt128 systemId, ReadOnlySpan<byte> keyIds, ReadOnlySpan<byte> data)
    {
        SystemId = systemId;
        _keyIds = keyIds;
        Data = data;
    }

    /// <summary>Which DRM system it is for: 16 bytes as a number in their order.</summary>
    public UInt128 SystemId { get; }

    /// <summary>How many key ids are named; none in version 0.</summary>
    public int KeyIdCount => _keyIds.Length / 16;

    /// <summary>What only the system reads.</summary>
    public ReadOnlySpan<byte> Data { get; }

    /// <summary>A key id: 16 bytes as a number in their order.</summary>
    public UInt128 KeyId(int index) => BinaryPrimitives.ReadUInt128BigEndian(_keyIds[(index * 16)..]);

    /// <summary>Reads the body.</summary>
    public static Pssh Read(scoped ref BoxReader box)
    {
        var version = box.ReadFullBoxHeader(highestVersion: 1).Version;
        var system = BinaryPrimitives.ReadUInt128BigEndian(box.ReadBytes(16));
        var keyIds = version == 0 ? default : box.ReadTable(box.ReadUInt32(), 16);
        return new Pssh(system, keyIds, box.ReadTable(box.ReadUInt32(), 1));
    }

    /// <summary>Writes a box of version 1 without data.</summary>
    public static void Write(BoxWriter writer, UInt128 systemId, ReadOnlySpan<UInt128> keyIds)
    {
        var box = writer.BeginFull(BoxType.Pssh, 1, 0);
        writer.WriteUInt128(systemId);
        writer.WriteUInt32((uint)keyIds.Length);
        foreach (var id in keyIds)
            writer.WriteUInt128(id);
        writer.WriteUInt32(0);
        writer.End(box);
    }
}
