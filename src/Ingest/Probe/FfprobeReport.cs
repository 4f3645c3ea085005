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
    public string? NbReadPackets { get; init; }
    public Dictionary<string, int>? Disposition { get; init; }
    public Dictionary<string, string>? Tags { get; init; }
    public List<FfprobeSideData>? SideDataList { get; init; }

    public bool Has(string disposition) => Disposition?.GetValueOrDefault(disposition) == 1;
}

internal sealed record FfprobeSideData(string? SideDataType, double? Rotation);

[JsonSourceGenerationOptions(PropertyNamingPolicy = JsonKnownNamingPolicy.SnakeCaseLower, MaxDepth = 16)]
[JsonSerializable(typeof(FfprobeReport))]
internal sealed partial class FfprobeJson : JsonSerializerContext;
