using System.Text.Json.Serialization;

namespace Movento.Ingest.Ladder;

/// <summary>A ladder: the rungs of H.264 from the lowest to the highest, then those of HEVC or AV1.</summary>
/// <param name="Rungs">None without video.</param>
/// <param name="FrameStep">Every n-th frame is kept: 1, or more where the source has more than 60 frames a second.</param>
internal sealed record EncodingLadder(IReadOnlyList<Rung> Rungs, int FrameStep)
{
    // A picture that is good enough to begin with, and a tenth of the work of 1080p.
    private const int FirstSide = 360;

    /// <summary>What every ladder has and every player plays: the rungs of H.264, in standard range.</summary>
    [JsonIgnore]
    public IEnumerable<Rung> Plain => Rungs.Where(rung => rung.Codec == VideoCodec.H264);

    /// <summary>
    /// The rung to encode before all others, so that the film can be watched early: its parameters are the same whatever the analysis of
    /// the film says. Null without video.
    /// </summary>
    [JsonIgnore]
    public Rung? First => Plain.LastOrDefault(rung => Math.Min(rung.Width, rung.Height) <= FirstSide) ?? Plain.FirstOrDefault();

    /// <summary>What could not be had of what the options ask for, a sentence each.</summary>
    public IReadOnlyList<string> Notes { get; init; } = [];
}
