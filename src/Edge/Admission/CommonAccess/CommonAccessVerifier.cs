using System.Collections.Immutable;
using System.Formats.Cbor;
using System.Text;
using Movento.Contracts;

namespace Movento.Edge.Admission.CommonAccess;

/// <summary>
/// Checks Common Access Tokens (CTA-5007): a CBOR Web Token (RFC 8392) in a COSE_Mac0 (RFC 9052 §6.2) with HMAC 256/256. Nothing of it is believed
/// before its signature is, and nothing is skipped: what is not known refuses the token.
/// </summary>
internal sealed class CommonAccessVerifier(ImmutableArray<CommonAccessTokenKey> keys)
{
    /// <summary>Characters of a token: far beyond what the claims below fill.</summary>
    public const int MaxTextLength = 2048;

    // RFC 8392 §6, RFC 9052 §6.2.
    private const CborTag WebToken = (CborTag)61;
    private const CborTag Mac0 = (CborTag)17;

    // RFC 9052 §3.1: alg and kid; RFC 9053 §3.1: HMAC 256/256.
    private const int AlgorithmLabel = 1;
    private const int KeyIdLabel = 4;
    private const int Hmac256 = 5;

    private readonly ImmutableArray<(CommonAccessTokenKey Key, byte[] Id)> _keys = [.. keys.Select(key => (key, Encoding.UTF8.GetBytes(key.Id)))];

    /// <summary>Reads a token and says what is wrong with it, if anything, at <paramref name="now"/>. Never throws.</summary>
    public EdgeOutcome? Verify(ReadOnlySpan<char> token, DateTimeOffset now, out CommonAccessClaims? claims)
    {
        claims = null;
        if (_keys.IsEmpty || token.Length > MaxTextLength) return EdgeOutcome.TokenMalformed;
        var bytes = new byte[StrictBase64Url.LengthOf(token.Length)];
        if (!StrictBase64Url.TryDecode(token, bytes, out _)) return EdgeOutcome.TokenMalformed;
        try
        {
            // :: Step 1 — the envelope. In the one canonical form: what is around the signature is not under it.
            var envelope = new CborReader(bytes, CborConformanceMode.Canonical);
            if (envelope.ReadTag() != WebToken || envelope.ReadTag() != Mac0 || envelope.ReadStartArray() != 4) return EdgeOutcome.TokenMalformed;
            var signedHead = envelope.ReadByteString();
            var keyId = ReadHeads(signedHead, envelope);
            var payload = envelope.ReadByteString();
            var signature = envelope.ReadDefiniteLengthByteString();
            envelope.ReadEndArray();
            if (envelope.BytesRemaining > 0 || keyId is null || signature.Length != HmacSha256Key.CodeLength) return EdgeOutcome.TokenMalformed;

            // :: Step 2 — the signature
            if (Find(keyId) is not { } key) return EdgeOutcome.TokenUnknownKey;
            if (!IsSigned(key, signedHead, payload, signature.Span)) return EdgeOutcome.TokenForged;

            // :: Step 3 — what was signed
            if (CommonAccessReader.Read(payload, out claims) is { } refusal) return refusal;
            if (claims!.Issuer != key.Issuer) return Refused(EdgeOutcome.TokenOfAnotherIssuer, out claims);
            if (now >= claims.Expires) return Refused(EdgeOutcome.TokenExpired, out claims);
            return null;
        }
        catch (Exception error) when (error is CborContentException or InvalidOperationException or OverflowException)
        {
            // What the reader says of bytes that are no CBOR, or another type than is asked for, or a number beyond its type.
            return Refused(EdgeOutcome.TokenMalformed, out claims);
        }
    }

    private static EdgeOutcome Refused(EdgeOutcome outcome, out CommonAccessClaims? claims)
    {
        claims = null;
        return outcome;
    }

    // The algorithm stands in the signed head; the key's id there or in the other one. Null where anything else stands in either.
    private static byte[]? ReadHeads(byte[] signedHead, CborReader envelope)
    {
        var head = new CborReader(signedHead, CborConformanceMode.Canonical);
        byte[]? keyId = null;
        var isHmac = false;
        for (var left = head.ReadStartMap() ?? -1; left > 0; left--)
        {
            switch (head.ReadInt32())
            {
                case AlgorithmLabel: isHmac = head.ReadInt32() == Hmac256; break;
                case KeyIdLabel: keyId = head.ReadByteString(); break;
                default: return null;
            }
        }

        head.ReadEndMap();
        if (!isHmac || head.BytesRemaining > 0) return null;
        for (var left = envelope.ReadStartMap() ?? -1; left > 0; left--)
        {
            if (envelope.ReadInt32() != KeyIdLabel || keyId is not null) return null;
            keyId = envelope.ReadByteString();
        }

        envelope.ReadEndMap();
        return keyId;
    }

    private CommonAccessTokenKey? Find(byte[] keyId)
    {
        foreach (var (key, id) in _keys)
        {
            if (keyId.AsSpan().SequenceEqual(id)) return key;
        }

        return null;
    }

    // MAC_structure of RFC 9052 §6.3.
    private static bool IsSigned(CommonAccessTokenKey key, byte[] signedHead, byte[] payload, ReadOnlySpan<byte> signature)
    {
        var structure = new CborWriter(CborConformanceMode.Canonical);
        structure.WriteStartArray(4);
        structure.WriteTextString("MAC0");
        structure.WriteByteString(signedHead);
        structure.WriteByteString([]);
        structure.WriteByteString(payload);
        structure.WriteEndArray();
        return key.Secret.Verify(structure.Encode(), signature);
    }
}
