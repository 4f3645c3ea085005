using Movento.Packager.IsoBmff;

namespace Movento.Packager.Codecs;

/// <summary>VP Codec Configuration Box (vpcC), in vp09; VP Codec ISO Media File Format Binding.</summary>
/// <param name="Profile">0 to 3.</param>
/// <param name="Level">Ten times the level; 0 for unknown.</param>
/// <param name="BitDepth">8, 10 or 12.</param>
/// <param name="ChromaSubsampling">0 is 4:2:0 between the lines' samples, 1 beside the first one, 2 4:2:2, 3 4:4:4.</param>
/// <param name="IsFullRange">videoFullRangeFlag.</param>
/// <param name="ColourPrimaries">Of ISO/IEC 23091-2.</param>
/// <param name="TransferCharacteristics">Of ISO/IEC 23091-2.</param>
/// <param name="MatrixCoefficients">Of ISO/IEC 23091-2.</param>
public readonly record struct Vp9Configuration(
    byte Profile, byte Level, byte BitDepth, byte ChromaSubsampling, bool IsFullRange, byte ColourPrimaries, byte TransferCharacteristics, byte MatrixCoefficients)
{
    /// <summary>Reads the body.</summary>
    public static Vp9Configuration Read(scoped ref BoxReader box)
    {
        if (box.ReadFullBoxHeader(highestVersion: 1).Version != 1)
            throw box.Error(MediaFormatError.Unsupported, "The VP9 configuration is of a draft, version 0; write the file anew with a present muxer.");
        var (profile, level, format) = (box.ReadUInt8(), box.ReadUInt8(), box.ReadUInt8());
        if (profile > 3)
            throw box.Error(MediaFormatError.Invalid, $"VP9 has no profile {profile}.");
        return new Vp9Configuration(
            profile, level, (byte)(format >> 4), (byte)(format >> 1 & 7), (format & 1) != 0, box.ReadUInt8(), box.ReadUInt8(), box.ReadUInt8());
    }

    /// <summary>The codec string, with its optional part.</summary>
    public string CodecString() =>
        $"vp09.{Profile:00}.{Level:00}.{BitDepth:00}.{ChromaSubsampling:00}.{ColourPrimaries:00}.{TransferCharacteristics:00}.{MatrixCoefficients:00}"
        + $".{(IsFullRange ? 1 : 0):00}";
}
