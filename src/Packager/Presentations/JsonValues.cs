using System.Collections.Immutable;
using System.Text.Json;
using Movento.Packager.IsoBmff.Boxes;

namespace Movento.Packager.Presentations;

/// <summary>Reads the values of presentation.json, each within its bounds.</summary>
internal static class JsonValues
{
    // 2^53: what every JSON reader holds exactly, and above every size and time that is packaged.
    public const long MaxNumber = 1L << 53;
    private const int MaxTextLength = 256;

    public static MediaFormatException Error(in Utf8JsonReader json, MediaFormatError error, string message) =>
        new(error, "presentation.json", json.TokenStartIndex, message);

    public static ImmutableArray<long> ReadColumn(ref Utf8JsonReader json, int maxCount = Sidx.MaxReferences)
    {
        Expect(json, JsonTokenType.StartArray);
        var column = ImmutableArray.CreateBuilder<long>();
        while (Next(ref json) != JsonTokenType.EndArray)
        {
            if (column.Count == maxCount)
                throw Error(json, MediaFormatError.TooLarge, $"There are more than {maxCount} numbers in the column.");
            column.Add(ReadNumber(ref json, 1, uint.MaxValue));
        }

        return column.DrainToImmutable();
    }

    public static ByteRange ReadRange(ref Utf8JsonReader json) => ReadPair(ref json, 0);

    // Two numbers in an array.
    public static ByteRange ReadPair(ref Utf8JsonReader json, long least, long most = MaxNumber)
    {
        Expect(json, JsonTokenType.StartArray);
        Next(ref json);
        var first = ReadNumber(ref json, least, most);
        Next(ref json);
        var second = ReadNumber(ref json, least, most);
        Next(ref json);
        Expect(json, JsonTokenType.EndArray);
        return new ByteRange(first, second);
    }

    public static void WriteColumn(Utf8JsonWriter json, ReadOnlySpan<byte> name, ReadOnlySpan<long> numbers)
    {
        json.WriteStartArray(name);
        foreach (var number in numbers)
            json.WriteNumberValue(number);
        json.WriteEndArray();
    }

    public static void WritePair(Utf8JsonWriter json, ReadOnlySpan<byte> name, long first, long second)
    {
        json.WriteStartArray(name);
        json.WriteNumberValue(first);
        json.WriteNumberValue(second);
        json.WriteEndArray();
    }

    public static long ReadNumber(ref Utf8JsonReader json, long least, long most = MaxNumber) =>
        json.TokenType == JsonTokenType.Number && json.TryGetInt64(out var value) && value >= least && value <= most
            ? value
            : throw Error(json, MediaFormatError.Invalid, $"A whole number from {least} to {most} is wanted here.");

    public static string ReadText(ref Utf8JsonReader json)
    {
        var text = json.GetString();
        return text is { Length: > 0 and <= MaxTextLength }
            ? text
            : throw Error(json, MediaFormatError.Invalid, $"A text of 1 to {MaxTextLength} characters is wanted here.");
    }

    public static JsonTokenType Next(ref Utf8JsonReader json) => json.Read()
        ? json.TokenType
        : throw Error(json, MediaFormatError.Truncated, "The text ends too soon.");

    public static void Expect(in Utf8JsonReader json, JsonTokenType token)
    {
        if (json.TokenType != token)
            throw Error(json, MediaFormatError.Invalid, $"{token} is wanted here.");
    }
}
