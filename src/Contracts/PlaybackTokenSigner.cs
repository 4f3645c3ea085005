using System.Buffers.Binary;
using System.Buffers.Text;
using System.Security.Cryptography;
using static Movento.Contracts.PlaybackTokenFormat;

namespace Movento.Contracts;

/// <summary>Makes playback tokens (docs/formats/playback-token.md).</summary>
public sealed class PlaybackTokenSigner(PlaybackKeyRing keys)
{
    /// <summary>The token as one path segment: 95 characters of base64url, without padding, signed with the ring's current key.</summary>
    /// <exception cref="ArgumentException">The expiry does not fit into 32 bits of seconds since 1970, or the scope is none.</exception>
    public string Sign(in PlaybackClaims claims)
    {
        var expiry = claims.Expires.ToUnixTimeSeconds();
        if (expiry is < 0 or > uint.MaxValue)
            throw new ArgumentException($"A playback token cannot expire at {claims.Expires:O}.", nameof(claims));
        if (claims.Scope is not (PlaybackScope.Presentation or PlaybackScope.Pictures))
            throw new ArgumentException($"{claims.Scope} is not a scope of playback tokens.", nameof(claims));

        Span<byte> token = stackalloc byte[ByteLength];
        token[VersionOffset] = PlaybackTokenFormat.Version;
        token[KeyIdOffset] = keys.Current;
        token[ScopeOffset] = (byte)claims.Scope;
        BinaryPrimitives.WriteUInt32BigEndian(token[ExpiryOffset..], (uint)expiry);
        claims.Asset.Value.TryWriteBytes(token[AssetOffset..], bigEndian: true, out _);
        claims.Session.TryWriteBytes(token[SessionOffset..], bigEndian: true, out _);
        HMACSHA256.HashData(keys[keys.Current], token[..SignatureOffset], token[SignatureOffset..]);
        return Base64Url.EncodeToString(token);
    }
}
