using System.Buffers.Binary;

namespace Movento.Fuzz;

/// <summary>Makes a bad input from good ones: one to eight small changes, the same ones for the same seed of the random numbers.</summary>
public sealed class Mutator(IReadOnlyList<byte[]> seeds, bool isText)
{
    // Large enough for every seed with some growth; an input may not grow with the number of mutations.
    private const int MaxGrowth = 4096;

    // Where counts, sizes and times change their meaning.
    private static readonly ulong[] Limits =
    [
        0, 1, 2, 7, 8, 9, 15, 16, 17, 0x7f, 0x80, 0xff, 0x7fff, 0x8000, 0xffff, 0x10000, 0x7fffffff, 0x80000000, 0xfffffffe, 0xffffffff,
        0x7fffffffffffffff, 0x8000000000000000, 0xffffffffffffffff,
    ];

    private static readonly string[] Words =
    [
        "-1", "0", "1e9", "99999999999999999999", "0x", "\"", "''", ",", "=", "\n", "\r\n", "\n\n", "\0", "#EXT", "#EXTINF:", "@", "--> ", "00:00:00.000", ":",
        "<", "</", "&lt;", "&#0;", "\u2028", "\uFEFF", "{", "}", "[", "]", "null", "true", "../", "/", "%2e%2e", "$Number%99999d$", "$$", "PT", "NaN", "é", "🎬",
    ];

    /// <summary>An input.</summary>
    /// <param name="random">Decides everything.</param>
    public byte[] Next(Random random)
    {
        var seed = seeds[random.Next(seeds.Count)];
        var bytes = new List<byte>(seed.Length + 64);
        bytes.AddRange(seed);
        for (var mutations = random.Next(1, 9); mutations > 0 && bytes.Count > 0; mutations--)
        {
            if (isText && random.Next(2) == 0)
                MutateText(bytes, random);
            else
                MutateBytes(bytes, random);
            if (bytes.Count > seed.Length + MaxGrowth)
                bytes.RemoveRange(seed.Length + MaxGrowth, bytes.Count - seed.Length - MaxGrowth);
        }

        return [.. bytes];
    }

    private void MutateBytes(List<byte> bytes, Random random)
    {
        // Headers stand in front: half of the changes fall into the first 2 KB.
        var at = random.Next(random.Next(2) == 0 ? bytes.Count : Math.Min(bytes.Count, 2048));
        switch (random.Next(12))
        {
            case 0: bytes[at] = (byte)random.Next(256); break;
            case 1: bytes[at] ^= (byte)(1 << random.Next(8)); break;
            case 2: bytes[at] = (byte)(bytes[at] + random.Next(-4, 5)); break;
            case 3: Overwrite(bytes, at, 2, Limits[random.Next(Limits.Length)]); break;
            case 4 or 5: Overwrite(bytes, at, 4, Limits[random.Next(Limits.Length)]); break;
            case 6: Overwrite(bytes, at, 8, Limits[random.Next(Limits.Length)]); break;
            case 7: Overwrite(bytes, at, 4, (ulong)random.NextInt64()); break;
            case 8: bytes.RemoveRange(at, random.Next(Math.Min(64, bytes.Count - at)) + 1); break;
            case 9: bytes.RemoveRange(at, bytes.Count - at); break;
            case 10:
                var count = random.Next(Math.Min(64, bytes.Count - at)) + 1;
                bytes.InsertRange(random.Next(bytes.Count + 1), bytes.GetRange(at, count));
                break;
            case 11:
                var other = seeds[random.Next(seeds.Count)];
                var from = random.Next(other.Length);
                var length = Math.Min(random.Next(1, 256), other.Length - from);
                for (var index = 0; index < length && at + index < bytes.Count; index++)
                    bytes[at + index] = other[from + index];
                break;
        }
    }

    private static void MutateText(List<byte> bytes, Random random)
    {
        var at = random.Next(bytes.Count);
        switch (random.Next(4))
        {
            case 0:
                bytes.InsertRange(at, System.Text.Encoding.UTF8.GetBytes(Words[random.Next(Words.Length)]));
                break;
            case 1:
                // Another digit where one is.
                for (var index = at; index < bytes.Count; index++)
                {
                    if (!char.IsAsciiDigit((char)bytes[index]))
                        continue;
                    bytes[index] = (byte)('0' + random.Next(10));
                    break;
                }

                break;
            case 2:
                // A line twice, or gone.
                var start = bytes.LastIndexOf((byte)'\n', at) + 1;
                var end = bytes.IndexOf((byte)'\n', at) is var found and >= 0 ? found + 1 : bytes.Count;
                if (end <= start)
                    break;
                if (random.Next(2) == 0)
                    bytes.InsertRange(start, bytes.GetRange(start, end - start));
                else
                    bytes.RemoveRange(start, end - start);
                break;
            case 3:
                bytes[at] = (byte)random.Next(' ', 127);
                break;
        }
    }

    private static void Overwrite(List<byte> bytes, int at, int size, ulong value)
    {
        Span<byte> number = stackalloc byte[8];
        BinaryPrimitives.WriteUInt64BigEndian(number, value << (64 - size * 8));
        for (var index = 0; index < size && at + index < bytes.Count; index++)
            bytes[at + index] = number[index];
    }
}
