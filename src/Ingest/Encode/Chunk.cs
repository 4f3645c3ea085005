using System.Collections.Immutable;

namespace Movento.Ingest.Encode;

/// <summary>A stretch of a film's pictures that is decoded and encoded apart.</summary>
/// <param name="Index">From 0.</param>
/// <param name="Start">In film time: whole seconds, and a whole number of keyframe intervals.</param>
/// <param name="End">In film time, the first moment that is not in it; null for the last one, which takes whatever there is.</param>
internal sealed record Chunk(int Index, TimeSpan Start, TimeSpan? End)
{
    /// <summary>The key frame of the source that a decoder begins with, in film time; null where it is not known, or is the first.</summary>
    public TimeSpan? Keyframe { get; init; }

    // In segments. The first one makes the first segment, and the next begins early, so that it can be given out soon. Encoded last where that is
    // possible, the same short ones let no worker end long after the others.
    private static readonly double[] FirstLengths = [1, 0.5, 0.5, 2];

    // 12 s: a process costs about 0.1 s to start and end.
    private const double UsualLength = 3;

    // Of the usual length.
    private const double LongestLength = 2;

    // A second that is decoded in vain weighs as much as so many by which a chunk is longer or shorter than it would be: to decode is a tenth to a quarter of the work,
    // and what is cut as usual keeps all workers busy to the end. 30 s of 1080p with five key frames: 23 s were decoded twice, 7 % of all processor time; now 3.
    private const double WeightOfDecoding = 2;

    // Past this many, chunks become longer instead: 12 hours would be 3600 of the usual ones, each with an object a rung.
    private const int MaxChunks = 1000;

    /// <summary>Cuts a film. Pure.</summary>
    /// <param name="duration">Of its pictures, as the header says it; the last chunk has no end, so a longer film loses nothing.</param>
    /// <param name="segment">The length of a segment: a multiple of <paramref name="keyframes"/>.</param>
    /// <param name="keyframes">The time between keyframes.</param>
    /// <param name="source">Where a decoder can begin, so that chunks begin soon behind that; null where it is not known.</param>
    /// <param name="kept">So many of the first chunks are as they are without <paramref name="source"/>.</param>
    public static ImmutableArray<Chunk> Cut(TimeSpan duration, TimeSpan segment, TimeSpan keyframes, SourceKeyframes? source = null, int kept = 0)
    {
        // The shortest stretch of whole seconds from keyframe to keyframe: whole seconds are whole ticks of every timescale.
        var unit = TimeSpan.FromTicks(keyframes.Ticks / GreatestCommonDivisor(keyframes.Ticks, TimeSpan.TicksPerSecond) * TimeSpan.TicksPerSecond);
        // Less than half a unit at the end is no chunk of its own, and may be only a container's rounding.
        var all = (int)Math.Clamp(Math.Round(duration / unit, MidpointRounding.AwayFromZero), 1, int.MaxValue / 2);
        var usual = Math.Max(Units(UsualLength), (all + MaxChunks - 1) / MaxChunks);
        var chunks = ImmutableArray.CreateBuilder<Chunk>();
        var lengths = source is null ? null : BestLengths();
        for (var start = 0; start < all;)
        {
            var length = lengths is null ? Math.Min(Usual(chunks.Count), all - start) : lengths[Math.Min(chunks.Count, lengths.GetLength(0) - 1), start];
            chunks.Add(new Chunk(chunks.Count, start * unit, start + length == all ? null : (start + length) * unit) { Keyframe = source?.Before(start * unit) });
            start += length;
        }
        return chunks.DrainToImmutable();

        int Units(double segments) => Math.Max(1, (int)Math.Round(segments * (segment / unit), MidpointRounding.AwayFromZero));

        int Usual(int number) => number < FirstLengths.Length ? Units(FirstLengths[number]) : usual;

        // By the number of the chunk, as far as that matters, and its start, in units: the length with which it and all that follow cost least. From the film's end on.
        int[,] BestLengths()
        {
            var numbers = Math.Max(FirstLengths.Length, kept) + 1;
            var best = new int[numbers, all];
            var costs = new double[numbers, all + 1];
            for (var start = all - 1; start >= 0; start--)
            {
                var vain = start == 0 ? 0 : (start * unit - (source.Before(start * unit) ?? TimeSpan.Zero)) / unit;
                for (var number = 0; number < numbers; number++)
                {
                    var wanted = Usual(number);
                    var least = double.MaxValue;
                    var (shortest, longest) = number < kept ? (wanted, wanted) : (1, Math.Max(wanted, (int)(LongestLength * usual)));
                    for (var length = Math.Min(shortest, all - start); length <= longest && start + length <= all; length++)
                    {
                        var isLast = start + length == all;
                        var cost = (isLast ? Math.Max(0, length - wanted) : Math.Abs(length - wanted)) + costs[Math.Min(number + 1, numbers - 1), start + length];
                        if (cost >= least) continue;
                        (least, best[number, start]) = (cost, length);
                    }

                    costs[number, start] = least + WeightOfDecoding * vain;
                }
            }

            return best;
        }
    }

    /// <summary>One chunk that is all of the film: where a decoder cannot begin in the middle.</summary>
    public static ImmutableArray<Chunk> Whole { get; } = [new Chunk(0, TimeSpan.Zero, null)];

    private static long GreatestCommonDivisor(long a, long b) => b == 0 ? a : GreatestCommonDivisor(b, a % b);
}
