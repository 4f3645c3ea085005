using System.Collections.Immutable;
using System.Text.Json;
using static Movento.Packager.Presentations.JsonValues;

namespace Movento.Packager.Presentations;

/// <summary>The chapters in presentation.json: an array of <c>start</c> and <c>end</c> in milliseconds, and <c>title</c>.</summary>
internal static class ChapterJson
{
    /// <summary>Far more than any menu shows.</summary>
    public const int MaxCount = 1000;

    public static void Write(Utf8JsonWriter json, ImmutableArray<Chapter> chapters)
    {
        json.WriteStartArray("chapters"u8);
        foreach (var chapter in chapters)
        {
            json.WriteStartObject();
            json.WriteNumber("start"u8, (long)chapter.Start.TotalMilliseconds);
            json.WriteNumber("end"u8, (long)chapter.End.TotalMilliseconds);
            if (chapter.Title is { } title)
                json.WriteString("title"u8, title);
            json.WriteEndObject();
        }

        json.WriteEndArray();
    }

    /// <summary>Reads an array whose beginning was read.</summary>
    public static ImmutableArray<Chapter> Read(ref Utf8JsonReader json)
    {
        Expect(json, JsonTokenType.StartArray);
        var chapters = ImmutableArray.CreateBuilder<Chapter>();
        while (Next(ref json) != JsonTokenType.EndArray)
        {
            if (chapters.Count == MaxCount)
                throw Error(json, MediaFormatError.TooLarge, $"There are more than {MaxCount} chapters.");
            var chapter = ReadOne(ref json);
            if (chapter.End <= chapter.Start || chapters.Count > 0 && chapter.Start < chapters[^1].End)
                throw Error(json, MediaFormatError.Invalid, "A chapter ends before it begins, or begins before the one before it ends.");
            chapters.Add(chapter);
        }

        return chapters.DrainToImmutable();
    }

    private static Chapter ReadOne(ref Utf8JsonReader json)
    {
        // A thousand hours, as subtitles.
        const long Latest = 3_600_000_000;
        long start = 0, end = 0;
        string? title = null;
        Expect(json, JsonTokenType.StartObject);
        while (Next(ref json) != JsonTokenType.EndObject)
        {
            var property = json.GetString();
            Next(ref json);
            switch (property)
            {
                case "start": start = ReadNumber(ref json, 0, Latest); break;
                case "end": end = ReadNumber(ref json, 1, Latest); break;
                case "title": title = ReadText(ref json); break;
                default: json.Skip(); break;
            }
        }

        return new Chapter(TimeSpan.FromMilliseconds(start), TimeSpan.FromMilliseconds(end), title);
    }
}
