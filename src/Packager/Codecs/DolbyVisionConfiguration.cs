using Movento.Packager.IsoBmff;

namespace Movento.Packager.Codecs;

/// <summary>
/// Dolby Vision Configuration Box (dvcC up to profile 7, dvvC from 8, dvwC from 11), beside the configuration of the codec below; Dolby Vision Streams
/// Within the ISO Base Media File Format §3.
/// </summary>
/// <param name="Profile">dv_profile: 5 and 8 over HEVC in one layer, 4 and 7 in two, 9 over H.264, 10 over AV1.</param>
/// <param name="Level">dv_level.</param>
/// <param name="HasEnhancementLayer">el_present_flag: a second layer that carries more than metadata.</param>
/// <param name="Compatibility">dv_bl_signal_compatibility_id: what the base layer is to a decoder without Dolby Vision. 0 nothing, 1 HDR10, 2 SDR, 4 HLG.</param>
public readonly record struct DolbyVisionConfiguration(byte Profile, byte Level, bool HasEnhancementLayer, byte Compatibility)
{
    /// <summary>Reads the body.</summary>
    public static DolbyVisionConfiguration Read(scoped ref BoxReader box)
    {
        box.Skip(1 + 1); // dv_version_major, dv_version_minor
        var bits = box.ReadUInt16(); // profile 7, level 6, rpu_present_flag, el_present_flag, bl_present_flag
        return new DolbyVisionConfiguration((byte)(bits >> 9), (byte)(bits >> 3 & 0x3f), (bits & 2) != 0, (byte)(box.ReadUInt8() >> 4));
    }

    /// <summary>The codec string, Dolby Vision Streams Within the HTTP Live Streaming Format §4.</summary>
    /// <param name="sampleEntry">Such as <c>dvh1</c>.</param>
    public string CodecString(FourCC sampleEntry) => $"{sampleEntry}.{Profile:00}.{Level:00}";

    /// <summary>The brand of a file with any Dolby Vision.</summary>
    public static FourCC FileBrand { get; } = FourCC.Of("dby1"u8);

    /// <summary>What a stream that any decoder of the codec below can show is besides; null where the stream is not such a one.</summary>
    /// <param name="sampleEntry">Of the codec below, such as <c>hvc1</c>.</param>
    /// <param name="transferCharacteristics">Of the base layer, ISO/IEC 23091-2.</param>
    public SupplementalCodec? SupplementalCodecs(uint sampleEntry, byte transferCharacteristics)
    {
        const byte Bt2020TenBits = 14;
        var type = (sampleEntry, Profile) switch
        {
            (BoxType.Hvc1, 8) => "dvh1"u8,
            (BoxType.Hev1, 8) => "dvhe"u8,
            (BoxType.Av01, 10) => "dav1"u8,
            (BoxType.Avc1, 9) => "dva1"u8,
            (BoxType.Avc3, 9) => "dvav"u8,
            _ => default,
        };
        var brand = Compatibility switch
        {
            1 => "db1p"u8,
            2 => "db2g"u8,
            4 => transferCharacteristics == Bt2020TenBits ? "db4g"u8 : "db4h"u8,
            _ => default,
        };
        return type.IsEmpty || brand.IsEmpty ? null : new SupplementalCodec(CodecString(FourCC.Of(type)), FourCC.Of(brand));
    }
}

/// <summary>One entry of SUPPLEMENTAL-CODECS (RFC 8216bis §4.4.6.2).</summary>
/// <param name="Codec">The codec string.</param>
/// <param name="Brand">The brand that says how the stream is compatible; the file has it too.</param>
public readonly record struct SupplementalCodec(string Codec, FourCC Brand)
{
    /// <summary>As the attribute has it, such as <c>dvh1.08.07/db4h</c>.</summary>
    public override string ToString() => $"{Codec}/{Brand}";
}
