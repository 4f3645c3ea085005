using System.Buffers.Binary;
using System.Buffers.Text;
using System.Security.Cryptography;
using Microsoft.AspNetCore.Http;

namespace Movento.ControlPlane.Identity.Sessions;

/// <summary>
/// Remembers, in the browser alone, that somebody signed in to an account from it. Failures there are counted apart from everybody else's, so that
/// no stranger who fails at the account, from wherever, locks its owner out (OWASP, "Device Cookies"). It opens nothing by itself.
/// </summary>
internal sealed class DeviceCookie(IdentityKeys keys, ControlPlaneOptions options, TimeProvider time)
{
    public const string Name = "movento_device";

    private static readonly TimeSpan Lifetime = TimeSpan.FromDays(365);

    // The account, when it was made (Unix seconds), what tells it from others, and the HMAC-SHA-256 of them.
    private const int ContentLength = 16 + 8 + 16;
    private const int Length = ContentLength + 32;

    private readonly HostCookie _cookie = new(Name, options);

    /// <summary>Names the device, where it is one of the account; null otherwise.</summary>
    public string? Read(HttpContext context, Guid userId)
    {
        var text = _cookie.Read(context);
        if (text is null || text.Length != Base64Url.GetEncodedLength(Length) || !Base64Url.IsValid(text)) return null;
        Span<byte> bytes = stackalloc byte[Length];
        Base64Url.DecodeFromChars(text, bytes);
        Span<byte> expected = stackalloc byte[32];
        HMACSHA256.HashData(keys.Devices, bytes[..ContentLength], expected);
        if (!CryptographicOperations.FixedTimeEquals(expected, bytes[ContentLength..])) return null;
        var made = BinaryPrimitives.ReadInt64BigEndian(bytes[16..]);
        return new Guid(bytes[..16], bigEndian: true) == userId && made + (long)Lifetime.TotalSeconds > time.GetUtcNow().ToUnixTimeSeconds()
            ? Convert.ToHexString(bytes[24..ContentLength])
            : null;
    }

    /// <summary>Makes this a device of the account.</summary>
    public void Set(HttpContext context, Guid userId)
    {
        var bytes = new byte[Length];
        userId.TryWriteBytes(bytes, bigEndian: true, out _);
        BinaryPrimitives.WriteInt64BigEndian(bytes.AsSpan(16), time.GetUtcNow().ToUnixTimeSeconds());
        RandomNumberGenerator.Fill(bytes.AsSpan(24, 16));
        HMACSHA256.HashData(keys.Devices, bytes.AsSpan(0, ContentLength), bytes.AsSpan(ContentLength));
        _cookie.Set(context, Base64Url.EncodeToString(bytes), Lifetime);
    }
}
