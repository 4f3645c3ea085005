using Movento.Packager.Presentations;

namespace Movento.Packager.Codecs;

/// <summary>What this library needs of an H.264 sequence parameter set (ISO/IEC 14496-10 §7.3.2.1.1).</summary>
/// <param name="Width">After cropping, in pixels.</param>
/// <param name="Height">After cropping, in pixels.</param>
/// <param name="SampleAspectRatio">Of the video usability information; 1:1 where it says nothing.</param>
/// <param name="TransferCharacteristics">Of ISO/IEC 23091-2; 2, unspecified, where it says nothing.</param>
public readonly record struct AvcSequenceParameterSet(int Width, int Height, SampleAspectRatio SampleAspectRatio, byte TransferCharacteristics)
{
    // Level 6.2 has at most 139264 macroblocks a picture and at most sqrt(8 × 139264) of them in one direction (Table A-1, §A.3.1).
    private const uint MaxMacroblocks = 1055;

    // A parameter set is some tens of bytes; scaling lists make it some hundreds.
    private const int MaxSize = 4096;

    /// <summary>Reads a NAL unit of type 7, with its one-byte header.</summary>
    /// <returns>Null when the bits are not a sequence parameter set.</returns>
    public static AvcSequenceParameterSet? TryRead(ReadOnlySpan<byte> nalUnit)
    {
        if (nalUnit.Length is < 4 or > MaxSize || (nalUnit[0] & 0x1f) != 7)
            return null;
        Span<byte> payload = stackalloc byte[nalUnit.Length];
        var bits = new BitReader(payload[..NalUnit.Unescape(nalUnit[1..], payload)]);

        var profile = bits.ReadBits(8);
        bits.ReadBits(8 + 8); // constraint flags, level_idc
        bits.ReadUnsignedExpGolomb(); // seq_parameter_set_id
        var chromaFormat = 1u;
        var separatePlanes = false;
        if (profile is 100 or 110 or 122 or 244 or 44 or 83 or 86 or 118 or 128 or 138 or 139 or 134 or 135)
        {
            chromaFormat = bits.ReadUnsignedExpGolomb();
            if (chromaFormat > 3)
                return null;
            separatePlanes = chromaFormat == 3 && bits.ReadFlag();
            bits.ReadUnsignedExpGolomb(); // bit_depth_luma_minus8
            bits.ReadUnsignedExpGolomb(); // bit_depth_chroma_minus8
            bits.ReadFlag(); // qpprime_y_zero_transform_bypass_flag
            if (bits.ReadFlag())
                SkipScalingLists(ref bits, chromaFormat == 3 ? 12 : 8);
        }

        bits.ReadUnsignedExpGolomb(); // log2_max_frame_num_minus4
        SkipPictureOrder(ref bits);
        bits.ReadUnsignedExpGolomb(); // max_num_ref_frames
        bits.ReadFlag(); // gaps_in_frame_num_value_allowed_flag
        var widthInMacroblocks = bits.ReadUnsignedExpGolomb() + 1;
        var heightInMapUnits = bits.ReadUnsignedExpGolomb() + 1;
        var framesOnly = bits.ReadFlag();
        if (!framesOnly)
            bits.ReadFlag(); // mb_adaptive_frame_field_flag
        bits.ReadFlag(); // direct_8x8_inference_flag
        if (widthInMacroblocks > MaxMacroblocks || heightInMapUnits > MaxMacroblocks)
            return null;

        long width = widthInMacroblocks * 16;
        long height = heightInMapUnits * 16 * (framesOnly ? 1 : 2);
        if (bits.ReadFlag()) // frame_cropping_flag, §7.4.2.1.1: in chroma samples, and in frame lines two at a time where there are fields
        {
            var isSubsampled = !separatePlanes;
            var unitX = isSubsampled && chromaFormat is 1 or 2 ? 2 : 1;
            var unitY = (isSubsampled && chromaFormat == 1 ? 2 : 1) * (framesOnly ? 1 : 2);
            width -= unitX * ((long)bits.ReadUnsignedExpGolomb() + bits.ReadUnsignedExpGolomb());
            height -= unitY * ((long)bits.ReadUnsignedExpGolomb() + bits.ReadUnsignedExpGolomb());
        }

        var (aspect, transfer) = bits.ReadFlag() ? VideoUsability.Read(ref bits) : (SampleAspectRatio.Square, VideoUsability.Unspecified);
        return bits.IsPastEnd || width <= 0 || height <= 0 ? null : new((int)width, (int)height, aspect, transfer);
    }

    // §7.3.2.1.1.1
    private static void SkipScalingLists(ref BitReader bits, int lists)
    {
        for (var list = 0; list < lists; list++)
        {
            if (!bits.ReadFlag())
                continue;
            var (last, next) = (8, 8);
            for (var index = 0; index < (list < 6 ? 16 : 64) && next != 0 && !bits.IsPastEnd; index++)
            {
                next = (last + bits.ReadSignedExpGolomb() + 256) & 255;
                last = next == 0 ? last : next;
            }
        }
    }

    private static void SkipPictureOrder(ref BitReader bits)
    {
        switch (bits.ReadUnsignedExpGolomb()) // pic_order_cnt_type
        {
            case 0:
                bits.ReadUnsignedExpGolomb(); // log2_max_pic_order_cnt_lsb_minus4
                break;
            case 1:
                bits.ReadFlag(); // delta_pic_order_always_zero_flag
                bits.ReadSignedExpGolomb(); // offset_for_non_ref_pic
                bits.ReadSignedExpGolomb(); // offset_for_top_to_bottom_field
                for (var cycle = bits.ReadUnsignedExpGolomb(); cycle > 0 && !bits.IsPastEnd; cycle--)
                    bits.ReadSignedExpGolomb(); // offset_for_ref_frame
                break;
        }
    }
}
