using Movento.Packager.IsoBmff;

namespace Movento.Packager.Codecs;

/// <summary>Opus Specific Box (dOps), in Opus; Encapsulation of Opus in ISO Base Media File Format §4.3.2.</summary>
/// <param name="Channels">OutputChannelCount, at least 1.</param>
/// <param name="PreSkip">Samples of 48 kHz that come out of the decoder before the sound begins; an edit list hides them.</param>
public readonly record struct OpusConfiguration(int Channels, int PreSkip)
{
    /// <summary>What every decoder gives out, whatever went into the encoder (§4.3.1).</summary>
    public const int SampleRate = 48000;

    /// <summary>Reads the body.</summary>
    public static OpusConfiguration Read(scoped ref BoxReader box)
    {
        if (box.ReadUInt8() != 0)
            throw box.Error(MediaFormatError.Unsupported, "The Opus configuration's version is not 0.");
        var (channels, preSkip) = (box.ReadUInt8(), box.ReadUInt16());
        box.Skip(4 + 2); // InputSampleRate, OutputGain
        if (channels == 0)
            throw box.Error(MediaFormatError.Invalid, "The sound has no channels.");
        if (box.ReadUInt8() != 0) // ChannelMappingFamily
            box.Skip(1 + 1 + channels); // StreamCount, CoupledCount, ChannelMapping
        return new OpusConfiguration(channels, preSkip);
    }
}
