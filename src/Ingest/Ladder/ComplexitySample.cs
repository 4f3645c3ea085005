namespace Movento.Ingest.Ladder;

/// <summary>What a sample of a film came to, by the ways in which it was encoded.</summary>
internal sealed record ComplexitySample(IReadOnlyList<SampledWay> Ways);

/// <summary>A sample as one encoder made it.</summary>
/// <param name="FirstBytes">Of its first picture, the key frame.</param>
/// <param name="OtherBytes">Of all others together.</param>
/// <param name="Pictures">How many it has.</param>
/// <param name="Similarity">SSIM of the luma with the pictures as they went into the encoder; at most 1.</param>
internal sealed record SampledWay(long FirstBytes, long OtherBytes, long Pictures, double Similarity)
{
    /// <summary>Bits a second of a film that goes on like the sample, which has one key frame, with a key frame in each interval.</summary>
    public double Bitrate(double frameRate, TimeSpan keyframeInterval)
    {
        var frames = Math.Max(1, frameRate * keyframeInterval.TotalSeconds);
        var between = Pictures > 1 ? (double)OtherBytes / (Pictures - 1) : FirstBytes;
        return 8 * frameRate * (FirstBytes + between * (frames - 1)) / frames;
    }
}
