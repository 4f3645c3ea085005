using System.Buffers;
using System.Collections.Immutable;
using System.Text.Json;

namespace Movento.Packager.Presentations;

/// <summary>presentation.json: the presentation as it lies in the object store (docs/formats/presentation.md).</summary>
public static class PresentationJson
{
    /// <summary>The version of the format that is written, and the only one that is read.</summary>
    public const int Version = 1;

    // Far more than a ladder in every codec and a sound for every language of the world's cinemas.
    private const int MaxRenditions = 256;

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
            throw RenditionJson.Error(json, MediaFormatError.Invalid, "The text is not JSON of the presentation's shape.");
        }
    }

    private static Presentation Read(ref Utf8JsonReader json)
    {
        var renditions = ImmutableArray.CreateBuilder<Rendition>();
        long? version = null;
        RenditionJson.Next(ref json);
        RenditionJson.Expect(json, JsonTokenType.StartObject);
        while (RenditionJson.Next(ref json) != JsonTokenType.EndObject)
        {
            var property = json.GetString();
            RenditionJson.Next(ref json);
            switch (property)
            {
                case "version":
                    version = json.GetInt64();
                    if (version != Version)
                        throw RenditionJson.Error(json, MediaFormatError.Unsupported, $"Version {version} of the presentation is not known.");
                    break;
                case "renditions":
                    ReadRenditions(ref json, renditions);
                    break;
                default:
                    json.Skip();
                    break;
            }
        }

        if (version is null || renditions.Count == 0)
            throw RenditionJson.Error(json, MediaFormatError.Missing, "The presentation has no version or no rendition.");
        return new Presentation { Renditions = renditions.DrainToImmutable() };
    }

    private static void ReadRenditions(ref Utf8JsonReader json, ImmutableArray<Rendition>.Builder renditions)
    {
        RenditionJson.Expect(json, JsonTokenType.StartArray);
        var ids = new HashSet<string>();
        while (RenditionJson.Next(ref json) != JsonTokenType.EndArray)
        {
            RenditionJson.Expect(json, JsonTokenType.StartObject);
            if (renditions.Count == MaxRenditions)
                throw RenditionJson.Error(json, MediaFormatError.TooLarge, $"There are more than {MaxRenditions} renditions.");
            var rendition = RenditionJson.Read(ref json);
            if (!ids.Add(rendition.Id))
                throw RenditionJson.Error(json, MediaFormatError.Invalid, $"Two renditions are called '{rendition.Id}'.");
            renditions.Add(rendition);
        }
    }
}
