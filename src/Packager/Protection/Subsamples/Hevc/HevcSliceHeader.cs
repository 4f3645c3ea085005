using System.Numerics;

namespace Movento.Packager.Protection.Subsamples.Hevc;

/// <summary>The header of an HEVC slice segment (ISO/IEC 23008-2 §7.3.6.1), read for where it ends.</summary>
internal static class HevcSliceHeader
{
    /// <summary>The last of the NAL unit types that are slice segments (Table 7-1); those between 10 and 15 are reserved.</summary>
    public const int LastType = 31;

    private const uint B = 0;
    private const uint I = 2;

    /// <summary>Bytes of the NAL unit until the first one of the slice segment's data: the unit's own header with it.</summary>
    /// <exception cref="MediaFormatException">The header cannot be read, or names a parameter set that was not there.</exception>
    public static int Size(
        ReadOnlySpan<byte> unit, int unitType, ReadOnlySpan<HevcSequenceFields?> sequences, ReadOnlySpan<HevcPictureFields?> pictures)
    {
        var bits = new RbspReader(unit[2..]);

        // :: Step 1 — which picture, which part of it
        var isFirst = bits.ReadFlag();
        if (unitType is >= 16 and <= 23)
            bits.ReadFlag(); // no_output_of_prior_pics_flag
        var id = bits.ReadUnsignedExpGolomb();
        if (id >= pictures.Length || pictures[(int)id] is not { } picture
            || picture.Sequence >= sequences.Length || sequences[(int)picture.Sequence] is not { } sequence)
            throw Error(MediaFormatError.Invalid, $"A slice names the picture parameter set {id}, which is not there.");
        if (picture.IsScreenContent)
            throw Error(MediaFormatError.Unsupported, "HEVC with screen content coding is not encrypted.");
        var isDependent = false;
        if (!isFirst)
        {
            isDependent = picture.HasDependentSlices && bits.ReadFlag();
            bits.Skip(BitsFor(sequence.TreeBlocks)); // slice_segment_address
        }

        // :: Step 2 — what a dependent segment has from the one before it
        if (!isDependent)
            SkipIndependent(ref bits, unitType, sequence, picture);

        // :: Step 3 — the end
        if (picture.HasEntryPoints && bits.ReadUnsignedExpGolomb() is var points and > 0)
        {
            var width = (int)Math.Min(bits.ReadUnsignedExpGolomb() + 1, 32);
            for (; points > 0 && !bits.IsPastEnd; points--)
                bits.Skip(width); // entry_point_offset_minus1
        }

        if (picture.HasHeaderExtension)
        {
            for (var bytes = bits.ReadUnsignedExpGolomb(); bytes > 0 && !bits.IsPastEnd; bytes--)
                bits.Skip(8);
        }

        bits.ReadFlag(); // byte_alignment: a one, then zeros until the byte's end
        return bits.IsPastEnd ? throw Error(MediaFormatError.Invalid, "A slice ends within its header.") : 2 + bits.BytesUsed;
    }

    private static void SkipIndependent(ref RbspReader bits, int unitType, HevcSequenceFields sequence, HevcPictureFields picture)
    {
        bits.Skip(picture.ExtraBits);
        var type = bits.ReadUnsignedExpGolomb();
        if (picture.HasOutputFlag)
            bits.ReadFlag(); // pic_output_flag
        if (sequence.HasSeparatePlanes)
            bits.Skip(2); // colour_plane_id
        var used = 0;
        var hasTemporalVectors = false;
        if (unitType is not (19 or 20)) // IDR_W_RADL, IDR_N_LP
            used = SkipReferenceSets(ref bits, sequence, out hasTemporalVectors);
        var (hasLumaOffset, hasChromaOffset) = (false, false);
        if (sequence.HasAdaptiveOffset)
        {
            hasLumaOffset = bits.ReadFlag();
            hasChromaOffset = sequence.ChromaArrayType != 0 && bits.ReadFlag();
        }

        if (type != I)
            SkipPrediction(ref bits, type, used, hasTemporalVectors, sequence, picture);
        bits.ReadSignedExpGolomb(); // slice_qp_delta
        if (picture.HasChromaOffsets)
        {
            bits.ReadSignedExpGolomb(); // slice_cb_qp_offset
            bits.ReadSignedExpGolomb(); // slice_cr_qp_offset
        }

        if (picture.HasChromaOffsetLists)
            bits.ReadFlag(); // cu_chroma_qp_offset_enabled_flag
        var isDeblockingDisabled = picture.IsDeblockingDisabled;
        if (picture.HasDeblockingOverride && bits.ReadFlag()) // deblocking_filter_override_flag
        {
            isDeblockingDisabled = bits.ReadFlag();
            if (!isDeblockingDisabled)
            {
                bits.ReadSignedExpGolomb(); // slice_beta_offset_div2
                bits.ReadSignedExpGolomb(); // slice_tc_offset_div2
            }
        }

        if (picture.FiltersAcrossSlices && (hasLumaOffset || hasChromaOffset || !isDeblockingDisabled))
            bits.ReadFlag(); // slice_loop_filter_across_slices_enabled_flag
    }

    // Returns NumPicTotalCurr (7-55).
    private static int SkipReferenceSets(ref RbspReader bits, HevcSequenceFields sequence, out bool hasTemporalVectors)
    {
        bits.Skip(sequence.OrderBits); // slice_pic_order_cnt_lsb
        var sets = sequence.Sets;
        HevcReferenceSet? set;
        if (!bits.ReadFlag()) // short_term_ref_pic_set_sps_flag
            set = HevcReferenceSet.TryRead(ref bits, sets.Count, sets, isInSlice: true);
        else
            set = bits.ReadBits(BitsFor(sets.Count)) is var index && index < sets.Count ? sets[(int)index] : null;
        if (set is null)
            throw Error(MediaFormatError.Invalid, "A slice has no reference picture set.");

        var used = set.UsedCount;
        if (sequence.HasLongTerm)
        {
            var known = sequence.LongTermPictures > 0 ? bits.ReadUnsignedExpGolomb() : 0;
            var all = (ulong)known + bits.ReadUnsignedExpGolomb();
            for (var picture = 0ul; picture < all && !bits.IsPastEnd; picture++)
            {
                if (picture < known)
                {
                    var which = sequence.LongTermPictures > 1 ? bits.ReadBits(BitsFor(sequence.LongTermPictures)) : 0;
                    used += (int)(sequence.UsedLongTermPictures >> (int)which & 1);
                }
                else
                {
                    bits.Skip(sequence.OrderBits); // poc_lsb_lt
                    used += bits.ReadFlag() ? 1 : 0; // used_by_curr_pic_lt_flag
                }

                if (bits.ReadFlag()) // delta_poc_msb_present_flag
                    bits.ReadUnsignedExpGolomb();
            }
        }

        hasTemporalVectors = sequence.HasTemporalVectors && bits.ReadFlag();
        return used;
    }

    private static void SkipPrediction(
        ref RbspReader bits, uint type, int used, bool hasTemporalVectors, HevcSequenceFields sequence, HevcPictureFields picture)
    {
        var (list0, list1) = (picture.ReferencesOfList0, picture.ReferencesOfList1);
        if (bits.ReadFlag()) // num_ref_idx_active_override_flag
        {
            list0 = bits.ReadUnsignedExpGolomb() + 1;
            if (type == B)
                list1 = bits.ReadUnsignedExpGolomb() + 1;
        }

        if (picture.HasListModification && used > 1)
        {
            SkipModification(ref bits, list0, used);
            if (type == B)
                SkipModification(ref bits, list1, used);
        }

        if (type == B)
            bits.ReadFlag(); // mvd_l1_zero_flag
        if (picture.HasCabacInitialization)
            bits.ReadFlag(); // cabac_init_flag
        if (hasTemporalVectors)
        {
            var isFromList0 = type != B || bits.ReadFlag(); // collocated_from_l0_flag
            if ((isFromList0 ? list0 : list1) > 1)
                bits.ReadUnsignedExpGolomb(); // collocated_ref_idx
        }

        if (type == B ? picture.IsBiWeighted : picture.IsWeighted)
        {
            bits.ReadUnsignedExpGolomb(); // luma_log2_weight_denom
            if (sequence.ChromaArrayType != 0)
                bits.ReadSignedExpGolomb(); // delta_chroma_log2_weight_denom
            SkipWeights(ref bits, list0, sequence.ChromaArrayType);
            if (type == B)
                SkipWeights(ref bits, list1, sequence.ChromaArrayType);
        }

        bits.ReadUnsignedExpGolomb(); // five_minus_max_num_merge_cand
    }

    private static void SkipModification(ref RbspReader bits, uint count, int used)
    {
        if (!bits.ReadFlag())
            return;
        for (; count > 0 && !bits.IsPastEnd; count--)
            bits.Skip(BitsFor(used)); // list_entry
    }

    // pred_weight_table, §7.3.6.3: the flags of a whole list before its weights. At most 15 pictures (§7.4.7.1).
    private static void SkipWeights(ref RbspReader bits, uint count, uint chromaArrayType)
    {
        if (count > 32)
            throw Error(MediaFormatError.Invalid, "A slice has more reference pictures than there can be.");
        var luma = bits.ReadBits((int)count);
        var chroma = chromaArrayType != 0 ? bits.ReadBits((int)count) : 0;
        for (var values = 2 * BitOperations.PopCount(luma) + 4 * BitOperations.PopCount(chroma); values > 0; values--)
            bits.ReadSignedExpGolomb();
    }

    // Ceil(Log2(count))
    private static int BitsFor(long count) => count <= 1 ? 0 : Math.Min(32, 64 - BitOperations.LeadingZeroCount((ulong)count - 1));

    private static MediaFormatException Error(MediaFormatError error, string message) => new(error, "mdat", 0, message);
}
