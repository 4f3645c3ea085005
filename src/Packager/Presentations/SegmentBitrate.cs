namespace Movento.Packager.Presentations;

/// <summary>Bit rates as RFC 8216bis §4.4.6.2 defines them.</summary>
internal static class SegmentBitrate
{
    public static long Peak(ReadOnlySpan<Segment> segments, uint timescale, long targetDuration)
    {
        var shortest = (targetDuration * timescale + 1) / 2;
        var longest = targetDuration * timescale * 3 / 2;
        var peak = 0L;
        for (var first = 0; first < segments.Length; first++)
        {
            var (size, duration) = (0L, 0L);
            for (var last = first; last < segments.Length; last++)
            {
                size += segments[last].Size;
                duration += segments[last].Duration;
                if (duration > longest)
                    break;
                if (duration >= shortest)
                    peak = Math.Max(peak, BitsPerSecond(size, duration, timescale));
            }
        }

        if (peak > 0)
            return peak;
        foreach (var segment in segments)
            peak = Math.Max(peak, BitsPerSecond(segment.Size, segment.Duration, timescale));
        return peak;
    }

    public static long Average(ReadOnlySpan<Segment> segments, uint timescale)
    {
        var (size, duration) = (0L, 0L);
        foreach (var segment in segments)
        {
            size += segment.Size;
            duration += segment.Duration;
        }

        return BitsPerSecond(size, duration, timescale);
    }

    private static long BitsPerSecond(long size, long duration, uint timescale) =>
        (long)Int128.Min(((Int128)size * 8 * timescale + duration - 1) / duration, long.MaxValue);
}
