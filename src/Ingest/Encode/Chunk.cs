using System.Collections.Immutable;

namespace Movento.Ingest.Encode;

/// <summary>A stretch of a film's pictures that is decoded and encoded apart.</summary>
/// <param name="Index">From 0.</param>
/// <param name="Start">In film time: a whole number of segments.</param>
/// <param name="End">In film time, the first moment that is not in it; null for the last one, which takes whatever there is.</param>
internal sealed record Chunk(int Index, TimeSpan Start, TimeSpan? End)
{
    // The first ones are short, so that the film can be watched soon; the last ones too, so that no worker ends long after the others. In segments.
    private static readonly int[] FirstLengths = [1, 1, 2];
    private static readonly int[] LastLengths = [2, 2, 1];

    // 12 s: a process costs about 0.1 s to start and end, and a decoder that begins in the middle up to a group of pictures of the source.
    private const int UsualLength = 3;

    // Past this many, chunks become longer instead: 12 hours would be 3600 of the usual ones, each with an object a rung.
    private const int MaxChunks = 1000;

    /// <summary>Cuts a film. Pure.</summary>
    /// <param name="duration">Of its pictures, as the header says it; the last chunk has no end, so a longer film loses nothing.</param>
    /// <param name="segment">The length of a segment.</param>
    public static ImmutableArray<Chunk> Cut(TimeSpan duration, TimeSpan segment)
    {
        // Less than half a segment at the end is no chunk of its own, and may be only a container's rounding.
        var segments = (int)Math.Clamp(Math.Round(duration / segment, MidpointRounding.AwayFromZero), 1, int.MaxValue / 2);
        var usual = Math.Max(UsualLength, (segments + MaxChunks - 1) / MaxChunks);
        var lengths = Lengths(segments, usual);
        var chunks = ImmutableArray.CreateBuilder<Chunk>(lengths.Count);
        var start = 0;
        foreach (var length in lengths)
        {
            var end = start + length;
            chunks.Add(new Chunk(chunks.Count, start * segment, end >= segments ? null : end * segment));
            start = end;
        }
        return chunks.DrainToImmutable();
    }

    /// <summary>One chunk that is all of the film: where a decoder cannot begin in the middle.</summary>
    public static ImmutableArray<Chunk> Whole { get; } = [new Chunk(0, TimeSpan.Zero, null)];

    private static List<int> Lengths(int segments, int usual)
    {
        var lengths = new List<int>();
        var left = segments;
        foreach (var length in FirstLengths)
        {
            if (left == 0) break;
            lengths.Add(Math.Min(length, left));
            left -= lengths[^1];
        }

        var last = LastLengths.Sum();
        while (left > last)
        {
            lengths.Add(Math.Min(usual, left - last));
            left -= lengths[^1];
        }

        foreach (var length in LastLengths)
        {
            if (left == 0) break;
            lengths.Add(Math.Min(length, left));
            left -= lengths[^1];
        }
        return lengths;
    }
}
