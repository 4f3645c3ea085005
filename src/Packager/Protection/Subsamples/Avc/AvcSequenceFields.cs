namespace Movento.Packager.Protection.Subsamples.Avc;

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
