using System.Text.Json.Serialization;

namespace Movento.Ingest.Assets;

/// <summary>An asset as the API gives it (docs/formats/http-api.md).</summary>
internal sealed record AssetView(
    string Id,
    string Title,
    string FileName,
    string State,
    IReadOnlyList<StageView> Stages,
    RungView[] Rungs,
    int? Version,
    int? PlayableVersion,
    double? DurationSeconds,
    Rejection? Rejection,
    SourceNote[] Notes,
    DateTimeOffset CreatedAt,
    DateTimeOffset UpdatedAt);

/// <summary>A stage: <c>waiting</c>, <c>running</c>, <c>done</c> or <c>failed</c>; progress from 0 to 1.</summary>
internal sealed record StageView(string Name, string State, double Progress);

/// <summary>A rung: its size in pixels, and how far its encode is.</summary>
internal sealed record RungView(string Id, int Width, int Height, double Progress);

/// <summary>A page of assets; <paramref name="Next"/> is the <c>after</c> of the next one, null on the last.</summary>
internal sealed record AssetPage(IReadOnlyList<AssetView> Items, string? Next);

/// <summary>The answer to an upload.</summary>
internal sealed record UploadReceipt(string AssetId, long Bytes, string Sha256);

/// <summary>An error of the API: problem details (RFC 9457) with a code and, where one helps, a hint.</summary>
internal sealed record IngestProblem(string Type, string Title, int Status, string Detail, string Code, string? Hint);

[JsonSourceGenerationOptions(PropertyNamingPolicy = JsonKnownNamingPolicy.CamelCase)]
[JsonSerializable(typeof(AssetView))]
[JsonSerializable(typeof(AssetPage))]
[JsonSerializable(typeof(RungView[]))]
[JsonSerializable(typeof(SourceNote[]))]
[JsonSerializable(typeof(UploadReceipt))]
[JsonSerializable(typeof(IngestProblem))]
internal sealed partial class AssetJson : JsonSerializerContext;
