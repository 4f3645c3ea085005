namespace Movento.Packager.Presentations;

/// <summary>Bit rates as RFC 8216bis §4.4.6.2 defines them.</summary>
internal static class SegmentBitrate
{
    /// <summary>EXT-X-TARGETDURATION (§4.4.3.1): the longest in whole seconds, rounded, at least 1.</summary>
    public static long TargetDuration<T>(ReadOnlySpan<T> items, uint timescale) where T : struct, ITimedBytes
    {
        var longest = 0L;
        foreach (ref readonly var item in items)
            longest = Math.Max(longest, item.Duration);
        return Math.Max(1, (longest + timescale / 2) / timescale);
    }

    /// <summary>
    /// Bits a second, rounded up: the largest of any consecutive items that last between half and one and a half target durations together. Where
    /// none do, of any one item.
    /// </summary>
    public static long Peak<T>(ReadOnlySpan<T> items, uint timescale, long targetDuration) where T : struct, ITimedBytes
    {
        var shortest = (targetDuration * timescale + 1) / 2;
        var longest = targetDuration * timescale * 3 / 2;
        var (peakSize, peakDuration) = (0L, 1L);
        for (var first = 0; first < items.Length; first++)
        {
            var (size, duration) = (0L, 0L);
            for (var last = first; last < items.Length; last++)
            {
                size += items[last].Size;
                duration += items[last].Duration;
                if (duration > longest)
                    break;
                // Fractions are compared, not quotients: a division for each window would cost more than the whole playlist.
                if (duration >= shortest && IsFaster(size, duration, peakSize, peakDuration))
                    (peakSize, peakDuration) = (size, duration);
            }
        }

        if (peakSize == 0)
        {
            foreach (ref readonly var item in items)
            {
                if (IsFaster(item.Size, item.Duration, peakSize, peakDuration))
                    (peakSize, peakDuration) = (item.Size, item.Duration);
            }
        }

        return BitsPerSecond(peakSize, peakDuration, timescale);
    }

    /// <summary>Bits a second of all items, rounded up.</summary>
    public static long Average<T>(ReadOnlySpan<T> items, uint timescale) where T : struct, ITimedBytes
    {
        var (size, duration) = (0L, 0L);
        foreach (ref readonly var item in items)
        {
            size += item.Size;
            duration += item.Duration;
        }

        return BitsPerSecond(size, duration, timescale);
    }

    private static bool IsFaster(long size, long duration, long thanSize, long thanDuration)
    {
        var left = Math.BigMul(size, thanDuration, out var leftLow);
        var right = Math.BigMul(thanSize, duration, out var rightLow);
        return left != right ? left > right : (ulong)leftLow > (ulong)rightLow;
    }

    private static long BitsPerSecond(long size, long duration, uint timescale) =>
        duration == 0 ? 0 : (long)Int128.Min(((Int128)size * 8 * timescale + duration - 1) / duration, long.MaxValue);
}
