namespace Movento.Packager.Codecs;

/// <summary>AudioSpecificConfig (ISO/IEC 14496-3 §1.6.2.1).</summary>
/// <param name="ObjectType">audioObjectType: 2 is AAC LC, 5 HE-AAC (SBR), 29 HE-AAC v2 (parametric stereo), 42 xHE-AAC.</param>
/// <param name="SampleRate">Samples a second that come out of the decoder.</param>
/// <param name="Channels">Channels that come out of the decoder; 0 where only the stream says it.</param>
public readonly record struct AacConfiguration(int ObjectType, int SampleRate, int Channels)
{
    private const int MainProfile = 1;
    private const int LongTermPrediction = 4;
    private const int SpectralBandReplication = 5;
    private const int ParametricStereo = 29;

    // Table 1.18
    private static ReadOnlySpan<int> SampleRates => [96000, 88200, 64000, 48000, 44100, 32000, 24000, 22050, 16000, 12000, 11025, 8000, 7350];

    // Table 1.19, configurations 0 to 15; 0 says it elsewhere.
    private static ReadOnlySpan<int> ChannelCounts => [0, 1, 2, 3, 4, 5, 6, 8, 0, 0, 0, 7, 8, 24, 8, 0];

    /// <summary>Reads the descriptor's bytes.</summary>
    /// <returns>Null when they are not an AudioSpecificConfig.</returns>
    public static AacConfiguration? TryRead(ReadOnlySpan<byte> bytes)
    {
        var bits = new BitReader(bytes);
        var objectType = ReadObjectType(ref bits);
        var sampleRate = ReadSampleRate(ref bits);
        var channels = ChannelCounts[(int)bits.ReadBits(4)];
        if (objectType is SpectralBandReplication or ParametricStereo)
        {
            // Hierarchical signalling: the core follows.
            sampleRate = ReadSampleRate(ref bits);
            if (objectType == ParametricStereo)
                channels = 2;
        }

        return bits.IsPastEnd || objectType == 0 || sampleRate <= 0 ? null : new(objectType, sampleRate, channels);
    }

    /// <summary>Whether decoding can begin at every access unit: so in AAC up to HE-AAC v2, but not in xHE-AAC.</summary>
    public bool IsEverySampleSync => ObjectType is >= MainProfile and <= LongTermPrediction or SpectralBandReplication or ParametricStereo;

    private static int ReadObjectType(ref BitReader bits)
    {
        const uint Escape = 31;
        var type = bits.ReadBits(5);
        return (int)(type == Escape ? 32 + bits.ReadBits(6) : type);
    }

    private static int ReadSampleRate(ref BitReader bits)
    {
        const uint Explicit = 15;
        var index = bits.ReadBits(4);
        return index == Explicit ? (int)bits.ReadBits(24) : index < SampleRates.Length ? SampleRates[(int)index] : 0;
    }
}
