using System.Text.Json.Serialization;

namespace Movento.Ingest.Probe;

// ffprobe's JSON, as far as we read it. Everything may be missing.

internal sealed record FfprobeReport(List<FfprobeStream>? Streams, FfprobeFormat? Format)
{
    public List<FfprobeChapter>? Chapters { get; init; }
}

internal sealed record FfprobeChapter(string? StartTime, string? EndTime, Dictionary<string, string>? Tags);

internal sealed record FfprobeFormat(string? FormatName, string? Duration, string? StartTime);

internal sealed record FfprobeStream
{
    public int Index { get; init; }
    public string? CodecType { get; init; }
    public string? CodecName { get; init; }
    public int Width { get; init; }
    public int Height { get; init; }
    public string? SampleAspectRatio { get; init; }
    public string? PixFmt { get; init; }
    public string? ColorRange { get; init; }
    public string? ColorTransfer { get; init; }
    public string? FieldOrder { get; init; }
    public string? RFrameRate { get; init; }
    public string? AvgFrameRate { get; init; }
    public string? TimeBase { get; init; }
    public string? Duration { get; init; }
    public string? SampleRate { get; init; }
    public int Channels { get; init; }
    public int ClosedCaptions { get; init; }
    public string? ChannelLayout { get; init; }
    public string? NbFrames { get; init; }
    public string? NbReadPackets { get; init; }
    public Dictionary<string, int>? Disposition { get; init; }
    public Dictionary<string, string>? Tags { get; init; }
    public List<FfprobeSideData>? SideDataList { get; init; }

    public bool Has(string disposition) => Disposition?.GetValueOrDefault(disposition) == 1;
}

internal sealed record FfprobeSideData(string? SideDataType, double? Rotation)
{
    // Mastering display metadata: fractions such as "34000/50000".
    public string? RedX { get; init; }
    public string? RedY { get; init; }
    public string? GreenX { get; init; }
    public string? GreenY { get; init; }
    public string? BlueX { get; init; }
    public string? BlueY { get; init; }
    public string? WhitePointX { get; init; }
    public string? WhitePointY { get; init; }
    public string? MaxLuminance { get; init; }
    public string? MinLuminance { get; init; }

    // Content light level metadata.
    public int? MaxContent { get; init; }
    public int? MaxAverage { get; init; }
}

[JsonSourceGenerationOptions(PropertyNamingPolicy = JsonKnownNamingPolicy.SnakeCaseLower, MaxDepth = 16)]
[JsonSerializable(typeof(FfprobeReport))]
internal sealed partial class FfprobeJson : JsonSerializerContext;
