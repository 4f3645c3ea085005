using System.Text.Json.Serialization;
using Movento.Packager.Presentations;

namespace Movento.Ingest.Ladder;

/// <summary>One rung: a picture size, a codec, and the bits it may take.</summary>
/// <param name="Id">Names the rendition: <c>v{height}</c>, <c>v{height}-hevc</c>, <c>v{height}-av1</c>.</param>
/// <param name="Width">In square pixels, even.</param>
/// <param name="Height">In square pixels, even.</param>
/// <param name="PeakBitrate">The most bits a second, over a second of buffer.</param>
internal sealed record Rung(string Id, int Width, int Height, int PeakBitrate)
{
    /// <summary>How it is compressed.</summary>
    public VideoCodec Codec { get; init; }

    /// <summary>The quality asked for, on the scale of its encoder; lower is better.</summary>
    public double ConstantRateFactor { get; init; } = 22;

    /// <summary>The dynamic range that is left in its pictures.</summary>
    public VideoRange Range { get; init; }

    /// <summary>Whether its samples have ten bits.</summary>
    [JsonIgnore]
    public bool IsTenBit => Range != VideoRange.Sdr;
}
