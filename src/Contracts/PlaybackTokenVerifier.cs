using System.Buffers.Binary;
using System.Text;
using static Movento.Contracts.PlaybackTokenFormat;

namespace Movento.Contracts;

/// <summary>
/// Checks playback tokens (docs/formats/playback-token.md): no I/O, the signature in constant time, and no allocation but the text of a
/// path prefix, where a token that we signed has one.
/// </summary>
/// <param name="keys">The keys of the moment.</param>
public sealed class PlaybackTokenVerifier(PlaybackKeyRing keys)
{
    /// <summary>Reads <paramref name="token"/> and says what is wrong with it, if anything, at <paramref name="now"/>.
    /// <paramref name="claims"/> are set only on <see cref="PlaybackTokenOutcome.Valid"/>. Never throws.</summary>
    public PlaybackTokenOutcome Verify(ReadOnlySpan<char> token, DateTimeOffset now, out PlaybackClaims claims)
    {
        claims = default;

        Span<byte> buffer = stackalloc byte[MaxByteLength];
        if (!StrictBase64Url.TryDecode(token, buffer, out var length)
            || length < MinByteLength
            || buffer[VersionOffset] != PlaybackTokenFormat.Version
            || (PlaybackScope)buffer[ScopeOffset] is not (PlaybackScope.Presentation or PlaybackScope.Pictures))
        {
            return PlaybackTokenOutcome.Malformed;
        }

        ReadOnlySpan<byte> bytes = buffer[..(length - SignatureLength)];
        if (keys[bytes[KeyIdOffset]] is not { } key) return PlaybackTokenOutcome.UnknownKey;
        if (!key.Verify(bytes, buffer.Slice(bytes.Length, SignatureLength))) return PlaybackTokenOutcome.Forged;

        var expires = DateTimeOffset.FromUnixTimeSeconds(BinaryPrimitives.ReadUInt32BigEndian(bytes[ExpiryOffset..]));
        if (now >= expires) return PlaybackTokenOutcome.Expired;

        var asset = new AssetId(new Guid(bytes.Slice(AssetOffset, 16), bigEndian: true));
        var session = new Guid(bytes.Slice(SessionOffset, 16), bigEndian: true);
        return TryReadRestrictions(bytes[FixedLength..], new PlaybackClaims(asset, (PlaybackScope)bytes[ScopeOffset], expires, session), out claims)
            ? PlaybackTokenOutcome.Valid
            : PlaybackTokenOutcome.Malformed;
    }

    // What we signed; but a key may be shared with a signer that is not ours, and its mistakes must not open anything.
    private static bool TryReadRestrictions(ReadOnlySpan<byte> bytes, PlaybackClaims read, out PlaybackClaims claims)
    {
        claims = default;
        var last = 0;
        while (!bytes.IsEmpty)
        {
            var kind = (PlaybackRestriction)bytes[0];
            if ((int)kind <= last || LengthOf(bytes) is not { } length || length > bytes.Length) return false;
            last = (int)kind;
            var value = bytes[1..length];
            bytes = bytes[length..];
            switch (kind)
            {
                case PlaybackRestriction.NetworkIPv4 or PlaybackRestriction.NetworkIPv6:
                    if (read.Network is not null || !NetworkPrefix.TryRead(value[1..], value[0], out var network)) return false;
                    read = read with { Network = network };
                    break;
                case PlaybackRestriction.Country:
                    if (!char.IsAsciiLetterUpper((char)value[0]) || !char.IsAsciiLetterUpper((char)value[1])) return false;
                    if (!CountryCode.TryParse([(char)value[0], (char)value[1]], out var country)) return false;
                    read = read with { Country = country };
                    break;
                case PlaybackRestriction.MaxHeight:
                    read = read with { MaxHeight = BinaryPrimitives.ReadUInt16BigEndian(value) };
                    if (read.MaxHeight == 0) return false;
                    break;
                case PlaybackRestriction.SignIn:
                    read = read with { SignIn = new Guid(value, bigEndian: true) };
                    if (read.SignIn == Guid.Empty) return false;
                    break;
                default:
                    var prefix = Encoding.Latin1.GetString(value[1..]);
                    if (!IsPathPrefix(prefix)) return false;
                    read = read with { PathPrefix = prefix };
                    break;
            }
        }

        if (read.Asset == default && read.PathPrefix is null) return false;
        claims = read;
        return true;
    }

    // With the byte that says what it is.
    private static int? LengthOf(ReadOnlySpan<byte> restriction) => (PlaybackRestriction)restriction[0] switch
    {
        PlaybackRestriction.NetworkIPv4 => 1 + 1 + 4,
        PlaybackRestriction.NetworkIPv6 => 1 + 1 + 16,
        PlaybackRestriction.Country => 1 + CountryCode.Length,
        PlaybackRestriction.MaxHeight => 1 + sizeof(ushort),
        PlaybackRestriction.PathPrefix when restriction.Length > 1 && restriction[1] > 0 => 1 + 1 + restriction[1],
        PlaybackRestriction.SignIn => 1 + SignInLength,
        _ => null,
    };
}

/// <summary>What a look at a playback token found.</summary>
public enum PlaybackTokenOutcome
{
    /// <summary>Signed by a key of the ring, and not yet expired.</summary>
    Valid,

    /// <summary>Not a token of a version this code knows.</summary>
    Malformed,

    /// <summary>Signed with a key that the ring does not hold.</summary>
    UnknownKey,

    /// <summary>The signature is not ours.</summary>
    Forged,

    /// <summary>Signed by us, but its time is over.</summary>
    Expired,
}
