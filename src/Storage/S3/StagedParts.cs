using System.Text.Json;
using System.Text.Json.Serialization;
using Movento.Storage.Staging;

namespace Movento.Storage.S3;

/// <summary>
/// What must be remembered of an upload that grows as a multipart put. A part's number is used once: a request that lost the upload to a
/// newer one may still be sending its part, and must not replace the newer one's.
/// </summary>
/// <param name="UploadId">The multipart put's id; null before the first part.</param>
/// <param name="Parts">In order.</param>
/// <param name="Next">The number of the next part or tail.</param>
/// <param name="Tail">The number of the tail, an object of its own: bytes at the end that are too few for a part.</param>
/// <param name="TailLength">In bytes.</param>
/// <param name="IsOpen">Whether somebody may still be sending under the number <paramref name="Next"/>.</param>
internal sealed record StagedParts(string? UploadId, IReadOnlyList<StagedPart> Parts, int Next, int? Tail, long TailLength, bool IsOpen)
{
    public static StagedParts None { get; } = new(null, [], 1, null, 0, false);

    public static StagedParts Read(StagedBytes staged) =>
        staged.Memo is { } memo ? JsonSerializer.Deserialize(memo, StagedPartsJson.Default.StagedParts) ?? None : None;

    public StagedBytes ToStaged()
    {
        long length = TailLength;
        foreach (var part in Parts)
            length += part.Length;
        return new StagedBytes(length, JsonSerializer.Serialize(this, StagedPartsJson.Default.StagedParts));
    }
}

internal sealed record StagedPart(int Number, string ETag, long Length);

[JsonSourceGenerationOptions(PropertyNamingPolicy = JsonKnownNamingPolicy.CamelCase)]
[JsonSerializable(typeof(StagedParts))]
internal sealed partial class StagedPartsJson : JsonSerializerContext;
