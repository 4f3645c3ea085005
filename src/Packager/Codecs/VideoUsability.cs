using Movento.Packager.Presentations;

namespace Movento.Packager.Codecs;

/// <summary>Video usability information, which begins alike in H.264 and HEVC (ISO/IEC 14496-10 §E.1.1, 23008-2 §E.2.1), as far as the colour.</summary>
internal static class VideoUsability
{
    /// <summary>The code of ISO/IEC 23091-2 for what nobody said.</summary>
    public const byte Unspecified = 2;

    /// <summary>Reads the shape of a pixel and the transfer characteristics.</summary>
    public static (SampleAspectRatio Aspect, byte Transfer) Read(ref BitReader bits)
    {
        const uint ExtendedSar = 255;
        var aspect = SampleAspectRatio.Square;
        var transfer = Unspecified;
        if (bits.ReadFlag()) // aspect_ratio_info_present_flag
        {
            var code = bits.ReadBits(8);
            aspect = code == ExtendedSar
                ? SampleAspectRatio.OrSquare(bits.ReadBits(16), bits.ReadBits(16))
                : SampleAspectRatio.OfCode(code);
        }

        if (bits.ReadFlag()) // overscan_info_present_flag
            bits.ReadFlag();
        if (bits.ReadFlag()) // video_signal_type_present_flag
        {
            bits.ReadBits(3 + 1); // video_format, video_full_range_flag
            if (bits.ReadFlag()) // colour_description_present_flag
            {
                bits.ReadBits(8); // colour_primaries
                transfer = (byte)bits.ReadBits(8);
                bits.ReadBits(8); // matrix_coefficients
            }
        }

        return (aspect, transfer);
    }
}
