using System.Text.Json.Serialization;
using Movento.Ingest.Encode;
using Movento.Ingest.Encode.Tasks;

namespace Movento.Ingest.Publish;

/// <summary>receipt.json: what was done to make a version (docs/formats/receipt.md).</summary>
internal sealed record Receipt(
    string AssetId,
    int Version,
    ReceiptSource Source,
    ReceiptTools Tools,
    long? DecodedFrames,
    IReadOnlyList<ReceiptRung> Rungs,
    IReadOnlyList<ReceiptTask> Tasks,
    IReadOnlyDictionary<string, double> StageSeconds,
    IReadOnlyList<ReceiptOutput> Outputs,
    IReadOnlyList<ReceiptLoudness> Loudness,
    IReadOnlyList<SourceNote> Notes);

/// <summary>The upload: its bytes and their SHA-256, in hexadecimal digits.</summary>
internal sealed record ReceiptSource(long Bytes, string Sha256);

/// <summary>What made it: the first line of <c>ffmpeg -version</c>, and our own version.</summary>
internal sealed record ReceiptTools(string Ffmpeg, string Movento);

/// <summary>A rung: what was asked of its encoder, unless the source passed through, and what came of it. Bits a second; SSIM against the pictures that the encoder was given.</summary>
internal sealed record ReceiptRung(
    string Id, string Codecs, int Width, int Height, double ConstantRateFactor, int BitrateCap, long AverageBitrate, long PeakBitrate, double? Ssim,
    bool IsPassedThrough);

/// <summary>A run of ffmpeg: its arguments, the attempt that went well, how long that took, and what it made.</summary>
internal sealed record ReceiptTask(
    string Name, IReadOnlyList<string> Arguments, int Attempt, double Seconds, long? DecodedFrames, IReadOnlyList<EncodeTaskOutput> Outputs);

/// <summary>One file of the version; samples of a rendition, null for pictures and texts.</summary>
internal sealed record ReceiptOutput(string Name, long Bytes, string Sha256, long? Samples);

/// <summary>
/// How loud the sound of a rendition was (LUFS, LU, dBTP; -99 for silence), by how much it was made louder (dB), and whether its peaks were held.
/// </summary>
internal sealed record ReceiptLoudness(string Rendition, double Integrated, double Range, double TruePeak, double Gain, bool IsLimited)
{
    /// <summary>Those of the outputs whose loudness was measured.</summary>
    public static IReadOnlyList<ReceiptLoudness> Of(IEnumerable<AudioOutput> outputs) =>
    [
        .. from output in outputs
           where output.Loudness is not null
           let loudness = output.Loudness
           select new ReceiptLoudness(
               output.Id, loudness.Integrated, loudness.Range, loudness.TruePeak, loudness.Gain, loudness.IsLimited),
    ];
}

[JsonSourceGenerationOptions(PropertyNamingPolicy = JsonKnownNamingPolicy.CamelCase, WriteIndented = true)]
[JsonSerializable(typeof(Receipt))]
internal sealed partial class ReceiptJson : JsonSerializerContext;
