using System.Collections.Immutable;
using System.Text.Json;
using static Movento.Packager.Presentations.JsonValues;

namespace Movento.Packager.Presentations;

/// <summary>One rendition in presentation.json (docs/formats/presentation.md): its segments as two columns, sizes and durations.</summary>
internal static class RenditionJson
{
    public static void Write(Utf8JsonWriter json, Rendition rendition)
    {
        json.WriteStartObject();
        json.WriteString("id"u8, rendition.Id);
        json.WriteString("kind"u8, rendition.Kind switch
        {
            TrackKind.Video => "video"u8,
            TrackKind.Audio => "audio"u8,
            TrackKind.Text => "text"u8,
            _ => "image"u8,
        });
        json.WriteString("codecs"u8, rendition.Codecs);
        if (rendition.SupplementalCodecs is not null)
            json.WriteString("supplementalCodecs"u8, rendition.SupplementalCodecs);
        if (rendition.Language is not null)
            json.WriteString("language"u8, rendition.Language);
        if (rendition.Name is not null)
            json.WriteString("name"u8, rendition.Name);
        json.WriteBoolean("default"u8, rendition.IsDefault);
        if (rendition.Role != TrackRole.None)
            json.WriteString("role"u8, TrackRoleName.Of(rendition.Role));
        if (rendition.Score is { } score)
            json.WriteNumber("score"u8, score);
        if (rendition.Video is { } video)
            FormatJson.Write(json, video);
        if (rendition.Audio is { } audio)
            FormatJson.Write(json, audio);
        if (rendition.Encryption is { } encryption)
            EncryptionJson.Write(json, encryption);
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
        if (rendition.TextSegmentSizes.Length > 0)
            WriteColumn(json, "textSizes"u8, rendition.TextSegmentSizes.AsSpan());
        if (rendition.AccessPoints.Length > 0)
            AccessPointJson.Write(json, rendition);
        json.WriteEndObject();
    }

    /// <summary>Reads an object whose beginning was read.</summary>
    public static Rendition Read(ref Utf8JsonReader json)
    {
        string? id = null, kind = null, codecs = null, supplementalCodecs = null, language = null, name = null;
        var isDefault = false;
        var role = TrackRole.None;
        double? score = null;
        VideoFormat? video = null;
        AudioFormat? audio = null;
        Encryption? encryption = null;
        long timescale = 0, samples = 0;
        ByteRange? initialization = null, index = null, first = null;
        ImmutableArray<long> sizes = [], durations = [], textSizes = [];
        (ImmutableArray<long>, ImmutableArray<long>, ImmutableArray<long>)? accessPoints = null;
        while (Next(ref json) != JsonTokenType.EndObject)
        {
            var property = json.GetString();
            Next(ref json);
            switch (property)
            {
                case "id": id = ReadText(ref json); break;
                case "kind": kind = ReadText(ref json); break;
                case "codecs": codecs = ReadText(ref json); break;
                case "supplementalCodecs": supplementalCodecs = ReadText(ref json); break;
                case "language": language = ReadText(ref json); break;
                case "name": name = ReadText(ref json); break;
                case "default": isDefault = json.GetBoolean(); break;
                case "role": role = ReadRole(ref json); break;
                case "score": score = ReadScore(ref json); break;
                case "video": video = FormatJson.ReadVideo(ref json); break;
                case "audio": audio = FormatJson.ReadAudio(ref json); break;
                case "encryption": encryption = EncryptionJson.Read(ref json); break;
                case "timescale": timescale = ReadNumber(ref json, 1, uint.MaxValue); break;
                case "samples": samples = ReadNumber(ref json, 1); break;
                case "initialization": initialization = ReadRange(ref json); break;
                case "index": index = ReadRange(ref json); break;
                case "first": first = ReadRange(ref json); break;
                case "sizes": sizes = ReadColumn(ref json); break;
                case "durations": durations = ReadColumn(ref json); break;
                case "textSizes": textSizes = ReadColumn(ref json); break;
                case "accessPoints": accessPoints = AccessPointJson.Read(ref json); break;
                default: json.Skip(); break;
            }
        }

        if (id is null || kind is null || codecs is null || timescale == 0 || samples == 0
            || initialization is null || index is null || first is null || sizes.Length == 0)
            throw Error(json, MediaFormatError.Missing, "A property of the rendition is missing.");
        if (!Rendition.IsId(id))
            throw Error(json, MediaFormatError.Invalid, "The rendition's id is not 1 to 32 of a-z 0-9 -, or is the name of another file.");
        TrackKind? known = kind switch
        {
            "video" => TrackKind.Video, "audio" => TrackKind.Audio, "text" => TrackKind.Text, "image" => TrackKind.Image, _ => null,
        };
        if (known is null
            || known is TrackKind.Video or TrackKind.Image != video is not null
            || known == TrackKind.Audio != audio is not null)
            throw Error(json, MediaFormatError.Invalid, "The rendition's kind does not fit its format.");
        if (sizes.Length != durations.Length)
            throw Error(json, MediaFormatError.Invalid, $"There are {sizes.Length} sizes and {durations.Length} durations.");
        if (textSizes.Length != (known == TrackKind.Text ? sizes.Length : 0))
            throw Error(json, MediaFormatError.Invalid, $"There are {textSizes.Length} texts for {sizes.Length} segments of {kind}.");
        if (encryption is not null && encryption.Periods[^1].FirstSegment >= sizes.Length)
            throw Error(json, MediaFormatError.Invalid, $"A key begins at segment {encryption.Periods[^1].FirstSegment} of {sizes.Length}.");
        var segments = ToSegments(json, first.Value.Offset, first.Value.Size, sizes, durations);
        return new Rendition
        {
            Id = id,
            Kind = known.Value,
            Codecs = codecs,
            SupplementalCodecs = supplementalCodecs,
            Language = language,
            Name = name,
            IsDefault = isDefault,
            Role = role,
            Score = score,
            Video = video,
            Audio = audio,
            Encryption = encryption,
            Timescale = (uint)timescale,
            SampleCount = samples,
            Initialization = initialization.Value,
            SegmentIndex = index.Value,
            Segments = segments,
            TextSegmentSizes = textSizes,
            AccessPoints = accessPoints is { } columns ? AccessPointJson.ToPoints(json, segments, columns) : [],
        };
    }

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

    private static TrackRole ReadRole(ref Utf8JsonReader json) =>
        TrackRoleName.TryRead(ReadText(ref json)) ?? throw Error(json, MediaFormatError.Invalid, "The role is unknown.");

    private static double ReadScore(ref Utf8JsonReader json) => json.GetDouble() is var score and >= 0 and <= MaxNumber
        ? score
        : throw Error(json, MediaFormatError.Invalid, "The score is not a number from 0.");
}
