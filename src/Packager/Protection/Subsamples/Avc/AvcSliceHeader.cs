namespace Movento.Packager.Protection.Subsamples.Avc;

/// <summary>The header of an H.264 slice (ISO/IEC 14496-10 §7.3.3), read for where it ends.</summary>
internal static class AvcSliceHeader
{
    /// <summary>Bytes of the NAL unit until the first one that holds nothing of the slice header: the unit's own header with it.</summary>
    /// <exception cref="MediaFormatException">The header cannot be read, or names a parameter set that was not there.</exception>
    public static int Size(ReadOnlySpan<byte> unit, ReadOnlySpan<AvcSequenceFields?> sequences, ReadOnlySpan<AvcPictureFields?> pictures)
    {
        var bits = new RbspReader(unit[1..]);
        var reference = unit[0] >> 5 & 3;
        var isInstantaneous = (unit[0] & 0x1f) == 5;

        // :: Step 1 — which picture
        bits.ReadUnsignedExpGolomb(); // first_mb_in_slice
        var type = bits.ReadUnsignedExpGolomb() % 5;
        var id = bits.ReadUnsignedExpGolomb();
        if (id >= pictures.Length || pictures[(int)id] is not { } picture || sequences[(int)picture.Sequence] is not { } sequence)
            throw Error($"A slice names the picture parameter set {id}, which is not there.");
        if (sequence.HasSeparatePlanes)
            bits.Skip(2); // colour_plane_id
        bits.Skip(sequence.FrameNumberBits);
        var isField = false;
        if (!sequence.IsFramesOnly)
        {
            isField = bits.ReadFlag();
            if (isField)
                bits.ReadFlag(); // bottom_field_flag
        }

        if (isInstantaneous)
            bits.ReadUnsignedExpGolomb(); // idr_pic_id
        if (sequence.OrderType == 0)
        {
            bits.Skip(sequence.OrderBits);
            if (picture.HasFieldOrder && !isField)
                bits.ReadSignedExpGolomb(); // delta_pic_order_cnt_bottom
        }
        else if (sequence.OrderType == 1 && !sequence.IsOrderDeltaZero)
        {
            bits.ReadSignedExpGolomb(); // delta_pic_order_cnt[0]
            if (picture.HasFieldOrder && !isField)
                bits.ReadSignedExpGolomb(); // delta_pic_order_cnt[1]
        }

        if (picture.HasRedundantPictures)
            bits.ReadUnsignedExpGolomb(); // redundant_pic_cnt

        // :: Step 2 — the reference pictures
        const uint P = 0, B = 1, I = 2, Sp = 3, Si = 4;
        var (list0, list1) = (picture.ReferencesOfList0, picture.ReferencesOfList1);
        if (type == B)
            bits.ReadFlag(); // direct_spatial_mv_pred_flag
        if (type is (P or Sp or B) && bits.ReadFlag()) // num_ref_idx_active_override_flag
        {
            list0 = bits.ReadUnsignedExpGolomb() + 1;
            if (type == B)
                list1 = bits.ReadUnsignedExpGolomb() + 1;
        }

        if (type is not (I or Si))
            SkipModification(ref bits);
        if (type == B)
            SkipModification(ref bits);
        if (picture.IsWeighted && type is (P or Sp) || picture.BiWeighting == 1 && type == B)
            SkipWeights(ref bits, sequence.ChromaArrayType, list0, type == B ? list1 : 0);
        if (reference != 0)
            SkipMarking(ref bits, isInstantaneous);

        // :: Step 3 — the decoding of the slice
        if (picture.IsCabac && type is not (I or Si))
            bits.ReadUnsignedExpGolomb(); // cabac_init_idc
        bits.ReadSignedExpGolomb(); // slice_qp_delta
        if (type is Sp or Si)
        {
            if (type == Sp)
                bits.ReadFlag(); // sp_for_switch_flag
            bits.ReadSignedExpGolomb(); // slice_qs_delta
        }

        if (picture.HasDeblocking && bits.ReadUnsignedExpGolomb() != 1) // disable_deblocking_filter_idc
        {
            bits.ReadSignedExpGolomb(); // slice_alpha_c0_offset_div2
            bits.ReadSignedExpGolomb(); // slice_beta_offset_div2
        }

        bits.Skip(picture.SliceGroupChangeBits);
        return bits.IsPastEnd ? throw Error("A slice ends within its header.") : 1 + bits.BytesUsed;
    }

    // ref_pic_list_modification, §7.3.3.1
    private static void SkipModification(ref RbspReader bits)
    {
        const uint End = 3;
        if (!bits.ReadFlag())
            return;
        while (!bits.IsPastEnd && bits.ReadUnsignedExpGolomb() != End)
            bits.ReadUnsignedExpGolomb();
    }

    // pred_weight_table, §7.3.3.2
    private static void SkipWeights(ref RbspReader bits, uint chromaArrayType, uint list0, uint list1)
    {
        bits.ReadUnsignedExpGolomb(); // luma_log2_weight_denom
        if (chromaArrayType != 0)
            bits.ReadUnsignedExpGolomb(); // chroma_log2_weight_denom
        foreach (var count in (ReadOnlySpan<uint>)[list0, list1])
        {
            for (var index = 0u; index < count && !bits.IsPastEnd; index++)
            {
                if (bits.ReadFlag())
                {
                    bits.ReadSignedExpGolomb();
                    bits.ReadSignedExpGolomb();
                }

                if (chromaArrayType == 0 || !bits.ReadFlag())
                    continue;
                for (var value = 0; value < 4; value++)
                    bits.ReadSignedExpGolomb();
            }
        }
    }

    // dec_ref_pic_marking, §7.3.3.3
    private static void SkipMarking(ref RbspReader bits, bool isInstantaneous)
    {
        if (isInstantaneous)
        {
            bits.Skip(2);
            return;
        }

        if (!bits.ReadFlag()) // adaptive_ref_pic_marking_mode_flag
            return;
        while (!bits.IsPastEnd && bits.ReadUnsignedExpGolomb() is var operation and not 0)
        {
            if (operation is 1 or 3)
                bits.ReadUnsignedExpGolomb(); // difference_of_pic_nums_minus1
            if (operation == 2)
                bits.ReadUnsignedExpGolomb(); // long_term_pic_num
            if (operation is 3 or 6)
                bits.ReadUnsignedExpGolomb(); // long_term_frame_idx
            if (operation == 4)
                bits.ReadUnsignedExpGolomb(); // max_long_term_frame_idx_plus1
        }
    }

    private static MediaFormatException Error(string message) => new(MediaFormatError.Invalid, "mdat", 0, message);
}
