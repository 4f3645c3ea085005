using System.Buffers.Text;
using System.Security.Cryptography;
using System.Text;

namespace Movento.ControlPlane.Identity;

/// <summary>What somebody is given to show once: 256 random bits. Only its SHA-256 is kept.</summary>
internal static class OneTimeSecret
{
    private const int Length = 32;

    /// <summary>A new one: 43 characters of base64url.</summary>
    public static string New() => Base64Url.EncodeToString(RandomNumberGenerator.GetBytes(Length));

    /// <summary>What the database knows it by.</summary>
    public static byte[] Hash(string secret) => SHA256.HashData(Encoding.UTF8.GetBytes(secret));
}
