namespace Movento.Packager.Protection.Subsamples.Hevc;

/// <summary>What a slice header needs of an HEVC picture parameter set (ISO/IEC 23008-2 §7.3.2.3).</summary>
internal sealed record HevcPictureFields(uint Sequence)
{
    public bool HasDependentSlices { get; private init; }

    public bool HasOutputFlag { get; private init; }

    public int ExtraBits { get; private init; }

    public bool HasCabacInitialization { get; private init; }

    public uint ReferencesOfList0 { get; private init; }

    public uint ReferencesOfList1 { get; private init; }

    public bool HasChromaOffsets { get; private init; }

    public bool IsWeighted { get; private init; }

    public bool IsBiWeighted { get; private init; }

    public bool HasEntryPoints { get; private init; }

    public bool FiltersAcrossSlices { get; private init; }

    public bool HasDeblockingOverride { get; private init; }

    public bool IsDeblockingDisabled { get; private init; }

    public bool HasListModification { get; private init; }

    public bool HasHeaderExtension { get; private init; }

    public bool HasChromaOffsetLists { get; private init; }

    /// <summary>Whether pictures may refer to themselves: screen content coding, whose slice headers are others.</summary>
    public bool IsScreenContent { get; private init; }

    /// <summary>Reads a NAL unit of type 34.</summary>
    /// <returns>Null when the bits are not a picture parameter set.</returns>
    public static HevcPictureFields? TryRead(ReadOnlySpan<byte> unit, out uint id)
    {
        var bits = new RbspReader(unit[2..]);
        id = bits.ReadUnsignedExpGolomb();
        var fields = new HevcPictureFields(bits.ReadUnsignedExpGolomb())
        {
            HasDependentSlices = bits.ReadFlag(),
            HasOutputFlag = bits.ReadFlag(),
            ExtraBits = (int)bits.ReadBits(3),
        };
        bits.ReadFlag(); // sign_data_hiding_enabled_flag
        fields = fields with
        {
            HasCabacInitialization = bits.ReadFlag(),
            ReferencesOfList0 = bits.ReadUnsignedExpGolomb() + 1,
            ReferencesOfList1 = bits.ReadUnsignedExpGolomb() + 1,
        };
        bits.ReadSignedExpGolomb(); // init_qp_minus26
        bits.ReadFlag(); // constrained_intra_pred_flag
        var hasTransformSkip = bits.ReadFlag();
        if (bits.ReadFlag()) // cu_qp_delta_enabled_flag
            bits.ReadUnsignedExpGolomb();
        bits.ReadSignedExpGolomb(); // pps_cb_qp_offset
        bits.ReadSignedExpGolomb(); // pps_cr_qp_offset
        fields = fields with { HasChromaOffsets = bits.ReadFlag(), IsWeighted = bits.ReadFlag(), IsBiWeighted = bits.ReadFlag() };
        bits.ReadFlag(); // transquant_bypass_enabled_flag
        var (hasTiles, isSynchronized) = (bits.ReadFlag(), bits.ReadFlag());
        if (hasTiles)
            SkipTiles(ref bits);
        fields = fields with { HasEntryPoints = hasTiles || isSynchronized, FiltersAcrossSlices = bits.ReadFlag() };
        if (bits.ReadFlag()) // deblocking_filter_control_present_flag
        {
            fields = fields with { HasDeblockingOverride = bits.ReadFlag(), IsDeblockingDisabled = bits.ReadFlag() };
            if (!fields.IsDeblockingDisabled)
            {
                bits.ReadSignedExpGolomb(); // pps_beta_offset_div2
                bits.ReadSignedExpGolomb(); // pps_tc_offset_div2
            }
        }

        if (bits.ReadFlag()) // pps_scaling_list_data_present_flag
            HevcScalingLists.Skip(ref bits);
        var hasListModification = bits.ReadFlag();
        bits.ReadUnsignedExpGolomb(); // log2_parallel_merge_level_minus2
        fields = fields with { HasListModification = hasListModification, HasHeaderExtension = bits.ReadFlag() };
        if (bits.ReadFlag()) // pps_extension_present_flag
            fields = ReadExtensions(ref bits, fields, hasTransformSkip);
        return bits.IsPastEnd ? null : fields;
    }

    private static void SkipTiles(ref RbspReader bits)
    {
        var (columns, rows) = (bits.ReadUnsignedExpGolomb(), bits.ReadUnsignedExpGolomb());
        if (!bits.ReadFlag()) // uniform_spacing_flag
        {
            for (var side = (ulong)columns + rows; side > 0 && !bits.IsPastEnd; side--)
                bits.ReadUnsignedExpGolomb();
        }

        bits.ReadFlag(); // loop_filter_across_tiles_enabled_flag
    }

    private static HevcPictureFields ReadExtensions(ref RbspReader bits, HevcPictureFields fields, bool hasTransformSkip)
    {
        var hasRange = bits.ReadFlag();
        bits.Skip(2); // multilayer, 3D: not in a base layer's
        var isScreenContent = bits.ReadFlag();
        bits.Skip(4);
        if (hasRange)
        {
            if (hasTransformSkip)
                bits.ReadUnsignedExpGolomb(); // log2_max_transform_skip_block_size_minus2
            bits.ReadFlag(); // cross_component_prediction_enabled_flag
            fields = fields with { HasChromaOffsetLists = bits.ReadFlag() };
        }

        return fields with { IsScreenContent = isScreenContent };
    }
}
