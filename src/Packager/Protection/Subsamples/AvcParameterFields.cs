namespace Movento.Packager.Protection.Subsamples;

/// <summary>What a slice header needs of an H.264 sequence parameter set (ISO/IEC 14496-10 §7.3.2.1.1).</summary>
internal sealed record AvcSequenceFields(
    bool HasSeparatePlanes, uint ChromaArrayType, int FrameNumberBits, uint OrderType, int OrderBits, bool IsOrderDeltaZero, bool IsFramesOnly, long MapUnits)
{
    /// <summary>Reads a NAL unit of type 7.</summary>
    /// <returns>Null when the bits are not a sequence parameter set.</returns>
    public static AvcSequenceFields? TryRead(ReadOnlySpan<byte> unit, out uint id)
    {
        var bits = new RbspReader(unit[1..]);
        var profile = bits.ReadBits(8);
        bits.Skip(8 + 8); // constraint flags, level_idc
        id = bits.ReadUnsignedExpGolomb();
        var chromaFormat = 1u;
        var hasSeparatePlanes = false;
        if (profile is 100 or 110 or 122 or 244 or 44 or 83 or 86 or 118 or 128 or 138 or 139 or 134 or 135)
        {
            chromaFormat = bits.ReadUnsignedExpGolomb();
            hasSeparatePlanes = chromaFormat == 3 && bits.ReadFlag();
            bits.ReadUnsignedExpGolomb(); // bit_depth_luma_minus8
            bits.ReadUnsignedExpGolomb(); // bit_depth_chroma_minus8
            bits.ReadFlag(); // qpprime_y_zero_transform_bypass_flag
            if (bits.ReadFlag())
                AvcScalingLists.Skip(ref bits, chromaFormat == 3 ? 12 : 8);
        }

        var frameNumberBits = (int)Math.Min(bits.ReadUnsignedExpGolomb() + 4, 16);
        var orderType = bits.ReadUnsignedExpGolomb();
        var orderBits = 0;
        var isDeltaZero = false;
        if (orderType == 0)
        {
            orderBits = (int)Math.Min(bits.ReadUnsignedExpGolomb() + 4, 16);
        }
        else if (orderType == 1)
        {
            isDeltaZero = bits.ReadFlag();
            bits.ReadSignedExpGolomb(); // offset_for_non_ref_pic
            bits.ReadSignedExpGolomb(); // offset_for_top_to_bottom_field
            for (var cycle = bits.ReadUnsignedExpGolomb(); cycle > 0 && !bits.IsPastEnd; cycle--)
                bits.ReadSignedExpGolomb(); // offset_for_ref_frame
        }

        bits.ReadUnsignedExpGolomb(); // max_num_ref_frames
        bits.ReadFlag(); // gaps_in_frame_num_value_allowed_flag
        var mapUnits = ((long)bits.ReadUnsignedExpGolomb() + 1) * ((long)bits.ReadUnsignedExpGolomb() + 1);
        var isFramesOnly = bits.ReadFlag();
        return bits.IsPastEnd || chromaFormat > 3 || orderType > 2
            ? null
            : new AvcSequenceFields(
                hasSeparatePlanes, hasSeparatePlanes ? 0 : chromaFormat, frameNumberBits, orderType, orderBits, isDeltaZero, isFramesOnly, mapUnits);
    }
}

/// <summary>What a slice header needs of an H.264 picture parameter set (ISO/IEC 14496-10 §7.3.2.2).</summary>
internal sealed record AvcPictureFields(
    uint Sequence, bool IsCabac, bool HasFieldOrder, int SliceGroupChangeBits, uint ReferencesOfList0, uint ReferencesOfList1,
    bool IsWeighted, uint BiWeighting, bool HasDeblocking, bool HasRedundantPictures)
{
    /// <summary>Reads a NAL unit of type 8.</summary>
    /// <returns>Null when the bits are not a picture parameter set of a known sequence.</returns>
    public static AvcPictureFields? TryRead(ReadOnlySpan<byte> unit, ReadOnlySpan<AvcSequenceFields?> sequences, out uint id)
    {
        var bits = new RbspReader(unit[1..]);
        id = bits.ReadUnsignedExpGolomb();
        var sequence = bits.ReadUnsignedExpGolomb();
        if (sequence >= sequences.Length || sequences[(int)sequence] is not { } fields)
            return null;
        var isCabac = bits.ReadFlag();
        var hasFieldOrder = bits.ReadFlag();
        var changeBits = 0;
        if (bits.ReadUnsignedExpGolomb() is var groups and > 0)
            changeBits = ReadSliceGroups(ref bits, groups, fields);
        var (list0, list1) = (bits.ReadUnsignedExpGolomb() + 1, bits.ReadUnsignedExpGolomb() + 1);
        var isWeighted = bits.ReadFlag();
        var biWeighting = bits.ReadBits(2);
        bits.ReadSignedExpGolomb(); // pic_init_qp_minus26
        bits.ReadSignedExpGolomb(); // pic_init_qs_minus26
        bits.ReadSignedExpGolomb(); // chroma_qp_index_offset
        var hasDeblocking = bits.ReadFlag();
        bits.ReadFlag(); // constrained_intra_pred_flag
        var hasRedundant = bits.ReadFlag();
        return bits.IsPastEnd
            ? null
            : new AvcPictureFields(sequence, isCabac, hasFieldOrder, changeBits, list0, list1, isWeighted, biWeighting, hasDeblocking, hasRedundant);
    }

    // Returns the bits of slice_group_change_cycle (§7.4.3); 0 where there is none.
    private static int ReadSliceGroups(ref RbspReader bits, uint groups, AvcSequenceFields sequence)
    {
        var type = bits.ReadUnsignedExpGolomb();
        switch (type)
        {
            case 0:
                for (var group = 0u; group <= groups && !bits.IsPastEnd; group++)
                    bits.ReadUnsignedExpGolomb(); // run_length_minus1
                break;
            case 2:
                for (var group = 0u; group < groups && !bits.IsPastEnd; group++)
                {
                    bits.ReadUnsignedExpGolomb(); // top_left
                    bits.ReadUnsignedExpGolomb(); // bottom_right
                }

                break;
            case 3 or 4 or 5:
                bits.ReadFlag(); // slice_group_change_direction_flag
                var rate = (long)bits.ReadUnsignedExpGolomb() + 1;
                var cycles = (sequence.MapUnits * (sequence.IsFramesOnly ? 1 : 2) + rate - 1) / rate + 1;
                return BitsFor((ulong)cycles);
            case 6:
                var width = BitsFor(groups + 1);
                for (var unit = (long)bits.ReadUnsignedExpGolomb(); unit >= 0 && !bits.IsPastEnd; unit--)
                    bits.ReadBits(width); // slice_group_id
                break;
        }

        return 0;
    }

    // Ceil(Log2(count))
    private static int BitsFor(ulong count) => Math.Min(32, 64 - System.Numerics.BitOperations.LeadingZeroCount(count - 1));
}

/// <summary>scaling_list() of H.264 (ISO/IEC 14496-10 §7.3.2.1.1.1), stepped over.</summary>
internal static class AvcScalingLists
{
    public static void Skip(ref RbspReader bits, int lists)
    {
        for (var list = 0; list < lists; list++)
        {
            if (!bits.ReadFlag())
                continue;
            var (last, next) = (8, 8);
            for (var index = 0; index < (list < 6 ? 16 : 64) && next != 0 && !bits.IsPastEnd; index++)
            {
                next = last + bits.ReadSignedExpGolomb() & 255;
                last = next == 0 ? last : next;
            }
        }
    }
}
