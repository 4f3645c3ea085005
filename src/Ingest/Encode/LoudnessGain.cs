namespace Movento.Ingest.Encode;

/// <summary>How loud a track of sound is (EBU R 128, ITU-R BS.1770-4), and what brings it to the wanted loudness.</summary>
/// <param name="Integrated">Loudness of the whole track, in LUFS.</param>
/// <param name="Range">Loudness range (EBU Tech 3342), in LU.</param>
/// <param name="TruePeak">The highest peak, between samples too, in dBTP.</param>
/// <param name="Gain">What every sample is made louder by, in dB.</param>
/// <param name="IsLimited">Whether peaks would go above what EBU R 128 allows, and are held there.</param>
internal sealed record LoudnessGain(double Integrated, double Range, double TruePeak, double Gain, bool IsLimited)
{
    /// <summary>EBU R 128 §h, in dBTP.</summary>
    public const double HighestPeak = -1;

    // Below this it is silence or nearly so: the gate of BS.1770-4 is at -70 LUFS.
    private const double LeastLoudness = -60;

    // So that the noise of a quiet room does not become a waterfall.
    private const double MostGain = 24;

    /// <summary>One gain for the whole track, so that its dynamics stay; rounded to a hundredth. Pure.</summary>
    /// <param name="measure">What was measured.</param>
    /// <param name="target">The wanted loudness, in LUFS.</param>
    public static LoudnessGain For(LoudnessMeasure measure, double target)
    {
        var gain = measure.Integrated < LeastLoudness ? 0 : Math.Round(Math.Min(target - measure.Integrated, MostGain), 2);
        return new LoudnessGain(measure.Integrated, measure.Range, measure.TruePeak, gain, IsLimited: measure.TruePeak + gain > HighestPeak);
    }
}

/// <summary>What a first pass over a track of sound measured; see <see cref="LoudnessGain"/>.</summary>
internal sealed record LoudnessMeasure(double Integrated, double Range, double TruePeak)
{
    /// <summary>Stands for no sound at all.</summary>
    public const double Silence = -99;
}
