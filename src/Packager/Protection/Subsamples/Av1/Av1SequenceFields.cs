using Movento.Packager.Codecs;

namespace Movento.Packager.Protection.Subsamples.Av1;

/// <summary>What a frame header needs of an AV1 sequence header (AV1 Bitstream &amp; Decoding Process Specification §5.5).</summary>
internal sealed record Av1SequenceFields
{
    /// <summary>seq_force_screen_content_tools and seq_force_integer_mv: the frame says it.</summary>
    public const uint FrameChooses = 2;

    public bool IsReduced { get; private init; }

    public bool HasDecoderModel { get; private init; }

    public bool HasEqualIntervals { get; private init; }

    public int RemovalTimeBits { get; private init; }

    public int PresentationTimeBits { get; private init; }

    /// <summary>Each operating point's operating_point_idc, and whether the decoder model is told for it.</summary>
    public IReadOnlyList<(uint Layers, bool HasModel)> OperatingPoints { get; private init; } = [];

    public int WidthBits { get; private init; }

    public int HeightBits { get; private init; }

    public int MaxWidth { get; private init; }

    public int MaxHeight { get; private init; }

    public bool HasFrameIds { get; private init; }

    public int FrameIdDeltaBits { get; private init; }

    public int FrameIdBits { get; private init; }

    public bool HasLargeSuperblocks { get; private init; }

    public bool HasWarpedMotion { get; private init; }

    public bool HasReferenceVectors { get; private init; }

    /// <summary>0: there are no order hints.</summary>
    public int OrderHintBits { get; private init; }

    public uint ScreenContentTools { get; private init; } = FrameChooses;

    public uint IntegerVectors { get; private init; } = FrameChooses;

    public bool HasSuperResolution { get; private init; }

    public bool HasDirectionalEnhancement { get; private init; }

    public bool HasRestoration { get; private init; }

    public bool IsMonochrome { get; private init; }

    public bool IsSubsampledAcross { get; private init; }

    public bool IsSubsampledDown { get; private init; }

    public bool HasSeparateChromaDeltas { get; private init; }

    public bool HasFilmGrain { get; private init; }

    /// <summary>Reads the payload of an OBU of type 1.</summary>
    /// <returns>Null when the bits are not a sequence header.</returns>
    public static Av1SequenceFields? TryRead(ReadOnlySpan<byte> payload)
    {
        var bits = new BitReader(payload);
        var profile = bits.ReadBits(3);
        bits.Skip(1); // still_picture
        var fields = new Av1SequenceFields { IsReduced = bits.ReadFlag() };
        if (fields.IsReduced)
        {
            bits.Skip(5); // seq_level_idx[0]
            fields = fields with { OperatingPoints = [(0, false)] };
        }
        else
        {
            fields = ReadOperatingPoints(ref bits, fields);
        }

        var (widthBits, heightBits) = ((int)bits.ReadBits(4) + 1, (int)bits.ReadBits(4) + 1);
        fields = fields with
        {
            WidthBits = widthBits,
            HeightBits = heightBits,
            MaxWidth = (int)bits.ReadBits(widthBits) + 1,
            MaxHeight = (int)bits.ReadBits(heightBits) + 1,
            HasFrameIds = !fields.IsReduced && bits.ReadFlag(),
        };
        if (fields.HasFrameIds)
        {
            var delta = (int)bits.ReadBits(4) + 2;
            fields = fields with { FrameIdDeltaBits = delta, FrameIdBits = (int)bits.ReadBits(3) + delta + 1 };
        }

        fields = fields with { HasLargeSuperblocks = bits.ReadFlag() };
        bits.Skip(1 + 1); // enable_filter_intra, enable_intra_edge_filter
        if (!fields.IsReduced)
            fields = ReadTools(ref bits, fields);
        fields = fields with { HasSuperResolution = bits.ReadFlag(), HasDirectionalEnhancement = bits.ReadFlag(), HasRestoration = bits.ReadFlag() };
        fields = ReadColour(ref bits, profile, fields);
        fields = fields with { HasFilmGrain = bits.ReadFlag() };
        return bits.IsPastEnd || profile > 2 ? null : fields;
    }

    private static Av1SequenceFields ReadOperatingPoints(ref BitReader bits, Av1SequenceFields fields)
    {
        var delayBits = 0;
        if (bits.ReadFlag()) // timing_info_present_flag
        {
            bits.Skip(32 + 32); // num_units_in_display_tick, time_scale
            fields = fields with { HasEqualIntervals = bits.ReadFlag() };
            if (fields.HasEqualIntervals)
                bits.ReadUnsignedExpGolomb(); // num_ticks_per_picture_minus_1: uvlc() is ue(v) (§4.10.3)
            fields = fields with { HasDecoderModel = bits.ReadFlag() };
            if (fields.HasDecoderModel)
            {
                delayBits = (int)bits.ReadBits(5) + 1;
                bits.Skip(32); // num_units_in_decoding_tick
                fields = fields with { RemovalTimeBits = (int)bits.ReadBits(5) + 1, PresentationTimeBits = (int)bits.ReadBits(5) + 1 };
            }
        }

        const uint HighestWithoutTier = 7;
        var hasDisplayDelay = bits.ReadFlag(); // initial_display_delay_present_flag
        var points = new (uint, bool)[bits.ReadBits(5) + 1];
        for (var point = 0; point < points.Length; point++)
        {
            var layers = bits.ReadBits(12); // operating_point_idc
            if (bits.ReadBits(5) > HighestWithoutTier) // seq_level_idx
                bits.Skip(1); // seq_tier
            var hasModel = fields.HasDecoderModel && bits.ReadFlag();
            if (hasModel)
                bits.Skip(2 * delayBits + 1); // decoder_buffer_delay, encoder_buffer_delay, low_delay_mode_flag
            if (hasDisplayDelay && bits.ReadFlag())
                bits.Skip(4); // initial_display_delay_minus_1
            points[point] = (layers, hasModel);
        }

        return fields with { OperatingPoints = points };
    }

    private static Av1SequenceFields ReadTools(ref BitReader bits, Av1SequenceFields fields)
    {
        bits.Skip(1 + 1); // enable_interintra_compound, enable_masked_compound
        fields = fields with { HasWarpedMotion = bits.ReadFlag() };
        bits.Skip(1); // enable_dual_filter
        var hasOrderHint = bits.ReadFlag();
        if (hasOrderHint)
        {
            bits.Skip(1); // enable_jnt_comp
            fields = fields with { HasReferenceVectors = bits.ReadFlag() };
        }

        var screenContent = bits.ReadFlag() ? FrameChooses : bits.ReadBits(1);
        var integerVectors = screenContent == 0 || bits.ReadFlag() ? FrameChooses : bits.ReadBits(1);
        return fields with
        {
            ScreenContentTools = screenContent,
            IntegerVectors = integerVectors,
            OrderHintBits = hasOrderHint ? (int)bits.ReadBits(3) + 1 : 0,
        };
    }

    // color_config, §5.5.2
    private static Av1SequenceFields ReadColour(ref BitReader bits, uint profile, Av1SequenceFields fields)
    {
        const uint Bt709 = 1, Srgb = 13, Identity = 0;
        var isHigh = bits.ReadFlag();
        var isTwelve = profile == 2 && isHigh && bits.ReadFlag();
        var isMonochrome = profile != 1 && bits.ReadFlag();
        var (primaries, transfer, matrix) = (2u, 2u, 2u);
        if (bits.ReadFlag()) // color_description_present_flag
            (primaries, transfer, matrix) = (bits.ReadBits(8), bits.ReadBits(8), bits.ReadBits(8));
        if (isMonochrome)
        {
            bits.Skip(1); // color_range
            return fields with { IsMonochrome = true, IsSubsampledAcross = true, IsSubsampledDown = true };
        }

        var (across, down) = (false, false);
        if (primaries != Bt709 || transfer != Srgb || matrix != Identity)
        {
            bits.Skip(1); // color_range
            if (profile == 0)
                (across, down) = (true, true);
            else if (profile == 2 && isTwelve)
            {
                across = bits.ReadFlag();
                down = across && bits.ReadFlag();
            }
            else if (profile == 2)
                across = true;
            if (across && down)
                bits.Skip(2); // chroma_sample_position
        }

        return fields with { IsSubsampledAcross = across, IsSubsampledDown = down, HasSeparateChromaDeltas = bits.ReadFlag() };
    }
}
