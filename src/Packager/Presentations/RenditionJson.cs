using System.Buffers;
using System.Collections.Immutable;
using System.Text.Json;
using Movento.Packager.IsoBmff.Boxes;

namespace Movento.Packager.Presentations;

/// <summary>One rendition in presentation.json (docs/formats/presentation.md): its segments as two columns, sizes and durations.</summary>
internal static class RenditionJson
{
    // 2^53: what every JSON reader holds exactly, and above every size and time that is packaged.
    private const long MaxNumber = 1L << 53;
    private const int MaxTextLength = 256;
    private static readonly SearchValues<char> IdCharacters = SearchValues.Create("abcdefghijklmnopqrstuvwxyz0123456789-");

    public static void Write(Utf8JsonWriter json, Rendition rendition)
    {
        json.WriteStartObject();
        json.WriteString("id"u8, rendition.Id);
        json.WriteString("kind"u8, rendition.Kind == TrackKind.Video ? "video"u8 : "audio"u8);
        json.WriteString("codecs"u8, rendition.Codecs);
        if (rendition.Language is not null)
            json.WriteString("language"u8, rendition.Language);
        if (rendition.Name is not null)
            json.WriteString("name"u8, rendition.Name);
        json.WriteBoolean("default"u8, rendition.IsDefault);
        if (rendition.Video is { } video)
        {
            json.WriteStartObject("video"u8);
            json.WriteNumber("width"u8, video.Width);
            json.WriteNumber("height"u8, video.Height);
            WritePair(json, "frameRate"u8, video.FrameRate.Numerator, video.FrameRate.Denominator);
            WritePair(json, "sampleAspectRatio"u8, video.SampleAspectRatio.Horizontal, video.SampleAspectRatio.Vertical);
            json.WriteString("range"u8, video.Range switch { VideoRange.Pq => "PQ"u8, VideoRange.Hlg => "HLG"u8, _ => "SDR"u8 });
            json.WriteEndObject();
        }

        if (rendition.Audio is { } audio)
        {
            json.WriteStartObject("audio"u8);
            json.WriteNumber("sampleRate"u8, audio.SampleRate);
            json.WriteNumber("channels"u8, audio.Channels);
            json.WriteEndObject();
        }

        json.WriteNumber("timescale"u8, rendition.Timescale);
        json.WriteNumber("samples"u8, rendition.SampleCount);
        WritePair(json, "initialization"u8, rendition.Initialization.Offset, rendition.Initialization.Size);
        WritePair(json, "index"u8, rendition.SegmentIndex.Offset, rendition.SegmentIndex.Size);
        WritePair(json, "first"u8, rendition.Segments[0].Offset, rendition.Segments[0].Start);
        json.WriteStartArray("sizes"u8);
        foreach (var segment in rendition.Segments)
            json.WriteNumberValue(segment.Size);
        json.WriteEndArray();
        json.WriteStartArray("durations"u8);
        foreach (var segment in rendition.Segments)
            json.WriteNumberValue(segment.Duration);
        json.WriteEndArray();
        json.WriteEndObject();
    }

    /// <summary>Reads an object whose beginning was read.</summary>
    public static Rendition Read(ref Utf8JsonReader json)
    {
        string? id = null, kind = null, codecs = null, language = null, name = null;
        var isDefault = false;
        VideoFormat? video = null;
        AudioFormat? audio = null;
        long timescale = 0, samples = 0;
        ByteRange? initialization = null, index = null, first = null;
        ImmutableArray<long> sizes = [], durations = [];
        while (Next(ref json) != JsonTokenType.EndObject)
        {
            var property = json.GetString();
            Next(ref json);
            switch (property)
            {
                case "id": id = Text(ref json); break;
                case "kind": kind = Text(ref json); break;
                case "codecs": codecs = Text(ref json); break;
                case "language": language = Text(ref json); break;
                case "name": name = Text(ref json); break;
                case "default": isDefault = json.GetBoolean(); break;
                case "video": video = ReadVideo(ref json); break;
                case "audio": audio = ReadAudio(ref json); break;
                case "timescale": timescale = Number(ref json, 1, uint.MaxValue); break;
                case "samples": samples = Number(ref json, 1); break;
                case "initialization": initialization = ReadRange(ref json); break;
                case "index": index = ReadRange(ref json); break;
                case "first": first = ReadRange(ref json); break;
                case "sizes": sizes = ReadColumn(ref json); break;
                case "durations": durations = ReadColumn(ref json); break;
                default: json.Skip(); break;
            }
        }

        if (id is null || kind is null || codecs is null || timescale == 0 || samples == 0
            || initialization is null || index is null || first is null || sizes.Length == 0)
            throw Error(json, MediaFormatError.Missing, "A property of the rendition is missing.");
        if (id.Length is 0 or > 32 || id.AsSpan().ContainsAnyExcept(IdCharacters))
            throw Error(json, MediaFormatError.Invalid, "The rendition's id is not 1 to 32 of a-z 0-9 -.");
        if (kind is not ("video" or "audio") || kind == "video" != video is not null || kind == "audio" != audio is not null)
            throw Error(json, MediaFormatError.Invalid, "The rendition's kind does not fit its format.");
        if (sizes.Length != durations.Length)
            throw Error(json, MediaFormatError.Invalid, $"There are {sizes.Length} sizes and {durations.Length} durations.");
        return new Rendition
        {
            Id = id,
            Kind = kind == "video" ? TrackKind.Video : TrackKind.Audio,
            Codecs = codecs,
            Language = language,
            Name = name,
            IsDefault = isDefault,
            Video = video,
            Audio = audio,
            Timescale = (uint)timescale,
            SampleCount = samples,
            Initialization = initialization.Value,
            SegmentIndex = index.Value,
            Segments = ToSegments(json, first.Value.Offset, first.Value.Size, sizes, durations),
        };
    }

    public static MediaFormatException Error(in Utf8JsonReader json, MediaFormatError error, string message) =>
        new(error, "presentation.json", json.TokenStartIndex, message);

    private static ImmutableArray<Segment> ToSegments(
        in Utf8JsonReader json, long offset, long start, ImmutableArray<long> sizes, ImmutableArray<long> durations)
    {
        var segments = ImmutableArray.CreateBuilder<Segment>(sizes.Length);
        for (var number = 0; number < sizes.Length; number++)
        {
            segments.Add(new Segment(offset, sizes[number], start, durations[number]));
            offset += sizes[number];
            start += durations[number];
            if (offset > MaxNumber || start > MaxNumber)
                throw Error(json, MediaFormatError.TooLarge, "The segments reach too far.");
        }

        return segments.MoveToImmutable();
    }

    private static VideoFormat ReadVideo(ref Utf8JsonReader json)
    {
        long width = 0, height = 0;
        ByteRange? rate = null, aspect = null;
        VideoRange? range = null;
        Expect(json, JsonTokenType.StartObject);
        while (Next(ref json) != JsonTokenType.EndObject)
        {
            var property = json.GetString();
            Next(ref json);
            switch (property)
            {
                case "width": width = Number(ref json, 1, int.MaxValue); break;
                case "height": height = Number(ref json, 1, int.MaxValue); break;
                case "frameRate": rate = ReadPair(ref json, 1); break;
                case "sampleAspectRatio": aspect = ReadPair(ref json, 1, int.MaxValue); break;
                case "range":
                    range = Text(ref json) switch
                    {
                        "SDR" => VideoRange.Sdr,
                        "PQ" => VideoRange.Pq,
                        "HLG" => VideoRange.Hlg,
                        _ => throw Error(json, MediaFormatError.Invalid, "The video range is unknown."),
                    };
                    break;
                default: json.Skip(); break;
            }
        }

        if (width == 0 || height == 0 || rate is null || range is null || aspect is null)
            throw Error(json, MediaFormatError.Missing, "A property of the video format is missing.");
        return new VideoFormat((int)width, (int)height, new FrameRate(rate.Value.Offset, rate.Value.Size), range.Value)
        {
            SampleAspectRatio = new SampleAspectRatio((int)aspect.Value.Offset, (int)aspect.Value.Size),
        };
    }

    private static AudioFormat ReadAudio(ref Utf8JsonReader json)
    {
        long sampleRate = 0, channels = 0;
        Expect(json, JsonTokenType.StartObject);
        while (Next(ref json) != JsonTokenType.EndObject)
        {
            var property = json.GetString();
            Next(ref json);
            switch (property)
            {
                case "sampleRate": sampleRate = Number(ref json, 1, int.MaxValue); break;
                case "channels": channels = Number(ref json, 1, 255); break;
                default: json.Skip(); break;
            }
        }

        return sampleRate != 0 && channels != 0
            ? new AudioFormat((int)sampleRate, (int)channels)
            : throw Error(json, MediaFormatError.Missing, "A property of the audio format is missing.");
    }

    private static ImmutableArray<long> ReadColumn(ref Utf8JsonReader json)
    {
        Expect(json, JsonTokenType.StartArray);
        var column = ImmutableArray.CreateBuilder<long>();
        while (Next(ref json) != JsonTokenType.EndArray)
        {
            if (column.Count == Sidx.MaxReferences)
                throw Error(json, MediaFormatError.TooLarge, $"There are more than {Sidx.MaxReferences} segments.");
            column.Add(Number(ref json, 1, uint.MaxValue));
        }

        return column.DrainToImmutable();
    }

    private static ByteRange ReadRange(ref Utf8JsonReader json) => ReadPair(ref json, 0);

    // Two numbers in an array.
    private static ByteRange ReadPair(ref Utf8JsonReader json, long least, long most = MaxNumber)
    {
        Expect(json, JsonTokenType.StartArray);
        Next(ref json);
        var first = Number(ref json, least, most);
        Next(ref json);
        var second = Number(ref json, least, most);
        Next(ref json);
        Expect(json, JsonTokenType.EndArray);
        return new ByteRange(first, second);
    }

    private static void WritePair(Utf8JsonWriter json, ReadOnlySpan<byte> name, long first, long second)
    {
        json.WriteStartArray(name);
        json.WriteNumberValue(first);
        json.WriteNumberValue(second);
        json.WriteEndArray();
    }

    private static long Number(ref Utf8JsonReader json, long least, long most = MaxNumber) =>
        json.TokenType == JsonTokenType.Number && json.TryGetInt64(out var value) && value >= least && value <= most
            ? value
            : throw Error(json, MediaFormatError.Invalid, $"A whole number from {least} to {most} is wanted here.");

    private static string Text(ref Utf8JsonReader json)
    {
        var text = json.GetString();
        return text is { Length: > 0 and <= MaxTextLength }
            ? text
            : throw Error(json, MediaFormatError.Invalid, $"A text of 1 to {MaxTextLength} characters is wanted here.");
    }

    internal static JsonTokenType Next(ref Utf8JsonReader json) => json.Read()
        ? json.TokenType
        : throw Error(json, MediaFormatError.Truncated, "The text ends too soon.");

    internal static void Expect(in Utf8JsonReader json, JsonTokenType token)
    {
        if (json.TokenType != token)
            throw Error(json, MediaFormatError.Invalid, $"{token} is wanted here.");
    }
}
