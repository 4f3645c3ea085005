using System.Collections.Immutable;
using System.Formats.Cbor;
using System.Net;
using System.Security.Cryptography;
using Movento.Contracts;

namespace Movento.Edge.Admission.CommonAccess;

/// <summary>Reads the claims of a Common Access Token whose signature is good. Bounded by the token's length; a claim that is not known refuses it.</summary>
internal static class CommonAccessReader
{
    // RFC 8392 §4 and CTA-5007.
    private const int Issuer = 1;
    private const int Subject = 2;
    private const int Expiration = 4;
    private const int NotBefore = 5;
    private const int IssuedAt = 6;
    private const int TokenId = 7;
    private const int Version = 310;
    private const int NetworkIp = 311;
    private const int Uri = 312;
    private const int Methods = 313;

    // RFC 9164.
    private const CborTag IPv4 = (CborTag)52;
    private const CborTag IPv6 = (CborTag)54;

    // The end of the year 9999, the last that a DateTimeOffset has.
    private const ulong LastSecond = 253_402_300_799;

    private const int GuidLength = 16;

    /// <summary>Null with the claims, or what is wrong with them.</summary>
    /// <exception cref="CborContentException">It is no CBOR.</exception>
    /// <exception cref="InvalidOperationException">A claim is of another type.</exception>
    public static EdgeOutcome? Read(byte[] payload, out CommonAccessClaims? claims)
    {
        claims = null;
        // Strict: a claim that stands there twice would let two readers see two tokens.
        var cbor = new CborReader(payload, CborConformanceMode.Strict);
        var read = new CommonAccessClaims { Expires = DateTimeOffset.MinValue };
        cbor.ReadStartMap();
        while (cbor.PeekState() != CborReaderState.EndMap)
        {
            if (cbor.PeekState() is not (CborReaderState.UnsignedInteger or CborReaderState.NegativeInteger)) return EdgeOutcome.TokenUnknownClaim;
            switch (cbor.ReadInt32())
            {
                case Issuer: read = read with { Issuer = cbor.ReadTextString() }; break;
                case Subject: cbor.ReadTextString(); break;
                case Expiration: read = read with { Expires = ReadTime(cbor) }; break;
                case NotBefore: read = read with { NotBefore = ReadTime(cbor) }; break;
                case IssuedAt: ReadTime(cbor); break;
                case TokenId: read = read with { Session = ReadSession(cbor) }; break;
                case Version when cbor.ReadUInt32() == 1: break;
                case NetworkIp: read = read with { Networks = ReadNetworks(cbor) }; break;
                case Methods: read = read with { Methods = ReadMethods(cbor) }; break;
                case Uri when ReadConditions(cbor) is { } conditions: read = read with { Uri = conditions }; break;
                default: return EdgeOutcome.TokenUnknownClaim;
            }
        }

        cbor.ReadEndMap();

        // A token that never ends could not be taken back.
        if (cbor.BytesRemaining > 0 || read.Expires == DateTimeOffset.MinValue) return EdgeOutcome.TokenMalformed;
        claims = read;
        return null;
    }

    private static DateTimeOffset ReadTime(CborReader cbor) =>
        cbor.ReadUInt64() is var seconds and <= LastSecond
            ? DateTimeOffset.FromUnixTimeSeconds((long)seconds)
            : throw new CborContentException("A time lies beyond the year 9999.");

    private static Guid ReadSession(CborReader cbor) =>
        cbor.ReadByteString() is { Length: GuidLength } id ? new Guid(id, bigEndian: true) : Guid.Empty;

    private static ImmutableArray<string> ReadMethods(CborReader cbor)
    {
        var methods = ImmutableArray.CreateBuilder<string>();
        cbor.ReadStartArray();
        while (cbor.PeekState() != CborReaderState.EndArray) methods.Add(cbor.ReadTextString());
        cbor.ReadEndArray();
        return methods.ToImmutable();
    }

    // Addresses and prefixes. The number of an autonomous system stands for networks that this edge does not know: it opens none.
    private static ImmutableArray<NetworkPrefix> ReadNetworks(CborReader cbor)
    {
        var networks = ImmutableArray.CreateBuilder<NetworkPrefix>();
        cbor.ReadStartArray();
        while (cbor.PeekState() != CborReaderState.EndArray)
        {
            if (cbor.PeekState() == CborReaderState.UnsignedInteger)
            {
                cbor.ReadUInt32();
                continue;
            }

            var bytes = cbor.ReadTag() switch
            {
                IPv4 => 4,
                IPv6 => 16,
                _ => throw new CborContentException("Not a network address (RFC 9164)."),
            };
            networks.Add(ReadNetwork(cbor, bytes));
        }

        cbor.ReadEndArray();
        return networks.ToImmutable();
    }

    private static NetworkPrefix ReadNetwork(CborReader cbor, int bytes)
    {
        if (cbor.PeekState() == CborReaderState.ByteString)
        {
            var whole = cbor.ReadByteString();
            return whole.Length == bytes ? NetworkPrefix.Of(new IPAddress(whole), bytes * 8) : throw new CborContentException("Half an address.");
        }

        cbor.ReadStartArray();
        var length = cbor.ReadUInt32();
        var prefix = cbor.ReadByteString();
        cbor.ReadEndArray();
        if (length > bytes * 8 || prefix.Length > bytes) throw new CborContentException("More than an address.");

        // The zeros at its end may be left out.
        var address = new byte[bytes];
        prefix.CopyTo(address, 0);
        return NetworkPrefix.Of(new IPAddress(address), (int)length);
    }

    // Null where a component or a comparison is not supported.
    private static ImmutableArray<UriMatch>? ReadConditions(CborReader cbor)
    {
        var conditions = ImmutableArray.CreateBuilder<UriMatch>();
        cbor.ReadStartMap();
        while (cbor.PeekState() != CborReaderState.EndMap)
        {
            var component = (UriComponent)cbor.ReadInt32();
            if (!Enum.IsDefined(component)) return null;
            cbor.ReadStartMap();
            while (cbor.PeekState() != CborReaderState.EndMap)
            {
                var kind = (UriMatchKind)cbor.ReadInt32();
                if (!Enum.IsDefined(kind)) return null;
                conditions.Add(new UriMatch(component, kind, kind == UriMatchKind.Sha256 ? ReadHash(cbor) : cbor.ReadTextString()));
            }

            cbor.ReadEndMap();
        }

        cbor.ReadEndMap();
        return conditions.ToImmutable();
    }

    // Bytes, or their hexadecimal digits: both are minted.
    private static string ReadHash(CborReader cbor)
    {
        if (cbor.PeekState() == CborReaderState.TextString) return cbor.ReadTextString();
        var hash = cbor.ReadByteString();
        return hash.Length == SHA256.HashSizeInBytes ? Convert.ToHexStringLower(hash) : throw new CborContentException("Not a SHA-256.");
    }
}
