using Movento.Packager.Presentations;

namespace Movento.Packager.Codecs;

/// <summary>What this library needs of an HEVC sequence parameter set (ISO/IEC 23008-2 §7.3.2.2).</summary>
/// <param name="Width">Inside the conformance window, in pixels.</param>
/// <param name="Height">Inside the conformance window, in pixels.</param>
/// <param name="SampleAspectRatio">Of the video usability information; 1:1 where it says nothing.</param>
/// <param name="TransferCharacteristics">Of ISO/IEC 23091-2; 2, unspecified, where it says nothing.</param>
public readonly record struct HevcSequenceParameterSet(int Width, int Height, SampleAspectRatio SampleAspectRatio, byte TransferCharacteristics)
{
    /// <summary>nal_unit_type SPS_NUT (Table 7-1).</summary>
    public const int NalUnitType = 33;

    // Level 6.2 has at most sqrt(8 × 35651584) luma samples in one direction (§A.4.1); later levels four times as many samples.
    private const uint MaxPictureSide = 33776;

    // A parameter set is some tens of bytes; scaling lists make it some hundreds.
    private const int MaxSize = 4096;

    // §7.4.3.2.1
    private const int MaxShortTermSets = 64;
    private const int MaxReferencePictures = 16;

    /// <summary>Reads a NAL unit of type 33, with its two-byte header.</summary>
    /// <returns>Null when the bits are not a sequence parameter set.</returns>
    public static HevcSequenceParameterSet? TryRead(ReadOnlySpan<byte> nalUnit)
    {
        if (nalUnit.Length is < 15 or > MaxSize || (nalUnit[0] >> 1 & 0x3f) != NalUnitType)
            return null;
        Span<byte> payload = stackalloc byte[nalUnit.Length];
        var bits = new BitReader(payload[..NalUnit.Unescape(nalUnit[2..], payload)]);

        // :: The picture's size
        bits.Skip(4); // sps_video_parameter_set_id
        var maxSubLayersMinus1 = (int)bits.ReadBits(3);
        bits.Skip(1); // sps_temporal_id_nesting_flag
        SkipProfileTierLevel(ref bits, maxSubLayersMinus1);
        bits.ReadUnsignedExpGolomb(); // sps_seq_parameter_set_id
        var chromaFormat = bits.ReadUnsignedExpGolomb();
        if (chromaFormat > 3)
            return null;
        var isSubsampled = !(chromaFormat == 3 && bits.ReadFlag()); // separate_colour_plane_flag
        long width = bits.ReadUnsignedExpGolomb();
        long height = bits.ReadUnsignedExpGolomb();
        if (width > MaxPictureSide || height > MaxPictureSide)
            return null;
        if (bits.ReadFlag()) // conformance_window_flag, §7.4.3.2.1: in chroma samples
        {
            var unitX = isSubsampled && chromaFormat is 1 or 2 ? 2 : 1;
            var unitY = isSubsampled && chromaFormat == 1 ? 2 : 1;
            width -= unitX * ((long)bits.ReadUnsignedExpGolomb() + bits.ReadUnsignedExpGolomb());
            height -= unitY * ((long)bits.ReadUnsignedExpGolomb() + bits.ReadUnsignedExpGolomb());
        }

        if (bits.IsPastEnd || width <= 0 || height <= 0)
            return null;

        // :: How they are shown, after everything that stands between
        if (!TrySkipToUsability(ref bits, maxSubLayersMinus1))
            return null;
        var (aspect, transfer) = bits.ReadFlag() ? VideoUsability.Read(ref bits) : (SampleAspectRatio.Square, VideoUsability.Unspecified);
        return bits.IsPastEnd ? null : new((int)width, (int)height, aspect, transfer);
    }

    // §7.3.3
    private static void SkipProfileTierLevel(ref BitReader bits, int maxSubLayersMinus1)
    {
        const int ProfileBits = 88;
        const int LevelBits = 8;
        bits.Skip(ProfileBits + LevelBits);
        var (profiles, levels) = (0, 0);
        for (var layer = 0; layer < maxSubLayersMinus1; layer++)
        {
            profiles += bits.ReadFlag() ? 1 : 0;
            levels += bits.ReadFlag() ? 1 : 0;
        }

        if (maxSubLayersMinus1 > 0)
            bits.Skip(2 * (8 - maxSubLayersMinus1));
        bits.Skip(profiles * ProfileBits + levels * LevelBits);
    }

    private static bool TrySkipToUsability(ref BitReader bits, int maxSubLayersMinus1)
    {
        bits.ReadUnsignedExpGolomb(); // bit_depth_luma_minus8
        bits.ReadUnsignedExpGolomb(); // bit_depth_chroma_minus8
        var orderBits = bits.ReadUnsignedExpGolomb() + 4; // log2_max_pic_order_cnt_lsb_minus4
        if (orderBits > 16)
            return false;
        for (var layer = bits.ReadFlag() ? 0 : maxSubLayersMinus1; layer <= maxSubLayersMinus1; layer++)
        {
            bits.ReadUnsignedExpGolomb(); // sps_max_dec_pic_buffering_minus1
            bits.ReadUnsignedExpGolomb(); // sps_max_num_reorder_pics
            bits.ReadUnsignedExpGolomb(); // sps_max_latency_increase_plus1
        }

        for (var field = 0; field < 6; field++)
            bits.ReadUnsignedExpGolomb(); // the sizes of coding and transform blocks, the depths of transform hierarchies
        if (bits.ReadFlag() && bits.ReadFlag()) // scaling_list_enabled_flag, sps_scaling_list_data_present_flag
            SkipScalingLists(ref bits);
        bits.Skip(1 + 1); // amp_enabled_flag, sample_adaptive_offset_enabled_flag
        if (bits.ReadFlag()) // pcm_enabled_flag
        {
            bits.Skip(4 + 4); // bit depths
            bits.ReadUnsignedExpGolomb(); // log2_min_pcm_luma_coding_block_size_minus3
            bits.ReadUnsignedExpGolomb(); // log2_diff_max_min_pcm_luma_coding_block_size
            bits.Skip(1); // pcm_loop_filter_disabled_flag
        }

        if (!TrySkipShortTermSets(ref bits))
            return false;
        if (bits.ReadFlag()) // long_term_ref_pics_present_flag
        {
            for (var count = bits.ReadUnsignedExpGolomb(); count > 0 && !bits.IsPastEnd; count--)
                bits.Skip((int)orderBits + 1); // lt_ref_pic_poc_lsb_sps, used_by_curr_pic_lt_sps_flag
        }

        bits.Skip(1 + 1); // sps_temporal_mvp_enabled_flag, strong_intra_smoothing_enabled_flag
        return !bits.IsPastEnd;
    }

    // §7.3.4
    private static void SkipScalingLists(ref BitReader bits)
    {
        for (var size = 0; size < 4; size++)
        {
            for (var matrix = 0; matrix < 6; matrix += size == 3 ? 3 : 1)
            {
                if (!bits.ReadFlag()) // scaling_list_pred_mode_flag
                {
                    bits.ReadUnsignedExpGolomb(); // scaling_list_pred_matrix_id_delta
                    continue;
                }

                if (size > 1)
                    bits.ReadSignedExpGolomb(); // scaling_list_dc_coef_minus8
                for (var coefficient = Math.Min(64, 1 << (4 + (size << 1))); coefficient > 0 && !bits.IsPastEnd; coefficient--)
                    bits.ReadSignedExpGolomb(); // scaling_list_delta_coef
            }
        }
    }

    // §7.3.7: a set may be told as the difference to the one before it, and then has a row of flags for each of that one's pictures.
    private static bool TrySkipShortTermSets(ref BitReader bits)
    {
        var sets = bits.ReadUnsignedExpGolomb();
        if (sets > MaxShortTermSets)
            return false;
        var before = 0u;
        for (var set = 0; set < sets && !bits.IsPastEnd; set++)
        {
            var pictures = 0u;
            if (set > 0 && bits.ReadFlag()) // inter_ref_pic_set_prediction_flag
            {
                bits.Skip(1); // delta_rps_sign
                bits.ReadUnsignedExpGolomb(); // abs_delta_rps_minus1
                for (var picture = 0; picture <= before; picture++)
                    pictures += bits.ReadFlag() || bits.ReadFlag() ? 1u : 0; // used_by_curr_pic_flag, use_delta_flag
            }
            else
            {
                var (negative, positive) = (bits.ReadUnsignedExpGolomb(), bits.ReadUnsignedExpGolomb());
                if (negative > MaxReferencePictures || positive > MaxReferencePictures)
                    return false;
                pictures = negative + positive;
                for (var picture = 0; picture < pictures; picture++)
                {
                    bits.ReadUnsignedExpGolomb(); // delta_poc_minus1
                    bits.Skip(1); // used_by_curr_pic_flag
                }
            }

            before = pictures;
        }

        return !bits.IsPastEnd;
    }
}
