using System.Buffers;
using System.Collections.Immutable;
using System.Globalization;
using System.Text.Json;
using static Movento.Packager.Presentations.JsonValues;

namespace Movento.Packager.Presentations;

/// <summary>growing.json: a presentation that grows, as it lies in the object store (docs/formats/presentation.md).</summary>
public static class GrowingPresentationJson
{
    private const long MaxTargetDuration = 3600;

    /// <summary>Writes UTF-8 JSON.</summary>
    public static void Write(IBufferWriter<byte> output, GrowingPresentation growing)
    {
        using var json = new Utf8JsonWriter(output);
        json.WriteStartObject();
        json.WriteNumber("version"u8, PresentationJson.Version);
        json.WriteNumber("targetDuration"u8, growing.TargetDuration);
        if (growing.ExpectedDuration is { } expected)
            json.WriteNumber("expectedMilliseconds"u8, (long)expected.TotalMilliseconds);
        json.WriteString("startedAt"u8, Text(growing.StartedAt));
        json.WriteString("grownAt"u8, Text(growing.GrownAt));
        if (!growing.Chapters.IsEmpty)
            ChapterJson.Write(json, growing.Chapters);
        json.WriteStartArray("renditions"u8);
        foreach (var rendition in growing.Renditions)
            RenditionJson.Write(json, rendition.Rendition);
        json.WriteEndArray();
        // Of the same index in the array above.
        json.WriteStartArray("growth"u8);
        foreach (var rendition in growing.Renditions)
        {
            json.WriteStartObject();
            json.WriteNumber("fragments"u8, rendition.Fragments);
            json.WriteNumber("compositionDelay"u8, rendition.CompositionDelay);
            json.WriteNumber("next"u8, rendition.NextDecodeTime);
            json.WriteEndObject();
        }

        json.WriteEndArray();
        json.WriteEndObject();
    }

    /// <summary>Reads what <see cref="Write"/> wrote.</summary>
    /// <exception cref="MediaFormatException">The text is not a growing presentation of a version this code knows.</exception>
    public static GrowingPresentation Read(ReadOnlySpan<byte> utf8)
    {
        var json = new Utf8JsonReader(utf8, new JsonReaderOptions { MaxDepth = 8 });
        try
        {
            return Read(ref json);
        }
        catch (Exception error) when (error is JsonException or FormatException or InvalidOperationException or OverflowException)
        {
            throw Error(json, MediaFormatError.Invalid, "The text is not JSON of a growing presentation's shape.");
        }
    }

    private static GrowingPresentation Read(ref Utf8JsonReader json)
    {
        var renditions = ImmutableArray.CreateBuilder<Rendition>();
        var growth = new List<(int Fragments, long Delay, long Next)>();
        long? version = null, targetDuration = null, expected = null;
        ImmutableArray<Chapter> chapters = [];
        DateTimeOffset? startedAt = null, grownAt = null;
        Next(ref json);
        Expect(json, JsonTokenType.StartObject);
        while (Next(ref json) != JsonTokenType.EndObject)
        {
            var property = json.GetString();
            Next(ref json);
            switch (property)
            {
                case "version": version = ReadNumber(ref json, 2, PresentationJson.Version); break;
                case "targetDuration": targetDuration = ReadNumber(ref json, 1, MaxTargetDuration); break;
                case "expectedMilliseconds": expected = ReadNumber(ref json, 0, (long)TimeSpan.FromDays(30).TotalMilliseconds); break;
                case "startedAt": startedAt = json.GetDateTimeOffset(); break;
                case "grownAt": grownAt = json.GetDateTimeOffset(); break;
                case "chapters": chapters = ChapterJson.Read(ref json); break;
                case "renditions": PresentationJson.ReadRenditions(ref json, renditions); break;
                case "growth": ReadGrowth(ref json, growth); break;
                default: json.Skip(); break;
            }
        }

        if (version is null || targetDuration is null || startedAt is null || grownAt is null || renditions.Count == 0)
            throw Error(json, MediaFormatError.Missing, "A property of the growing presentation is missing.");
        if (growth.Count != renditions.Count)
            throw Error(json, MediaFormatError.Invalid, $"{renditions.Count} renditions grow in {growth.Count} ways.");
        return new GrowingPresentation
        {
            Renditions = [.. renditions.Zip(growth, (rendition, grown) => new GrowingRendition(rendition, grown.Fragments, grown.Delay, grown.Next))],
            TargetDuration = targetDuration.Value,
            ExpectedDuration = expected is { } milliseconds ? TimeSpan.FromMilliseconds(milliseconds) : null,
            Chapters = chapters,
            StartedAt = startedAt.Value,
            GrownAt = grownAt.Value,
        };
    }

    private static void ReadGrowth(ref Utf8JsonReader json, List<(int, long, long)> growth)
    {
        Expect(json, JsonTokenType.StartArray);
        while (Next(ref json) != JsonTokenType.EndArray)
        {
            Expect(json, JsonTokenType.StartObject);
            if (growth.Count == PresentationJson.MaxRenditions)
                throw Error(json, MediaFormatError.TooLarge, $"There are more than {PresentationJson.MaxRenditions} renditions.");
            long fragments = 0, delay = -1, next = -1;
            while (Next(ref json) != JsonTokenType.EndObject)
            {
                var property = json.GetString();
                Next(ref json);
                switch (property)
                {
                    case "fragments": fragments = ReadNumber(ref json, 1, int.MaxValue); break;
                    case "compositionDelay": delay = ReadNumber(ref json, 0, int.MaxValue); break;
                    case "next": next = ReadNumber(ref json, 0); break;
                    default: json.Skip(); break;
                }
            }

            if (fragments == 0 || delay < 0 || next < 0)
                throw Error(json, MediaFormatError.Missing, "A property of a rendition's growth is missing.");
            growth.Add(((int)fragments, delay, next));
        }
    }

    private static string Text(DateTimeOffset moment) => moment.UtcDateTime.ToString("yyyy-MM-dd'T'HH:mm:ss.fff'Z'", CultureInfo.InvariantCulture);
}
