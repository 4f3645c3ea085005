namespace Movento.Packager.Codecs;

/// <summary>What this library needs of an AV1 sequence header (AV1 Bitstream &amp; Decoding Process Specification §5.5).</summary>
/// <param name="Width">max_frame_width, in pixels.</param>
/// <param name="Height">max_frame_height, in pixels.</param>
/// <param name="ColourPrimaries">Of ISO/IEC 23091-2; 2 where it says nothing.</param>
/// <param name="TransferCharacteristics">Of ISO/IEC 23091-2; 2 where it says nothing.</param>
/// <param name="MatrixCoefficients">Of ISO/IEC 23091-2; 2 where it says nothing.</param>
/// <param name="IsFullRange">color_range.</param>
public readonly record struct Av1SequenceHeader(
    int Width, int Height, byte ColourPrimaries, byte TransferCharacteristics, byte MatrixCoefficients, bool IsFullRange)
{
    /// <summary>Reads the payload of an OBU of type 1.</summary>
    /// <returns>Null when the bits are not a sequence header.</returns>
    public static Av1SequenceHeader? TryRead(ReadOnlySpan<byte> payload)
    {
        var bits = new BitReader(payload);
        var profile = bits.ReadBits(3);
        bits.Skip(1); // still_picture
        var isReduced = bits.ReadFlag(); // reduced_still_picture_header
        if (isReduced)
            bits.Skip(5); // seq_level_idx[ 0 ]
        else
            SkipOperatingPoints(ref bits);

        var (widthBits, heightBits) = ((int)bits.ReadBits(4) + 1, (int)bits.ReadBits(4) + 1);
        var (width, height) = ((int)bits.ReadBits(widthBits) + 1, (int)bits.ReadBits(heightBits) + 1);
        SkipTools(ref bits, isReduced);
        var header = ReadColour(ref bits, profile) with { Width = width, Height = height };
        return bits.IsPastEnd || profile > 2 ? null : header;
    }

    private static void SkipOperatingPoints(ref BitReader bits)
    {
        var (hasDecoderModel, delayBits) = (false, 0);
        if (bits.ReadFlag()) // timing_info_present_flag
        {
            bits.Skip(32 + 32); // num_units_in_display_tick, time_scale
            if (bits.ReadFlag()) // equal_picture_interval
                bits.ReadUnsignedExpGolomb(); // num_ticks_per_picture_minus_1: uvlc() is ue(v) (§4.10.3)
            hasDecoderModel = bits.ReadFlag(); // decoder_model_info_present_flag
            if (hasDecoderModel)
            {
                delayBits = (int)bits.ReadBits(5) + 1; // buffer_delay_length_minus_1
                bits.Skip(32 + 5 + 5); // num_units_in_decoding_tick, two lengths
            }
        }

        const uint HighestWithoutTier = 7;
        var hasDisplayDelay = bits.ReadFlag(); // initial_display_delay_present_flag
        var points = bits.ReadBits(5) + 1; // operating_points_cnt_minus_1
        for (var point = 0; point < points; point++)
        {
            bits.Skip(12); // operating_point_idc
            if (bits.ReadBits(5) > HighestWithoutTier) // seq_level_idx
                bits.Skip(1); // seq_tier
            if (hasDecoderModel && bits.ReadFlag()) // decoder_model_present_for_this_op
                bits.Skip(2 * delayBits + 1); // decoder_buffer_delay, encoder_buffer_delay, low_delay_mode_flag
            if (hasDisplayDelay && bits.ReadFlag()) // initial_display_delay_present_for_this_op
                bits.Skip(4); // initial_display_delay_minus_1
        }
    }

    private static void SkipTools(ref BitReader bits, bool isReduced)
    {
        if (!isReduced && bits.ReadFlag()) // frame_id_numbers_present_flag
            bits.Skip(4 + 3);
        bits.Skip(1 + 1 + 1); // use_128x128_superblock, enable_filter_intra, enable_intra_edge_filter
        if (!isReduced)
        {
            bits.Skip(1 + 1 + 1 + 1); // enable_interintra_compound, enable_masked_compound, enable_warped_motion, enable_dual_filter
            var hasOrderHint = bits.ReadFlag(); // enable_order_hint
            if (hasOrderHint)
                bits.Skip(1 + 1); // enable_jnt_comp, enable_ref_frame_mvs
            var mayForceScreenContent = bits.ReadFlag() || bits.ReadFlag(); // seq_choose_screen_content_tools, seq_force_screen_content_tools
            if (mayForceScreenContent && !bits.ReadFlag()) // seq_choose_integer_mv
                bits.Skip(1); // seq_force_integer_mv
            if (hasOrderHint)
                bits.Skip(3); // order_hint_bits_minus_1
        }

        bits.Skip(1 + 1 + 1); // enable_superres, enable_cdef, enable_restoration
    }

    // §5.5.2
    private static Av1SequenceHeader ReadColour(ref BitReader bits, uint profile)
    {
        const int Bt709 = 1;
        const int Srgb = 13;
        const int Identity = 0;
        if (bits.ReadFlag() && profile == 2) // high_bitdepth
            bits.Skip(1); // twelve_bit
        var isMonochrome = profile != 1 && bits.ReadFlag();
        var (primaries, transfer, matrix) = (VideoUsability.Unspecified, VideoUsability.Unspecified, VideoUsability.Unspecified);
        if (bits.ReadFlag()) // color_description_present_flag
            (primaries, transfer, matrix) = ((byte)bits.ReadBits(8), (byte)bits.ReadBits(8), (byte)bits.ReadBits(8));
        var isRgb = !isMonochrome && primaries == Bt709 && transfer == Srgb && matrix == Identity;
        return new Av1SequenceHeader(0, 0, primaries, transfer, matrix, isRgb || bits.ReadFlag());
    }
}
