using System.Security.Cryptography;

namespace Movento.Ingest.Upload.Resumable;

/// <summary>Repr-Digest and Content-Digest (RFC 9530): a dictionary of algorithms and byte sequences, <c>sha-256=:…:</c>.</summary>
internal static class DigestField
{
    /// <summary>Finds SHA-256. True with null: the field names other algorithms only, which a receiver may ignore (§2).</summary>
    public static bool TryReadSha256(string? field, out byte[]? digest)
    {
        digest = null;
        if (string.IsNullOrWhiteSpace(field)) return true;
        foreach (var member in field.Split(','))
        {
            var text = member.Trim();
            const string Key = "sha-256=";
            if (!text.StartsWith(Key, StringComparison.Ordinal)) continue;
            var value = text.AsSpan(Key.Length);
            if (value.Length < 2 || value[0] != ':' || value[^1] != ':') return false;
            var bytes = new byte[SHA256.HashSizeInBytes + 3];
            if (!Convert.TryFromBase64Chars(value[1..^1], bytes, out var count) || count != SHA256.HashSizeInBytes) return false;
            digest = bytes[..count];
        }
        return true;
    }

    /// <summary>The field's value.</summary>
    public static string Of(byte[] sha256) => $"sha-256=:{Convert.ToBase64String(sha256)}:";
}
