using Movento.Packager.IsoBmff;

namespace Movento.Packager.Codecs;

/// <summary>AV1 Codec Configuration Box (av1C), in av01; AV1 Codec ISO Media File Format Binding §2.3.</summary>
/// <param name="Profile">seq_profile.</param>
/// <param name="Level">seq_level_idx_0.</param>
/// <param name="IsHighTier">seq_tier_0.</param>
/// <param name="BitDepth">8, 10 or 12.</param>
/// <param name="IsMonochrome">mono_chrome.</param>
/// <param name="ChromaSubsampling">Three digits as the codec string has them: across, down, and where the samples lie.</param>
/// <param name="Sequence">The sequence header among the OBUs; null where it is in the samples alone.</param>
public readonly record struct Av1Configuration(
    byte Profile, byte Level, bool IsHighTier, byte BitDepth, bool IsMonochrome, int ChromaSubsampling, Av1SequenceHeader? Sequence)
{
    // What the optional part of a codec string means where it is absent (§5): 4:2:0, and BT.709 of limited range.
    private const int DefaultSubsampling = 110;
    private const byte DefaultColour = 1;

    /// <summary>Reads the body.</summary>
    public static Av1Configuration Read(scoped ref BoxReader box)
    {
        const byte MarkerAndVersion = 0x81;
        if (box.ReadUInt8() != MarkerAndVersion)
            throw box.Error(MediaFormatError.Unsupported, "The AV1 configuration's version is not 1.");
        var (level, format) = (box.ReadUInt8(), box.ReadUInt8());
        box.Skip(1); // initial_presentation_delay
        var sequence = FindSequenceHeader(ref box);
        var (across, down, position) = (format >> 3 & 1, format >> 2 & 1, format & 3);
        return new Av1Configuration(
            (byte)(level >> 5), (byte)(level & 31), (format & 0x80) != 0, (byte)((format & 0x40) == 0 ? 8 : (format & 0x20) == 0 ? 10 : 12),
            (format & 0x10) != 0, across * 100 + down * 10 + (across + down == 2 ? position : 0), sequence);
    }

    /// <summary>
    /// The codec string (§5). Its optional part stands only where it says more than what its absence means: a colour that nobody named is not worth a
    /// word that some players refuse.
    /// </summary>
    public string CodecString()
    {
        var text = $"av01.{Profile}.{Level:00}{(IsHighTier ? 'H' : 'M')}.{BitDepth:00}";
        var colour = Sequence ?? new Av1SequenceHeader(0, 0, VideoUsability.Unspecified, VideoUsability.Unspecified, VideoUsability.Unspecified, false);
        var isPlain = !IsMonochrome && ChromaSubsampling / 10 == DefaultSubsampling / 10 && !colour.IsFullRange
            && IsPlain(colour.ColourPrimaries) && IsPlain(colour.TransferCharacteristics) && IsPlain(colour.MatrixCoefficients);
        return isPlain
            ? text
            : $"{text}.{(IsMonochrome ? 1 : 0)}.{ChromaSubsampling:000}.{colour.ColourPrimaries:00}.{colour.TransferCharacteristics:00}"
                + $".{colour.MatrixCoefficients:00}.{(colour.IsFullRange ? 1 : 0)}";
    }

    private static bool IsPlain(byte code) => code is DefaultColour or VideoUsability.Unspecified;

    private static Av1SequenceHeader? FindSequenceHeader(scoped ref BoxReader box)
    {
        // OBU syntax, AV1 Bitstream & Decoding Process Specification §5.3: in a configuration each has its size (§2.3.4 of the binding).
        const int SequenceHeader = 1;
        const byte HasExtension = 0x04;
        const byte HasSize = 0x02;
        while (box.Remaining > 0)
        {
            var header = box.ReadUInt8();
            if ((header & HasExtension) != 0)
                box.Skip(1);
            var size = (header & HasSize) != 0 ? ReadLeb128(ref box) : box.Remaining;
            var payload = box.ReadBytes(size);
            if ((header >> 3 & 15) == SequenceHeader)
                return Av1SequenceHeader.TryRead(payload) ?? throw box.Error(MediaFormatError.Invalid, "The sequence header cannot be read.");
        }

        return null;
    }

    // §4.10.5; more than 31 bits cannot be in a box.
    private static int ReadLeb128(scoped ref BoxReader box)
    {
        var value = 0L;
        for (var index = 0; index < 8; index++)
        {
            var part = box.ReadUInt8();
            value |= (long)(part & 0x7f) << (7 * index);
            if ((part & 0x80) == 0)
                return value <= int.MaxValue ? (int)value : throw box.Error(MediaFormatError.Truncated, $"An OBU of {value} bytes is not in the box.");
        }

        throw box.Error(MediaFormatError.Invalid, "The size of an OBU has more than eight bytes.");
    }
}
