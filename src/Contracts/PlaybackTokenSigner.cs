using System.Buffers.Binary;
using System.Buffers.Text;
using System.Text;
using static Movento.Contracts.PlaybackTokenFormat;

namespace Movento.Contracts;

/// <summary>Makes playback tokens (docs/formats/playback-token.md).</summary>
/// <param name="keys">The keys; those of the moment sign.</param>
public sealed class PlaybackTokenSigner(PlaybackKeys keys)
{
    /// <summary>Signs with one ring for good.</summary>
    public PlaybackTokenSigner(PlaybackKeyRing ring)
        : this(new PlaybackKeys(ring))
    {
    }

    /// <summary>The token as one path segment: base64url without padding, 95 characters where nothing restricts it, signed with the ring's current key.</summary>
    /// <exception cref="ArgumentException">The expiry does not fit into 32 bits of seconds since 1970, the scope is none, the path prefix is no
    /// folder of the edge, or neither asset nor path prefix says what the token opens.</exception>
    public string Sign(in PlaybackClaims claims)
    {
        var expiry = claims.Expires.ToUnixTimeSeconds();
        if (expiry is < 0 or > uint.MaxValue)
            throw new ArgumentException($"A playback token cannot expire at {claims.Expires:O}.", nameof(claims));
        if (claims.Scope is not (PlaybackScope.Presentation or PlaybackScope.Pictures))
            throw new ArgumentException($"{claims.Scope} is not a scope of playback tokens.", nameof(claims));
        if (claims.PathPrefix is { } prefix && !IsPathPrefix(prefix))
            throw new ArgumentException($"'{prefix}' is not a folder of the edge such as {PathRoot}…/v3/.", nameof(claims));
        if (claims.PathPrefix is null && claims.Asset == default)
            throw new ArgumentException("A playback token opens an asset or a path prefix.", nameof(claims));

        var ring = keys.Ring;
        Span<byte> token = stackalloc byte[MaxByteLength];
        token[VersionOffset] = PlaybackTokenFormat.Version;
        token[KeyIdOffset] = ring.Current;
        token[ScopeOffset] = (byte)claims.Scope;
        BinaryPrimitives.WriteUInt32BigEndian(token[ExpiryOffset..], (uint)expiry);
        claims.Asset.Value.TryWriteBytes(token[AssetOffset..], bigEndian: true, out _);
        claims.Session.TryWriteBytes(token[SessionOffset..], bigEndian: true, out _);
        var length = FixedLength + WriteRestrictions(claims, token[FixedLength..]);
        ring[ring.Current]!.Compute(token[..length], token[length..]);
        return Base64Url.EncodeToString(token[..(length + SignatureLength)]);
    }

    private static int WriteRestrictions(in PlaybackClaims claims, Span<byte> output)
    {
        var length = 0;
        if (claims.Network is { } network)
        {
            output[length++] = (byte)(network.IsIPv4 ? PlaybackRestriction.NetworkIPv4 : PlaybackRestriction.NetworkIPv6);
            output[length++] = (byte)network.Length;
            Span<byte> address = stackalloc byte[16];
            BinaryPrimitives.WriteUInt128BigEndian(address, network.Network);
            if (network.IsIPv4) address = address[12..];
            address.CopyTo(output[length..]);
            length += address.Length;
        }

        if (claims.Country is { } country)
        {
            output[length++] = (byte)PlaybackRestriction.Country;
            length += Encoding.ASCII.GetBytes(country.ToString(), output[length..]);
        }

        if (claims.MaxHeight > 0)
        {
            output[length++] = (byte)PlaybackRestriction.MaxHeight;
            BinaryPrimitives.WriteUInt16BigEndian(output[length..], claims.MaxHeight);
            length += sizeof(ushort);
        }

        if (claims.PathPrefix is { } prefix)
        {
            output[length++] = (byte)PlaybackRestriction.PathPrefix;
            output[length++] = (byte)prefix.Length;
            length += Encoding.ASCII.GetBytes(prefix, output[length..]);
        }

        if (claims.SignIn != Guid.Empty)
        {
            output[length++] = (byte)PlaybackRestriction.SignIn;
            claims.SignIn.TryWriteBytes(output[length..], bigEndian: true, out _);
            length += SignInLength;
        }

        return length;
    }
}
