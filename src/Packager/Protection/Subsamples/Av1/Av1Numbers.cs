using System.Numerics;
using Movento.Packager.Codecs;

namespace Movento.Packager.Protection.Subsamples.Av1;

/// <summary>Numbers as AV1 writes them (AV1 specification §4.7, §4.10).</summary>
internal static class Av1Numbers
{
    /// <summary>su(n).</summary>
    public static int ReadSigned(ref BitReader bits, int count) => (int)bits.ReadBits(count) << (32 - count) >> (32 - count);

    /// <summary>ns(n): a number below <paramref name="limit"/>, which is at least 1.</summary>
    public static int ReadBelow(ref BitReader bits, int limit)
    {
        var width = BitOperations.Log2((uint)limit) + 1;
        var shorter = (1 << width) - limit;
        var value = (int)bits.ReadBits(width - 1);
        return value < shorter ? value : (value << 1) - shorter + (int)bits.ReadBits(1);
    }

    /// <summary>leb128().</summary>
    /// <returns>Null when it does not end, or is no size of anything here.</returns>
    public static int? ReadLeb128(ref ReadOnlySpan<byte> bytes)
    {
        const int MaxBytes = 8;
        var value = 0L;
        for (var index = 0; index < Math.Min(MaxBytes, bytes.Length); index++)
        {
            value |= (long)(bytes[index] & 0x7f) << (7 * index);
            if ((bytes[index] & 0x80) != 0)
                continue;
            bytes = bytes[(index + 1)..];
            return value <= int.MaxValue ? (int)value : null;
        }

        return null;
    }

    /// <summary>The smallest k for which <paramref name="block"/> · 2ᵏ is at least <paramref name="target"/> (tile_log2, §5.9.16).</summary>
    public static int LogOfTiles(int block, int target)
    {
        var log = 0;
        while (block << log < target)
            log++;
        return log;
    }
}
