using System.Collections.Immutable;
using System.Text.Json;
using static Movento.Packager.Presentations.JsonValues;

namespace Movento.Packager.Presentations;

/// <summary>The thumbnails in presentation.json.</summary>
internal static class ThumbnailJson
{
    private const int MaxSide = 4096;
    private const int MaxPicturesPerSide = 64;

    public static void Write(Utf8JsonWriter json, ThumbnailTiles thumbnails)
    {
        json.WriteStartObject("thumbnails"u8);
        json.WriteNumber("width"u8, thumbnails.Width);
        json.WriteNumber("height"u8, thumbnails.Height);
        json.WriteNumber("columns"u8, thumbnails.Columns);
        json.WriteNumber("rows"u8, thumbnails.Rows);
        json.WriteNumber("intervalMilliseconds"u8, (long)thumbnails.Interval.TotalMilliseconds);
        json.WriteNumber("count"u8, thumbnails.Count);
        WriteColumn(json, "sizes"u8, thumbnails.Sizes.AsSpan());
        json.WriteEndObject();
    }

    /// <summary>Reads an object whose beginning was read.</summary>
    public static ThumbnailTiles Read(ref Utf8JsonReader json)
    {
        long width = 0, height = 0, columns = 0, rows = 0, interval = 0, count = 0;
        ImmutableArray<long> sizes = [];
        Expect(json, JsonTokenType.StartObject);
        while (Next(ref json) != JsonTokenType.EndObject)
        {
            var property = json.GetString();
            Next(ref json);
            switch (property)
            {
                case "width": width = ReadNumber(ref json, 1, MaxSide); break;
                case "height": height = ReadNumber(ref json, 1, MaxSide); break;
                case "columns": columns = ReadNumber(ref json, 1, MaxPicturesPerSide); break;
                case "rows": rows = ReadNumber(ref json, 1, MaxPicturesPerSide); break;
                case "intervalMilliseconds": interval = ReadNumber(ref json, 1, int.MaxValue); break;
                case "count": count = ReadNumber(ref json, 1, int.MaxValue); break;
                case "sizes": sizes = ReadColumn(ref json); break;
                default: json.Skip(); break;
            }
        }

        if (width == 0 || height == 0 || columns == 0 || rows == 0 || interval == 0 || count == 0)
            throw Error(json, MediaFormatError.Missing, "A property of the thumbnails is missing.");
        if (sizes.Length != (count + columns * rows - 1) / (columns * rows))
            throw Error(json, MediaFormatError.Invalid, $"{count} thumbnails, {columns} by {rows} a file, are not {sizes.Length} files.");
        return new ThumbnailTiles((int)width, (int)height, (int)columns, (int)rows, TimeSpan.FromMilliseconds(interval), (int)count, sizes);
    }
}
