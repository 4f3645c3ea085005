using System.Buffers.Binary;
using System.Collections.Immutable;
using System.Text.Json;
using static Movento.Packager.Presentations.JsonValues;

namespace Movento.Packager.Presentations;

/// <summary>How a rendition is encrypted, in presentation.json; ids and vectors as 32 hexadecimal digits.</summary>
internal static class EncryptionJson
{
    public static void Write(Utf8JsonWriter json, Encryption encryption)
    {
        json.WriteStartObject("encryption"u8);
        json.WriteString("scheme"u8, encryption.Scheme switch
        {
            EncryptionScheme.Aes128 => "aes-128"u8,
            EncryptionScheme.Cbcs => "cbcs"u8,
            _ => "cenc"u8,
        });
        json.WriteStartArray("periods"u8);
        foreach (var period in encryption.Periods)
        {
            json.WriteStartObject();
            json.WriteNumber("segment"u8, period.FirstSegment);
            WriteHexadecimal(json, "keyId"u8, period.KeyId);
            WriteHexadecimal(json, "iv"u8, period.InitializationVector);
            json.WriteEndObject();
        }

        json.WriteEndArray();
        json.WriteStartArray("systemHeaders"u8);
        foreach (var header in encryption.SystemHeaders)
            json.WriteBase64StringValue(header.AsSpan());
        json.WriteEndArray();
        json.WriteEndObject();
    }

    /// <summary>Reads an object whose beginning was read.</summary>
    public static Encryption Read(ref Utf8JsonReader json)
    {
        EncryptionScheme? scheme = null;
        var periods = ImmutableArray.CreateBuilder<KeyPeriod>();
        var headers = ImmutableArray.CreateBuilder<ImmutableArray<byte>>();
        Expect(json, JsonTokenType.StartObject);
        while (Next(ref json) != JsonTokenType.EndObject)
        {
            var property = json.GetString();
            Next(ref json);
            switch (property)
            {
                case "scheme":
                    scheme = ReadText(ref json) switch
                    {
                        "aes-128" => EncryptionScheme.Aes128,
                        "cbcs" => EncryptionScheme.Cbcs,
                        "cenc" => EncryptionScheme.Cenc,
                        _ => throw Error(json, MediaFormatError.Unsupported, "The encryption scheme is unknown."),
                    };
                    break;
                case "periods": ReadPeriods(ref json, periods); break;
                case "systemHeaders": ReadHeaders(ref json, headers); break;
                default: json.Skip(); break;
            }
        }

        if (scheme is null || periods.Count == 0)
            throw Error(json, MediaFormatError.Missing, "A property of the encryption is missing.");
        return new Encryption { Scheme = scheme.Value, Periods = periods.DrainToImmutable(), SystemHeaders = headers.DrainToImmutable() };
    }

    private static void ReadPeriods(ref Utf8JsonReader json, ImmutableArray<KeyPeriod>.Builder periods)
    {
        Expect(json, JsonTokenType.StartArray);
        while (Next(ref json) != JsonTokenType.EndArray)
        {
            Expect(json, JsonTokenType.StartObject);
            if (periods.Count == Encryption.MaxPeriods)
                throw Error(json, MediaFormatError.TooLarge, $"There are more than {Encryption.MaxPeriods} keys.");
            long segment = -1;
            UInt128? keyId = null, vector = null;
            while (Next(ref json) != JsonTokenType.EndObject)
            {
                var property = json.GetString();
                Next(ref json);
                switch (property)
                {
                    case "segment": segment = ReadNumber(ref json, 0, int.MaxValue); break;
                    case "keyId": keyId = ReadHexadecimal(ref json); break;
                    case "iv": vector = ReadHexadecimal(ref json); break;
                    default: json.Skip(); break;
                }
            }

            if (segment < 0 || keyId is null || vector is null)
                throw Error(json, MediaFormatError.Missing, "A property of a key is missing.");
            if (periods.Count == 0 ? segment != 0 : segment <= periods[^1].FirstSegment)
                throw Error(json, MediaFormatError.Invalid, "The keys are not in the order of their segments, from 0.");
            periods.Add(new KeyPeriod((int)segment, keyId.Value, vector.Value));
        }
    }

    private static void ReadHeaders(ref Utf8JsonReader json, ImmutableArray<ImmutableArray<byte>>.Builder headers)
    {
        Expect(json, JsonTokenType.StartArray);
        while (Next(ref json) != JsonTokenType.EndArray)
        {
            if (headers.Count == Encryption.MaxSystemHeaders || json.ValueSpan.Length > Encryption.MaxSystemHeaderSize)
                throw Error(json, MediaFormatError.TooLarge, $"There are more than {Encryption.MaxSystemHeaders} system headers, or one has more than {Encryption.MaxSystemHeaderSize} bytes.");
            headers.Add([.. json.GetBytesFromBase64()]);
        }
    }

    private static void WriteHexadecimal(Utf8JsonWriter json, ReadOnlySpan<byte> name, UInt128 value)
    {
        Span<byte> bytes = stackalloc byte[16];
        BinaryPrimitives.WriteUInt128BigEndian(bytes, value);
        Span<byte> text = stackalloc byte[32];
        Convert.TryToHexStringLower(bytes, text, out _);
        json.WriteString(name, text);
    }

    private static UInt128 ReadHexadecimal(ref Utf8JsonReader json)
    {
        var text = ReadText(ref json);
        return text.Length == 32
            ? BinaryPrimitives.ReadUInt128BigEndian(Convert.FromHexString(text))
            : throw Error(json, MediaFormatError.Invalid, "32 hexadecimal digits are wanted here.");
    }
}
