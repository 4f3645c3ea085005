using System.Text.Json;
using static Movento.Packager.Presentations.JsonValues;

namespace Movento.Packager.Presentations;

/// <summary>What pictures and sound are like, in presentation.json.</summary>
internal static class FormatJson
{
    public static void Write(Utf8JsonWriter json, VideoFormat video)
    {
        json.WriteStartObject("video"u8);
        json.WriteNumber("width"u8, video.Width);
        json.WriteNumber("height"u8, video.Height);
        WritePair(json, "frameRate"u8, video.FrameRate.Numerator, video.FrameRate.Denominator);
        WritePair(json, "sampleAspectRatio"u8, video.SampleAspectRatio.Horizontal, video.SampleAspectRatio.Vertical);
        json.WriteString("range"u8, video.Range switch { VideoRange.Pq => "PQ"u8, VideoRange.Hlg => "HLG"u8, _ => "SDR"u8 });
        json.WriteEndObject();
    }

    public static void Write(Utf8JsonWriter json, AudioFormat audio)
    {
        json.WriteStartObject("audio"u8);
        json.WriteNumber("sampleRate"u8, audio.SampleRate);
        json.WriteNumber("channels"u8, audio.Channels);
        if (audio.JointObjects != 0)
            json.WriteNumber("jointObjects"u8, audio.JointObjects);
        json.WriteEndObject();
    }

    public static VideoFormat ReadVideo(ref Utf8JsonReader json)
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
                case "width": width = ReadNumber(ref json, 1, int.MaxValue); break;
                case "height": height = ReadNumber(ref json, 1, int.MaxValue); break;
                case "frameRate": rate = ReadPair(ref json, 1); break;
                case "sampleAspectRatio": aspect = ReadPair(ref json, 1, int.MaxValue); break;
                case "range":
                    range = ReadText(ref json) switch
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

    public static AudioFormat ReadAudio(ref Utf8JsonReader json)
    {
        long sampleRate = 0, channels = 0, jointObjects = 0;
        Expect(json, JsonTokenType.StartObject);
        while (Next(ref json) != JsonTokenType.EndObject)
        {
            var property = json.GetString();
            Next(ref json);
            switch (property)
            {
                case "sampleRate": sampleRate = ReadNumber(ref json, 1, int.MaxValue); break;
                case "channels": channels = ReadNumber(ref json, 1, 255); break;
                case "jointObjects": jointObjects = ReadNumber(ref json, 0, 255); break;
                default: json.Skip(); break;
            }
        }

        return sampleRate != 0 && channels != 0
            ? new AudioFormat((int)sampleRate, (int)channels) { JointObjects = (int)jointObjects }
            : throw Error(json, MediaFormatError.Missing, "A property of the audio format is missing.");
    }
}
