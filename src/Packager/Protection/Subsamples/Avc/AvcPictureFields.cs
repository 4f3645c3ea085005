using System.Numerics;

namespace Movento.Packager.Protection.Subsamples.Avc;

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
    private static int BitsFor(ulong count) => Math.Min(32, 64 - BitOperations.LeadingZeroCount(count - 1));
}
