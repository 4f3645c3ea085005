using System.Buffers.Text;
using System.Security.Cryptography;

namespace Movento.ControlPlane.Identity.Sessions;

/// <summary>
/// An opaque secret of 32 bytes. The database knows only its SHA-256. Its successor is HMAC-SHA-256(token, salt): whoever holds the
/// token can be told the same successor again, and the database alone tells nobody.
/// </summary>
internal readonly record struct RefreshToken
{
    /// <summary>In bytes; also of the salt of a successor.</summary>
    public const int Length = 32;

    private readonly byte[] _secret;

    private RefreshToken(byte[] secret) => _secret = secret;

    public static RefreshToken New() => new(RandomNumberGenerator.GetBytes(Length));

    public static bool TryParse(string? text, out RefreshToken token)
    {
        token = default;
        if (text is null || text.Length != Base64Url.GetEncodedLength(Length) || !Base64Url.IsValid(text)) return false;
        token = new RefreshToken(Base64Url.DecodeFromChars(text));
        return true;
    }

    /// <summary>What the database knows the token by.</summary>
    public byte[] Hash() => SHA256.HashData(_secret);

    public RefreshToken Successor(byte[] salt) => new(HMACSHA256.HashData(_secret, salt));

    /// <summary>The token itself: only for its cookie.</summary>
    public string Reveal() => Base64Url.EncodeToString(_secret);

    /// <summary>Nothing of the secret, so that no log can hold it.</summary>
    public override string ToString() => nameof(RefreshToken);
}
