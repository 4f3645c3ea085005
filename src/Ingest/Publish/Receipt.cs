using System.Text.Json.Serialization;

namespace Movento.Ingest.Publish;

/// <summary>receipt.json: what was done to make a version (docs/formats/receipt.md).</summary>
internal sealed record Receipt(
    string AssetId,
    int Version,
    ReceiptSource Source,
    ReceiptTools Tools,
    IReadOnlyList<string> Arguments,
    long? DecodedFrames,
    IReadOnlyList<ReceiptOutput> Outputs,
    IReadOnlyList<string> Notes);

/// <summary>The upload: its bytes and their SHA-256, in hexadecimal digits.</summary>
internal sealed record ReceiptSource(long Bytes, string Sha256);

/// <summary>What made it: the first line of <c>ffmpeg -version</c>, and our own version.</summary>
internal sealed record ReceiptTools(string Ffmpeg, string Movento);

/// <summary>One file of the version; samples of a rendition, null for pictures and texts.</summary>
internal sealed record ReceiptOutput(string Name, long Bytes, string Sha256, long? Samples);

[JsonSourceGenerationOptions(PropertyNamingPolicy = JsonKnownNamingPolicy.CamelCase, WriteIndented = true)]
[JsonSerializable(typeof(Receipt))]
internal sealed partial class ReceiptJson : JsonSerializerContext;
