namespace Movento.Packager.Protection.Subsamples.Av1;

/// <summary>What follows from the order in which reference frames are shown (AV1 specification §5.9.22, §7.8).</summary>
/// <param name="bits">OrderHintBits; 0 where there is no order.</param>
/// <param name="current">Of the frame itself.</param>
/// <param name="slots">The eight frames that are kept.</param>
internal readonly ref struct Av1OrderHints(int bits, int current, ReadOnlySpan<Av1Reference> slots)
{
    /// <summary>References of a frame.</summary>
    public const int References = 7;

    // Indices into the references of a frame: their names less LAST_FRAME.
    private const int Last = 0, Golden = 3, Backward = 4, Alternative2 = 5, Alternative = 6;

    private readonly ReadOnlySpan<Av1Reference> _slots = slots;

    /// <summary>get_relative_dist, §5.9.3.</summary>
    public int Distance(int hint, int other)
    {
        if (bits == 0)
            return 0;
        var difference = hint - other;
        var sign = 1 << (bits - 1);
        return (difference & (sign - 1)) - (difference & sign);
    }

    /// <summary>set_frame_refs, §7.8: all references from the last and the golden one.</summary>
    public void Complete(int last, int golden, Span<int> references)
    {
        Span<bool> isUsed = stackalloc bool[_slots.Length];
        references.Fill(-1);
        (references[Last], references[Golden]) = (last, golden);
        isUsed[last] = isUsed[golden] = true;
        Take(references, Alternative, Find(isUsed, isLater: true, isLatest: true), isUsed);
        Take(references, Backward, Find(isUsed, isLater: true, isLatest: false), isUsed);
        Take(references, Alternative2, Find(isUsed, isLater: true, isLatest: false), isUsed);
        foreach (var reference in (ReadOnlySpan<int>)[1, 2, Backward, Alternative2, Alternative])
        {
            if (references[reference] < 0)
                Take(references, reference, Find(isUsed, isLater: false, isLatest: true), isUsed);
        }

        var earliest = 0;
        for (var slot = 1; slot < _slots.Length; slot++)
        {
            if (Shifted(slot) < Shifted(earliest))
                earliest = slot;
        }

        foreach (ref var reference in references)
            reference = reference < 0 ? earliest : reference;
    }

    /// <summary>skipModeAllowed, §5.9.22: whether there are references on both sides, or two before.</summary>
    public bool AllowsSkipMode(ReadOnlySpan<int> references)
    {
        int? forward = null, backward = null, second = null;
        foreach (var reference in references)
        {
            var hint = _slots[reference].OrderHint;
            var distance = Distance(hint, current);
            if (distance < 0 && (forward is null || Distance(hint, forward.Value) > 0))
                forward = hint;
            else if (distance > 0 && (backward is null || Distance(hint, backward.Value) < 0))
                backward = hint;
        }

        if (forward is null || backward is not null)
            return forward is not null;
        foreach (var reference in references)
        {
            var hint = _slots[reference].OrderHint;
            if (Distance(hint, forward.Value) < 0 && (second is null || Distance(hint, second.Value) > 0))
                second = hint;
        }

        return second is not null;
    }

    // Of the slots that are not used yet, those that are shown later than the frame or with it, or those before it: the latest or the earliest.
    private int Find(ReadOnlySpan<bool> isUsed, bool isLater, bool isLatest)
    {
        var found = -1;
        for (var slot = 0; slot < _slots.Length; slot++)
        {
            var distance = Shifted(slot);
            if (isUsed[slot] || distance >= 0 != isLater)
                continue;
            if (found < 0 || (isLatest ? distance >= Shifted(found) : distance < Shifted(found)))
                found = slot;
        }

        return found;
    }

    private int Shifted(int slot) => Distance(_slots[slot].OrderHint, current);

    private static void Take(Span<int> references, int reference, int slot, Span<bool> isUsed)
    {
        if (slot < 0)
            return;
        references[reference] = slot;
        isUsed[slot] = true;
    }
}
