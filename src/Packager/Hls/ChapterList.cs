using System.Buffers;
using System.Collections.Immutable;
using System.Text.Json;
using Movento.Packager.Presentations;

namespace Movento.Packager.Hls;

/// <summary>
/// <c>chapters.json</c>: the chapters in Apple's JSON format, which the multivariant playlist names as EXT-X-SESSION-DATA
/// <c>com.apple.hls.chapters</c> (Apple, "Providing JavaScript Object Notation (JSON) chapters"). Times are seconds.
/// </summary>
public static class ChapterList
{
    /// <summary>DATA-ID of the session data.</summary>
    internal static ReadOnlySpan<byte> DataId => "com.apple.hls.chapters"u8;

    /// <summary>Renders the file as UTF-8.</summary>
    public static void Write(IBufferWriter<byte> output, ImmutableArray<Chapter> chapters)
    {
        using var json = new Utf8JsonWriter(output);
        json.WriteStartArray();
        for (var index = 0; index < chapters.Length; index++)
        {
            var chapter = chapters[index];
            json.WriteStartObject();
            json.WriteNumber("chapter"u8, index + 1);
            json.WriteNumber("start-time"u8, Seconds(chapter.Start));
            json.WriteNumber("duration"u8, Seconds(chapter.End - chapter.Start));
            if (chapter.Title is { } title)
            {
                json.WriteStartArray("titles"u8);
                json.WriteStartObject();
                // The containers do not say in which language their chapters are called.
                json.WriteString("language"u8, "und"u8);
                json.WriteString("title"u8, title);
                json.WriteEndObject();
                json.WriteEndArray();
            }

            json.WriteEndObject();
        }

        json.WriteEndArray();
    }

    private static decimal Seconds(TimeSpan time) => (decimal)Math.Floor(time.TotalMilliseconds) / 1000;
}
