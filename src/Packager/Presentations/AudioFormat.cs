namespace Movento.Packager.Presentations;

/// <summary>What the sound of a rendition is like.</summary>
/// <param name="SampleRate">Samples a second.</param>
/// <param name="Channels">Channels.</param>
public sealed record AudioFormat(int SampleRate, int Channels)
{
    /// <summary>Of Dolby Digital Plus with Joint Object Coding, the complexity index (ETSI TS 103 420 §8.3.2): HLS' CHANNELS is then <c>16/JOC</c>. Else 0.</summary>
    public int JointObjects { get; init; }
}
