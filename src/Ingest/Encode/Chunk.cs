using System.Collections.Immutable;

namespace Movento.Ingest.Encode;

/// <summary>A stretch of a film's pictures that is decoded and encoded apart.</summary>
/// <param name="Index">From 0.</param>
/// <param name="Start">In film time: whole seconds, and a whole number of keyframe intervals.</param>
/// <param name="End">In film time, the first moment that is not in it; null for the last one, which takes whatever there is.</param>
internal sealed record Chunk(int Index, TimeSpan Start, TimeSpan? End)
{
    // In segments. The first one makes the first segment, and the next begins early, so that it can be given out soon. Encoded last where that is
    // possible, the same short ones let no worker end long after the others.
    private static readonly double[] FirstLengths = [1, 0.5, 0.5, 2];

    // 12 s: a process costs about 0.1 s to start and end, and a decoder that begins in the middle up to a group of pictures of the source.
    private const double UsualLength = 3;

    // Past this many, chunks become longer instead: 12 hours would be 3600 of the usual ones, each with an object a rung.
    private const int MaxChunks = 1000;

    /// <summary>Cuts a film. Pure.</summary>
    /// <param name="duration">Of its pictures, as the header says it; the last chunk has no end, so a longer film loses nothing.</param>
    /// <param name="segment">The length of a segment: a multiple of <paramref name="keyframes"/>.</param>
    /// <param name="keyframes">The time between keyframes.</param>
    public static ImmutableArray<Chunk> Cut(TimeSpan duration, TimeSpan segment, TimeSpan keyframes)
    {
        // The shortest stretch of whole seconds from keyframe to keyframe: whole seconds are whole ticks of every timescale.
        var unit = TimeSpan.FromTicks(keyframes.Ticks / GreatestCommonDivisor(keyframes.Ticks, TimeSpan.TicksPerSecond) * TimeSpan.TicksPerSecond);
        // Less than half a unit at the end is no chunk of its own, and may be only a container's rounding.
        var left = (int)Math.Clamp(Math.Round(duration / unit, MidpointRounding.AwayFromZero), 1, int.MaxValue / 2);
        var usual = Math.Max(Units(UsualLength), (left + MaxChunks - 1) / MaxChunks);
        var chunks = ImmutableArray.CreateBuilder<Chunk>();
        var start = 0;
        while (left > 0)
        {
            var length = Math.Min(left, chunks.Count < FirstLengths.Length ? Units(FirstLengths[chunks.Count]) : usual);
            left -= length;
            chunks.Add(new Chunk(chunks.Count, start * unit, left == 0 ? null : (start + length) * unit));
            start += length;
        }
        return chunks.DrainToImmutable();

        int Units(double segments) => Math.Max(1, (int)Math.Round(segments * (segment / unit), MidpointRounding.AwayFromZero));
    }

    /// <summary>One chunk that is all of the film: where a decoder cannot begin in the middle.</summary>
    public static ImmutableArray<Chunk> Whole { get; } = [new Chunk(0, TimeSpan.Zero, null)];

    private static long GreatestCommonDivisor(long a, long b) => b == 0 ? a : GreatestCommonDivisor(b, a % b);
}
