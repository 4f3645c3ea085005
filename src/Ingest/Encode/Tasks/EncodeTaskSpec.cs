using System.Collections.Immutable;
using System.Text.Json.Serialization;
using Movento.Ingest.Ladder;

namespace Movento.Ingest.Encode.Tasks;

/// <summary>One run of ffmpeg that any worker can make: the source in, one file for each output.</summary>
/// <param name="Name">Within the version: <c>a-z 0-9 -</c>.</param>
/// <param name="Arguments">Everything after the tool's name. The source is <c>source</c> in the folder that it runs in.</param>
/// <param name="Outputs">The names of the files that it writes there.</param>
/// <param name="Length">Of the film that it encodes, in seconds: what its progress and its time limit are reckoned from.</param>
/// <param name="IsStreamed">Whether its one output, a fragmented MP4 file, is stored in parts while it grows.</param>
/// <param name="VideoStream">Whose decoded frames are counted; null for sound.</param>
internal sealed record EncodeTaskSpec(
    string Name, ImmutableArray<string> Arguments, ImmutableArray<string> Outputs, double Length, bool IsStreamed, int? VideoStream)
{
    /// <summary>0 for what makes the film playable, 1 for the rest.</summary>
    public required int Urgency { get; init; }

    /// <summary>The order within the film.</summary>
    public required int Ordinal { get; init; }

    /// <summary>Of how many encodes it takes the memory; see <see cref="IngestOptions.EncodeMemoryBytes"/>.</summary>
    public int Places { get; init; } = 1;

    /// <summary>Of a sample, which is measured and not kept, in how many ways it is encoded (<see cref="ComplexityProbe"/>); 0 for what is made.</summary>
    public int SampledWays { get; init; }
}

/// <summary>What came of a task.</summary>
/// <param name="Outputs">The files that have bytes, as they were stored.</param>
/// <param name="DecodedFrames">Frames that the source's video track decoded to, as ffmpeg counted them; null for sound.</param>
/// <param name="Seconds">How long it took.</param>
/// <param name="Loudness">What a task that measures the loudness found; null for others.</param>
/// <param name="Sample">What a sample came to; null for others, and for one that could not be measured.</param>
internal sealed record EncodeTaskResult(
    ImmutableArray<EncodeTaskOutput> Outputs, long? DecodedFrames, double Seconds, LoudnessMeasure? Loudness = null, ComplexitySample? Sample = null);

/// <summary>A file that a task made; the encoder's own SSIM of its luma, or null.</summary>
internal sealed record EncodeTaskOutput(string Name, long Bytes, string Sha256, double? Ssim);

[JsonSourceGenerationOptions(PropertyNamingPolicy = JsonKnownNamingPolicy.CamelCase)]
[JsonSerializable(typeof(EncodeTaskSpec))]
[JsonSerializable(typeof(EncodeTaskResult))]
internal sealed partial class EncodeTaskJson : JsonSerializerContext;
