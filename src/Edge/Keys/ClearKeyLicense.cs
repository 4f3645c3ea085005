using System.Buffers;
using System.Buffers.Binary;
using System.Buffers.Text;
using System.Text.Json;
using Movento.Packager.Presentations;

namespace Movento.Edge.Keys;

/// <summary>ClearKey's request and licence (W3C Encrypted Media Extensions §9.1.3 and §9.1.4).</summary>
internal static class ClearKeyLicense
{
    private const int IdLength = 16;

    /// <summary>Reads <c>{"kids":["…"],"type":"temporary"}</c>.</summary>
    /// <returns>Null when it is anything else, or asks for more keys than a version has.</returns>
    public static IReadOnlyList<UInt128>? TryReadRequest(ReadOnlySpan<byte> body)
    {
        try
        {
            var json = new Utf8JsonReader(body);
            List<UInt128>? ids = null;
            if (!json.Read() || json.TokenType != JsonTokenType.StartObject) return null;
            while (json.Read() && json.TokenType != JsonTokenType.EndObject)
            {
                if (json.ValueTextEquals("kids"u8))
                {
                    if (ids is not null || !TryReadIds(ref json, out ids)) return null;
                }
                else if (json.ValueTextEquals("type"u8))
                {
                    // Nothing is stored for later: there are no persistent licences.
                    if (!json.Read() || json.TokenType != JsonTokenType.String || !json.ValueTextEquals("temporary"u8)) return null;
                }
                else if (!json.Read() || !json.TrySkip())
                {
                    return null;
                }
            }

            return ids is { Count: > 0 } && !json.Read() ? ids : null;
        }
        catch (JsonException)
        {
            return null;
        }
    }

    /// <summary>Writes <c>{"keys":[{"kty":"oct","kid":"…","k":"…"}],"type":"temporary"}</c>.</summary>
    /// <param name="ids">The keys' ids.</param>
    /// <param name="derive">Gives the 16 bytes of a key.</param>
    public static byte[] Write(IReadOnlyList<UInt128> ids, Action<UInt128, Span<byte>> derive)
    {
        var output = new ArrayBufferWriter<byte>(128 * ids.Count + 64);
        using (var json = new Utf8JsonWriter(output))
        {
            Span<byte> bytes = stackalloc byte[IdLength];
            Span<char> text = stackalloc char[Base64Url.GetEncodedLength(IdLength)];
            json.WriteStartObject();
            json.WriteStartArray("keys"u8);
            foreach (var id in ids)
            {
                json.WriteStartObject();
                json.WriteString("kty"u8, "oct"u8);
                BinaryPrimitives.WriteUInt128BigEndian(bytes, id);
                Base64Url.EncodeToChars(bytes, text);
                json.WriteString("kid"u8, text);
                derive(id, bytes);
                Base64Url.EncodeToChars(bytes, text);
                json.WriteString("k"u8, text);
                json.WriteEndObject();
            }

            json.WriteEndArray();
            json.WriteString("type"u8, "temporary"u8);
            json.WriteEndObject();
        }

        return output.WrittenSpan.ToArray();
    }

    private static bool TryReadIds(ref Utf8JsonReader json, out List<UInt128>? ids)
    {
        ids = null;
        if (!json.Read() || json.TokenType != JsonTokenType.StartArray) return false;
        ids = [];
        Span<byte> id = stackalloc byte[IdLength];
        while (json.Read() && json.TokenType != JsonTokenType.EndArray)
        {
            if (json.TokenType != JsonTokenType.String || json.ValueIsEscaped || ids.Count == Encryption.MaxPeriods) return false;
            if (json.ValueSpan.Length != Base64Url.GetEncodedLength(IdLength) || !Base64Url.IsValid(json.ValueSpan)) return false;
            if (!Base64Url.TryDecodeFromUtf8(json.ValueSpan, id, out var length) || length != IdLength) return false;
            ids.Add(BinaryPrimitives.ReadUInt128BigEndian(id));
        }

        return true;
    }
}
