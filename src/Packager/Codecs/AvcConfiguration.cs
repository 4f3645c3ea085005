using Movento.Packager.IsoBmff;

namespace Movento.Packager.Codecs;

/// <summary>AVC Configuration Box (avcC), in avc1 and avc3; ISO/IEC 14496-15 §5.3.3.1.</summary>
/// <param name="Profile">AVCProfileIndication.</param>
/// <param name="Compatibility">profile_compatibility: the constraint flags.</param>
/// <param name="Level">AVCLevelIndication.</param>
/// <param name="Sequence">The first sequence parameter set.</param>
public readonly record struct AvcConfiguration(byte Profile, byte Compatibility, byte Level, AvcSequenceParameterSet Sequence)
{
    /// <summary>Bytes of the length before each NAL unit: lengthSizeMinusOne and one.</summary>
    public int NalLengthSize { get; init; }

    /// <summary>Reads the body.</summary>
    public static AvcConfiguration Read(scoped ref BoxReader box)
    {
        if (box.ReadUInt8() != 1)
            throw box.Error(MediaFormatError.Unsupported, "The AVC configuration's version is not 1.");
        var (profile, compatibility, level) = (box.ReadUInt8(), box.ReadUInt8(), box.ReadUInt8());
        var lengthSize = (box.ReadUInt8() & 3) + 1;
        if ((box.ReadUInt8() & 0x1f) == 0)
            throw box.Error(MediaFormatError.Missing, "The AVC configuration has no sequence parameter set.");
        var sequence = AvcSequenceParameterSet.TryRead(box.ReadBytes(box.ReadUInt16()))
            ?? throw box.Error(MediaFormatError.Invalid, "The sequence parameter set cannot be read.");
        return new AvcConfiguration(profile, compatibility, level, sequence) { NalLengthSize = lengthSize };
    }

    /// <summary>The codec string, RFC 6381 §3.3.</summary>
    /// <param name="sampleEntry"><c>avc1</c> or <c>avc3</c>.</param>
    public string CodecString(FourCC sampleEntry) => $"{sampleEntry}.{Profile:x2}{Compatibility:x2}{Level:x2}";
}
