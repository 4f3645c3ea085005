using System.Collections.Immutable;
using System.Text.Json;
using static Movento.Packager.Presentations.JsonValues;

namespace Movento.Packager.Presentations;

/// <summary>
/// The access points in presentation.json, as three columns: how far it is to the next one in bytes (the last: to the end of the file), how many of
/// those bytes decode to its picture, and how far it is to the next one in time. The first begins where the first segment does.
/// </summary>
internal static class AccessPointJson
{
    // A second each for 72 hours, and as many as the fragments of a sidx's 65535 segments of four pictures.
    private const int MaxCount = 1 << 18;

    public static void Write(Utf8JsonWriter json, Rendition rendition)
    {
        var points = rendition.AccessPoints.AsSpan();
        json.WriteStartObject("accessPoints"u8);
        json.WriteStartArray("steps"u8);
        for (var number = 0; number < points.Length; number++)
            json.WriteNumberValue((number + 1 < points.Length ? points[number + 1].Offset : rendition.FileSize) - points[number].Offset);
        json.WriteEndArray();
        json.WriteStartArray("sizes"u8);
        foreach (var point in points)
            json.WriteNumberValue(point.Size);
        json.WriteEndArray();
        json.WriteStartArray("durations"u8);
        foreach (var point in points)
            json.WriteNumberValue(point.Duration);
        json.WriteEndArray();
        json.WriteEndObject();
    }

    /// <summary>Reads an object whose beginning was read.</summary>
    public static (ImmutableArray<long> Steps, ImmutableArray<long> Sizes, ImmutableArray<long> Durations) Read(ref Utf8JsonReader json)
    {
        ImmutableArray<long> steps = [], sizes = [], durations = [];
        Expect(json, JsonTokenType.StartObject);
        while (Next(ref json) != JsonTokenType.EndObject)
        {
            var property = json.GetString();
            Next(ref json);
            switch (property)
            {
                case "steps": steps = ReadColumn(ref json, MaxCount); break;
                case "sizes": sizes = ReadColumn(ref json, MaxCount); break;
                case "durations": durations = ReadColumn(ref json, MaxCount); break;
                default: json.Skip(); break;
            }
        }

        return steps.Length == sizes.Length && steps.Length == durations.Length
            ? (steps, sizes, durations)
            : throw Error(json, MediaFormatError.Invalid, "The columns of the access points differ in length.");
    }

    /// <summary>The points, once it is known where the segments begin and end.</summary>
    public static ImmutableArray<AccessPoint> ToPoints(
        in Utf8JsonReader json, ImmutableArray<Segment> segments, (ImmutableArray<long> Steps, ImmutableArray<long> Sizes, ImmutableArray<long> Durations) columns)
    {
        var points = ImmutableArray.CreateBuilder<AccessPoint>(columns.Steps.Length);
        var (offset, start) = (segments[0].Offset, segments[0].Start);
        var end = segments[^1].Offset + segments[^1].Size;
        for (var number = 0; number < columns.Steps.Length; number++)
        {
            if (columns.Sizes[number] > columns.Steps[number] || columns.Steps[number] > end - offset)
                throw Error(json, MediaFormatError.Invalid, $"Access point {number + 1} reaches past the next one, or past the file.");
            points.Add(new AccessPoint(offset, columns.Sizes[number], start, columns.Durations[number]));
            offset += columns.Steps[number];
            start += columns.Durations[number];
        }

        return points.MoveToImmutable();
    }
}
