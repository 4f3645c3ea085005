namespace Movento.Packager.Protection.Subsamples.Hevc;

/// <summary>What a slice header needs of an HEVC sequence parameter set (ISO/IEC 23008-2 §7.3.2.2).</summary>
internal sealed record HevcSequenceFields(
    bool HasSeparatePlanes, uint ChromaArrayType, long TreeBlocks, int OrderBits, bool HasAdaptiveOffset, IReadOnlyList<HevcReferenceSet> Sets,
    bool HasLongTerm, uint LongTermPictures, ulong UsedLongTermPictures, bool HasTemporalVectors)
{
    // num_short_term_ref_pic_sets is at most 64, num_long_term_ref_pics_sps at most 32 (§7.4.3.2.1).
    private const uint MaxSets = 64;
    private const uint MaxLongTerm = 32;

    /// <summary>Reads a NAL unit of type 33.</summary>
    /// <returns>Null when the bits are not a sequence parameter set.</returns>
    public static HevcSequenceFields? TryRead(ReadOnlySpan<byte> unit, out uint id)
    {
        var bits = new RbspReader(unit[2..]);

        // :: Step 1 — what it is
        bits.Skip(4); // sps_video_parameter_set_id
        var subLayers = (int)bits.ReadBits(3);
        bits.Skip(1); // sps_temporal_id_nesting_flag
        SkipProfileTierLevel(ref bits, subLayers);
        id = bits.ReadUnsignedExpGolomb();
        var chromaFormat = bits.ReadUnsignedExpGolomb();
        var hasSeparatePlanes = chromaFormat == 3 && bits.ReadFlag();
        long width = bits.ReadUnsignedExpGolomb(), height = bits.ReadUnsignedExpGolomb();
        if (bits.ReadFlag()) // conformance_window_flag
        {
            for (var edge = 0; edge < 4; edge++)
                bits.ReadUnsignedExpGolomb();
        }

        bits.ReadUnsignedExpGolomb(); // bit_depth_luma_minus8
        bits.ReadUnsignedExpGolomb(); // bit_depth_chroma_minus8
        var orderBits = (int)Math.Min(bits.ReadUnsignedExpGolomb() + 4, 16);
        for (var layer = bits.ReadFlag() ? 0 : subLayers; layer <= subLayers; layer++)
        {
            bits.ReadUnsignedExpGolomb(); // sps_max_dec_pic_buffering_minus1
            bits.ReadUnsignedExpGolomb(); // sps_max_num_reorder_pics
            bits.ReadUnsignedExpGolomb(); // sps_max_latency_increase_plus1
        }

        // :: Step 2 — its blocks
        var minimum = bits.ReadUnsignedExpGolomb() + 3;
        var treeBlock = (int)Math.Min(minimum + bits.ReadUnsignedExpGolomb(), 30);
        for (var field = 0; field < 4; field++)
            bits.ReadUnsignedExpGolomb(); // transform block sizes and hierarchy depths
        if (bits.ReadFlag() && bits.ReadFlag()) // scaling_list_enabled_flag, sps_scaling_list_data_present_flag
            HevcScalingLists.Skip(ref bits);
        bits.ReadFlag(); // amp_enabled_flag
        var hasAdaptiveOffset = bits.ReadFlag();
        if (bits.ReadFlag()) // pcm_enabled_flag
        {
            bits.Skip(4 + 4);
            bits.ReadUnsignedExpGolomb();
            bits.ReadUnsignedExpGolomb();
            bits.ReadFlag();
        }

        // :: Step 3 — its reference pictures
        var count = bits.ReadUnsignedExpGolomb();
        if (bits.IsPastEnd || count > MaxSets || chromaFormat > 3)
            return null;
        var sets = new List<HevcReferenceSet>((int)count);
        for (var index = 0; index < count; index++)
        {
            if (HevcReferenceSet.TryRead(ref bits, index, sets, isInSlice: false) is not { } set)
                return null;
            sets.Add(set);
        }

        var longTerm = 0u;
        var usedLongTerm = 0ul;
        var hasLongTerm = bits.ReadFlag();
        if (hasLongTerm)
        {
            longTerm = bits.ReadUnsignedExpGolomb();
            if (longTerm > MaxLongTerm)
                return null;
            for (var picture = 0; picture < longTerm; picture++)
            {
                bits.Skip(orderBits); // lt_ref_pic_poc_lsb_sps
                usedLongTerm |= (bits.ReadFlag() ? 1ul : 0) << picture;
            }
        }

        var hasTemporalVectors = bits.ReadFlag();
        long side = 1L << treeBlock;
        return bits.IsPastEnd
            ? null
            : new HevcSequenceFields(
                hasSeparatePlanes, hasSeparatePlanes ? 0 : chromaFormat, ((width + side - 1) >> treeBlock) * ((height + side - 1) >> treeBlock), orderBits,
                hasAdaptiveOffset, sets, hasLongTerm, longTerm, usedLongTerm, hasTemporalVectors);
    }

    // profile_tier_level, §7.3.3
    private static void SkipProfileTierLevel(ref RbspReader bits, int subLayers)
    {
        const int Profile = 88, Level = 8;
        bits.Skip(Profile + Level);
        if (subLayers == 0)
            return;
        var present = bits.ReadBits(2 * 8); // a pair of flags for each of eight sub-layers, the unused ones zero
        for (var layer = 0; layer < subLayers; layer++)
        {
            if ((present >> (15 - 2 * layer) & 1) != 0)
                bits.Skip(Profile);
            if ((present >> (14 - 2 * layer) & 1) != 0)
                bits.Skip(Level);
        }
    }
}
