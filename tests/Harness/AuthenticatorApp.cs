using System.Buffers.Binary;
using System.Globalization;
using System.Security.Cryptography;

namespace Movento.Harness;

/// <summary>What people have on their telephones: time-based codes (RFC 6238 with its defaults), written anew from the standard.</summary>
public static class AuthenticatorApp
{
    private const string Base32 = "ABCDEFGHIJKLMNOPQRSTUVWXYZ234567";

    /// <summary>The six digits of now.</summary>
    /// <param name="secret">In base32, as the app is told it.</param>
    public static string CodeOf(string secret)
    {
        var bits = string.Concat(secret.Select(letter => Convert.ToString(Base32.IndexOf(letter, StringComparison.Ordinal), 2).PadLeft(5, '0')));
        var key = bits.Chunk(8).Where(octet => octet.Length == 8).Select(octet => Convert.ToByte(new string(octet), 2)).ToArray();
        Span<byte> step = stackalloc byte[8];
        BinaryPrimitives.WriteInt64BigEndian(step, DateTimeOffset.UtcNow.ToUnixTimeSeconds() / 30);
#pragma warning disable CA5350 // What the RFC says.
        var hash = HMACSHA1.HashData(key, step);
#pragma warning restore CA5350
        return ((BinaryPrimitives.ReadUInt32BigEndian(hash.AsSpan(hash[^1] & 15)) & 0x7fffffff) % 1_000_000).ToString("000000", CultureInfo.InvariantCulture);
    }
}
