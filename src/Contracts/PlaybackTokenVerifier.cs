using System.Buffers;
using System.Buffers.Binary;
using System.Buffers.Text;
using System.Security.Cryptography;
using static Movento.Contracts.PlaybackTokenFormat;

namespace Movento.Contracts;

/// <summary>Checks playback tokens (docs/formats/playback-token.md): no I/O, no allocation, the signature in constant time.</summary>
public sealed class PlaybackTokenVerifier(PlaybackKeyRing keys)
{
    // The last character carries four bits of the last byte and two that must be zero: every fourth letter of the alphabet.
    private static readonly SearchValues<char> LastCharacters = SearchValues.Create("AEIMQUYcgkosw048");

    /// <summary>Reads <paramref name="token"/> and says what is wrong with it, if anything, at <paramref name="now"/>.
    /// <paramref name="claims"/> are set only on <see cref="PlaybackTokenOutcome.Valid"/>. Never throws.</summary>
    public PlaybackTokenOutcome Verify(ReadOnlySpan<char> token, DateTimeOffset now, out PlaybackClaims claims)
    {
        claims = default;

        // The decoder skips white space and accepts padding; both cost characters, so only clean text yields all the bytes.
        Span<byte> bytes = stackalloc byte[ByteLength];
        if (token.Length != TextLength
            || !LastCharacters.Contains(token[^1])
            || Base64Url.DecodeFromChars(token, bytes, out _, out var written) != OperationStatus.Done
            || written != ByteLength
            || bytes[VersionOffset] != PlaybackTokenFormat.Version
            || (PlaybackScope)bytes[ScopeOffset] is not (PlaybackScope.Presentation or PlaybackScope.Pictures))
        {
            return PlaybackTokenOutcome.Malformed;
        }

        var key = keys[bytes[KeyIdOffset]];
        if (key.IsEmpty) return PlaybackTokenOutcome.UnknownKey;

        Span<byte> expected = stackalloc byte[SignatureLength];
        HMACSHA256.HashData(key, bytes[..SignatureOffset], expected);
        if (!CryptographicOperations.FixedTimeEquals(expected, bytes[SignatureOffset..])) return PlaybackTokenOutcome.Forged;

        var expires = DateTimeOffset.FromUnixTimeSeconds(BinaryPrimitives.ReadUInt32BigEndian(bytes[ExpiryOffset..]));
        if (now >= expires) return PlaybackTokenOutcome.Expired;

        claims = new PlaybackClaims(
            new AssetId(new Guid(bytes.Slice(AssetOffset, 16), bigEndian: true)),
            (PlaybackScope)bytes[ScopeOffset],
            expires,
            new Guid(bytes.Slice(SessionOffset, 16), bigEndian: true));
        return PlaybackTokenOutcome.Valid;
    }
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
