using System.Text.Json.Serialization;
using Movento.Ingest.Encode;

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
    IReadOnlyList<ReceiptLoudness> Loudness,
    IReadOnlyList<SourceNote> Notes);

/// <summary>The upload: its bytes and their SHA-256, in hexadecimal digits.</summary>
internal sealed record ReceiptSource(long Bytes, string Sha256);

/// <summary>What made it: the first line of <c>ffmpeg -version</c>, and our own version.</summary>
internal sealed record ReceiptTools(string Ffmpeg, string Movento);

/// <summary>One file of the version; samples of a rendition, null for pictures and texts.</summary>
internal sealed record ReceiptOutput(string Name, long Bytes, string Sha256, long? Samples);

/// <summary>
/// How loud the sound of a rendition was (LUFS, LU, dBTP; null where it was silent), by how much it was made louder (dB), and whether its peaks were held.
/// </summary>
internal sealed record ReceiptLoudness(string Rendition, double? Integrated, double? Range, double? TruePeak, double Gain, bool IsLimited)
{
    /// <summary>Those of the outputs whose loudness was measured.</summary>
    public static IReadOnlyList<ReceiptLoudness> Of(IEnumerable<AudioOutput> outputs) =>
    [
        .. from output in outputs
           where output.Loudness is not null
           let loudness = output.Loudness
           select new ReceiptLoudness(
               output.Id, Finite(loudness.Integrated), Finite(loudness.Range), Finite(loudness.TruePeak), loudness.Gain, loudness.IsLimited),
    ];

    private static double? Finite(double value) => double.IsFinite(value) ? value : null;
}

[JsonSourceGenerationOptions(PropertyNamingPolicy = JsonKnownNamingPolicy.CamelCase, WriteIndented = true)]
[JsonSerializable(typeof(Receipt))]
internal sealed partial class ReceiptJson : JsonSerializerContext;
