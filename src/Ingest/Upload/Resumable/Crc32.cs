using System.Buffers.Binary;

namespace Movento.Ingest.Upload.Resumable;

/// <summary>CRC-32 as in ISO/IEC 13239 and gzip (RFC 1952 §8): polynomial 0xEDB88320 reflected, four bytes at a time.</summary>
internal sealed class Crc32
{
    private static readonly uint[][] Tables = MakeTables();
    private uint _register = 0xFFFF_FFFF;

    public void Append(ReadOnlySpan<byte> bytes)
    {
        var register = _register;
        while (bytes.Length >= 4)
        {
            register ^= BinaryPrimitives.ReadUInt32LittleEndian(bytes);
            register = Tables[3][register & 0xFF] ^ Tables[2][(register >> 8) & 0xFF] ^ Tables[1][(register >> 16) & 0xFF] ^ Tables[0][register >> 24];
            bytes = bytes[4..];
        }
        foreach (var value in bytes) register = Tables[0][(register ^ value) & 0xFF] ^ (register >> 8);
        _register = register;
    }

    /// <summary>Four bytes, the highest first.</summary>
    public byte[] Value()
    {
        var value = new byte[4];
        BinaryPrimitives.WriteUInt32BigEndian(value, ~_register);
        return value;
    }

    private static uint[][] MakeTables()
    {
        var tables = new uint[4][];
        for (var t = 0; t < 4; t++)
        {
            tables[t] = new uint[256];
            for (uint i = 0; i < 256; i++)
            {
                var value = t == 0 ? i : tables[t - 1][i];
                for (var bit = 0; bit < (t == 0 ? 8 : 0); bit++) value = (value & 1) != 0 ? (value >> 1) ^ 0xEDB8_8320 : value >> 1;
                tables[t][i] = t == 0 ? value : tables[0][value & 0xFF] ^ (value >> 8);
            }
        }
        return tables;
    }
}
