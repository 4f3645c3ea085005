using System.ComponentModel.DataAnnotations;
using System.Text.Json.Serialization;
using Movento.ApiDescription;
using Movento.Ingest.Upload;

namespace Movento.Ingest.Assets;

/// <summary>An asset as the API gives it (docs/formats/http-api.md).</summary>
/// <param name="Id">32 lower-case hexadecimal digits.</param>
/// <param name="Title">What viewers see.</param>
/// <param name="FileName">Of the upload.</param>
/// <param name="Priority">-1, 0 or 1: workers take the highest first.</param>
/// <param name="Bytes">Of the upload; null while its length is not known.</param>
/// <param name="Stages">In their order.</param>
/// <param name="Rungs">None before the ladder is known.</param>
/// <param name="Version">What is published; null for nothing.</param>
/// <param name="PlayableVersion">What can be played now: the published version, or the one that is still made, from its beginning; null for none.</param>
/// <param name="DurationSeconds">Null before it is known.</param>
/// <param name="Rejection">Why it cannot be published.</param>
/// <param name="Job">What is done for another version, or how that ended without one; null for nothing.</param>
/// <param name="Notes">What of the source is not in what was made of it, or not as it was.</param>
internal sealed record AssetView(
    string Id,
    string Title,
    string FileName,
    [property: Words(typeof(AssetQuery), nameof(AssetQuery.KnownStates))] string State,
    int Priority,
    long? Bytes,
    IReadOnlyList<StageView> Stages,
    RungView[] Rungs,
    int? Version,
    int? PlayableVersion,
    double? DurationSeconds,
    Rejection? Rejection,
    JobView? Job,
    SourceNote[] Notes,
    DateTimeOffset CreatedAt,
    DateTimeOffset UpdatedAt);

/// <summary>
/// What is being done for another version of a published asset, <c>queued</c> or <c>processing</c>, or how that ended without one:
/// <c>rejected</c> or <c>cancelled</c>.
/// </summary>
internal sealed record JobView(string State, Rejection? Rejection);

/// <summary>A stage: <c>waiting</c>, <c>running</c>, <c>done</c>, <c>failed</c> or <c>cancelled</c>; progress from 0 to 1.</summary>
internal sealed record StageView(string Name, string State, double Progress);

/// <summary>A rung: its size in pixels, and how far its encode is.</summary>
internal sealed record RungView(string Id, int Width, int Height, double Progress);

/// <summary>
/// A page of assets; <paramref name="Next"/> is the <c>after</c> of the next one, null on the last. A team's stream that goes on from
/// <paramref name="Events"/> tells every change that the page does not show yet.
/// </summary>
internal sealed record AssetPage(IReadOnlyList<AssetView> Items, string? Next, string Events);

/// <summary>An asset that is gone.</summary>
internal sealed record RemovedAsset(string Id);

/// <summary>A published version whose objects are there: the one that plays, or one that plays on for whoever began with it.</summary>
internal sealed record VersionView(int Version, DateTimeOffset PublishedAt, DateTimeOffset? RetiredAt);

/// <summary>A page of an asset's versions, the newest first; <paramref name="Next"/> is the <c>after</c> of the next one, null on the last.</summary>
internal sealed record VersionList(IReadOnlyList<VersionView> Items, string? Next);

/// <summary>What may be changed of an asset.</summary>
[JsonUnmappedMemberHandling(JsonUnmappedMemberHandling.Disallow)]
internal sealed record AssetPatch(
    [property: Range(UploadPriority.Lowest, UploadPriority.Highest)] int? Priority, [property: MinLength(1), MaxLength(UploadNames.MaxTitle)] string? Title = null);

/// <summary>How an asset is to be encoded again.</summary>
[JsonUnmappedMemberHandling(JsonUnmappedMemberHandling.Disallow)]
internal sealed record VersionRequest([property: Range(UploadPriority.Lowest, UploadPriority.Highest)] int? Priority);

/// <summary>The answer to an upload.</summary>
/// <param name="AssetId">What it became.</param>
/// <param name="Bytes">How many there were.</param>
/// <param name="Sha256">Of all of them, 64 hexadecimal digits.</param>
internal sealed record UploadReceipt(string AssetId, long Bytes, string Sha256);

/// <summary>An error of the API: problem details (RFC 9457) with a code and, where one helps, a hint.</summary>
internal sealed record IngestProblem(string Type, string Title, int Status, string Detail, string Code, string? Hint, string? RequestId = null);

[JsonSourceGenerationOptions(PropertyNamingPolicy = JsonKnownNamingPolicy.CamelCase)]
[JsonSerializable(typeof(AssetView))]
[JsonSerializable(typeof(AssetPage))]
[JsonSerializable(typeof(RemovedAsset))]
[JsonSerializable(typeof(VersionList))]
[JsonSerializable(typeof(AssetPatch))]
[JsonSerializable(typeof(VersionRequest))]
[JsonSerializable(typeof(RungView[]))]
[JsonSerializable(typeof(SourceNote[]))]
[JsonSerializable(typeof(UploadReceipt))]
[JsonSerializable(typeof(IngestProblem))]
internal sealed partial class AssetJson : JsonSerializerContext;
