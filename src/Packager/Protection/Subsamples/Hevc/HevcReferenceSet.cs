namespace Movento.Packager.Protection.Subsamples.Hevc;

/// <summary>A short-term reference picture set (st_ref_pic_set, ISO/IEC 23008-2 §7.3.7): which pictures, by their distance, and whether this one uses them.</summary>
/// <param name="Before">The distances below zero, the nearest first.</param>
/// <param name="After">The distances above zero, the nearest first.</param>
internal sealed record HevcReferenceSet(List<(int Distance, bool IsUsed)> Before, List<(int Distance, bool IsUsed)> After)
{
    // sps_max_dec_pic_buffering_minus1 is at most 15 (§A.4.2).
    private const int MaxPictures = 16;

    private int Count => Before.Count + After.Count;

    /// <summary>Pictures that the current one uses.</summary>
    public int UsedCount => Before.Count(picture => picture.IsUsed) + After.Count(picture => picture.IsUsed);

    /// <summary>Reads a set.</summary>
    /// <param name="bits">Where it stands.</param>
    /// <param name="index">Of the set; that of a slice header comes after all of the sequence's.</param>
    /// <param name="sets">The sequence's, as far as they are read.</param>
    /// <param name="isInSlice">Whether it stands in a slice header.</param>
    /// <returns>Null when the bits are no set.</returns>
    public static HevcReferenceSet? TryRead(ref RbspReader bits, int index, IReadOnlyList<HevcReferenceSet> sets, bool isInSlice) =>
        index > 0 && bits.ReadFlag() ? TryPredict(ref bits, index, sets, isInSlice) : TryReadExplicit(ref bits);

    private static HevcReferenceSet? TryReadExplicit(ref RbspReader bits)
    {
        var (before, after) = (bits.ReadUnsignedExpGolomb(), bits.ReadUnsignedExpGolomb());
        if (before > MaxPictures || after > MaxPictures)
            return null;
        var set = new HevcReferenceSet([], []);
        for (var (count, distance) = (before, 0); count > 0; count--)
        {
            distance -= (int)bits.ReadUnsignedExpGolomb() + 1;
            set.Before.Add((distance, bits.ReadFlag()));
        }

        for (var (count, distance) = (after, 0); count > 0; count--)
        {
            distance += (int)bits.ReadUnsignedExpGolomb() + 1;
            set.After.Add((distance, bits.ReadFlag()));
        }

        return bits.IsPastEnd ? null : set;
    }

    // inter_ref_pic_set_prediction_flag: (7-61) and (7-62)
    private static HevcReferenceSet? TryPredict(ref RbspReader bits, int index, IReadOnlyList<HevcReferenceSet> sets, bool isInSlice)
    {
        var back = isInSlice ? bits.ReadUnsignedExpGolomb() + 1 : 1;
        if (back > index)
            return null;
        var reference = sets[index - (int)back];
        var isNegative = bits.ReadFlag();
        var shift = (int)bits.ReadUnsignedExpGolomb() + 1;
        if (isNegative)
            shift = -shift;

        Span<bool> isUsed = stackalloc bool[2 * MaxPictures + 1];
        Span<bool> isKept = stackalloc bool[2 * MaxPictures + 1];
        for (var picture = 0; picture <= reference.Count; picture++)
        {
            isUsed[picture] = bits.ReadFlag();
            isKept[picture] = isUsed[picture] || bits.ReadFlag();
        }

        if (bits.IsPastEnd)
            return null;
        var set = new HevcReferenceSet([], []);
        var first = reference.Before.Count;
        for (var picture = reference.After.Count - 1; picture >= 0; picture--)
            Keep(set.Before, reference.After[picture].Distance + shift, -1, first + picture, isUsed, isKept);
        Keep(set.Before, shift, -1, reference.Count, isUsed, isKept);
        for (var picture = 0; picture < first; picture++)
            Keep(set.Before, reference.Before[picture].Distance + shift, -1, picture, isUsed, isKept);
        for (var picture = first - 1; picture >= 0; picture--)
            Keep(set.After, reference.Before[picture].Distance + shift, 1, picture, isUsed, isKept);
        Keep(set.After, shift, 1, reference.Count, isUsed, isKept);
        for (var picture = 0; picture < reference.After.Count; picture++)
            Keep(set.After, reference.After[picture].Distance + shift, 1, first + picture, isUsed, isKept);
        return set.Before.Count > MaxPictures || set.After.Count > MaxPictures ? null : set;
    }

    private static void Keep(
        List<(int Distance, bool IsUsed)> list, int distance, int sign, int picture, ReadOnlySpan<bool> isUsed, ReadOnlySpan<bool> isKept)
    {
        if (isKept[picture] && Math.Sign(distance) == sign)
            list.Add((distance, isUsed[picture]));
    }
}
