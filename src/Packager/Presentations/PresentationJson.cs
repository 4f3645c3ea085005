using System.Buffers;
using System.Collections.Immutable;
using System.Text.Json;
using static Movento.Packager.Presentations.JsonValues;

namespace Movento.Packager.Presentations;

/// <summary>presentation.json: the presentation as it lies in the object store (docs/formats/presentation.md).</summary>
public static class PresentationJson
{
    /// <summary>The version of the format that is written. Version 1, which had pictures and sound in the clear alone, is read too.</summary>
    public const int Version = 2;

    // Far more than a ladder in every codec and a sound for every language of the world's cinemas.
    internal const int MaxRenditions = 256;

    /// <summary>Writes UTF-8 JSON.</summary>
    public static void Write(IBufferWriter<byte> output, Presentation presentation)
    {
        using var json = new Utf8JsonWriter(output);
        json.WriteStartObject();
        json.WriteNumber("version"u8, Version);
        json.WriteStartArray("renditions"u8);
        foreach (var rendition in presentation.Renditions)
            RenditionJson.Write(json, rendition);
        json.WriteEndArray();
        if (presentation.Thumbnails is { } thumbnails)
            ThumbnailJson.Write(json, thumbnails);
        if (!presentation.Chapters.IsEmpty)
            ChapterJson.Write(json, presentation.Chapters);
        json.WriteEndObject();
    }

    /// <summary>Reads what <see cref="Write"/> wrote.</summary>
    /// <exception cref="MediaFormatException">The text is not a presentation of a version this code knows.</exception>
    public static Presentation Read(ReadOnlySpan<byte> utf8)
    {
        var json = new Utf8JsonReader(utf8, new JsonReaderOptions { MaxDepth = 8 });
        try
        {
            return Read(ref json);
        }
        catch (Exception error) when (error is JsonException or FormatException or InvalidOperationException or OverflowException)
        {
            throw Error(json, MediaFormatError.Invalid, "The text is not JSON of the presentation's shape.");
        }
    }

    private static Presentation Read(ref Utf8JsonReader json)
    {
        var renditions = ImmutableArray.CreateBuilder<Rendition>();
        long? version = null;
        ThumbnailTiles? thumbnails = null;
        ImmutableArray<Chapter> chapters = [];
        Next(ref json);
        Expect(json, JsonTokenType.StartObject);
        while (Next(ref json) != JsonTokenType.EndObject)
        {
            var property = json.GetString();
            Next(ref json);
            switch (property)
            {
                case "version":
                    version = json.GetInt64();
                    if (version is not (1 or Version))
                        throw Error(json, MediaFormatError.Unsupported, $"Version {version} of the presentation is not known.");
                    break;
                case "renditions":
                    ReadRenditions(ref json, renditions);
                    break;
                case "thumbnails":
                    thumbnails = ThumbnailJson.Read(ref json);
                    break;
                case "chapters":
                    chapters = ChapterJson.Read(ref json);
                    break;
                default:
                    json.Skip();
                    break;
            }
        }

        if (version is null || renditions.Count == 0)
            throw Error(json, MediaFormatError.Missing, "The presentation has no version or no rendition.");
        return new Presentation { Renditions = renditions.DrainToImmutable(), Thumbnails = thumbnails, Chapters = chapters };
    }

    internal static void ReadRenditions(ref Utf8JsonReader json, ImmutableArray<Rendition>.Builder renditions)
    {
        Expect(json, JsonTokenType.StartArray);
        var ids = new HashSet<string>();
        while (Next(ref json) != JsonTokenType.EndArray)
        {
            Expect(json, JsonTokenType.StartObject);
            if (renditions.Count == MaxRenditions)
                throw Error(json, MediaFormatError.TooLarge, $"There are more than {MaxRenditions} renditions.");
            var rendition = RenditionJson.Read(ref json);
            if (!ids.Add(rendition.Id))
                throw Error(json, MediaFormatError.Invalid, $"Two renditions are called '{rendition.Id}'.");
            renditions.Add(rendition);
        }
    }
}
