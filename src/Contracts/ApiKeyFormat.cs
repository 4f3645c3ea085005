using System.Buffers.Text;
using System.Security.Cryptography;

namespace Movento.Contracts;

/// <summary>
/// The keys of programs: <c>mvk_</c>, then 256 random bits and a checksum of four bytes in base64url. The prefix lets scanners of source code find one that
/// leaked; the checksum refuses what is none without asking anybody.
/// </summary>
public static class ApiKeyFormat
{
    /// <summary>What every key begins with.</summary>
    public const string Prefix = "mvk_";

    private const int SecretLength = 32;
    private const int ChecksumLength = 4;

    /// <summary>A new key, and the SHA-256 that it is kept by.</summary>
    public static (string Key, byte[] Hash) New()
    {
        Span<byte> bytes = stackalloc byte[SecretLength + ChecksumLength];
        RandomNumberGenerator.Fill(bytes[..SecretLength]);
        SHA256.HashData(bytes[..SecretLength]).AsSpan(0, ChecksumLength).CopyTo(bytes[SecretLength..]);
        return (Prefix + Base64Url.EncodeToString(bytes), SHA256.HashData(bytes));
    }

    /// <summary>What a key is kept by; false for what is no key.</summary>
    public static bool TryHash(string text, out byte[] hash)
    {
        hash = [];
        if (!text.StartsWith(Prefix, StringComparison.Ordinal)) return false;
        var encoded = text.AsSpan(Prefix.Length);
        if (encoded.Length != Base64Url.GetEncodedLength(SecretLength + ChecksumLength) || !Base64Url.IsValid(encoded)) return false;
        Span<byte> bytes = stackalloc byte[SecretLength + ChecksumLength];
        Base64Url.DecodeFromChars(encoded, bytes);
        if (!SHA256.HashData(bytes[..SecretLength]).AsSpan(0, ChecksumLength).SequenceEqual(bytes[SecretLength..])) return false;
        hash = SHA256.HashData(bytes);
        return true;
    }

    /// <summary>As much of a key as its owner may see again.</summary>
    public static string PrefixOf(string key) => key[..(Prefix.Length + 6)];
}
