using System.Collections.Immutable;
using System.Globalization;
using Movento.Ingest.Encode;

namespace Movento.Ingest.Tests.Encode;

public sealed class ChunkTests
{
    private static readonly TimeSpan Segment = TimeSpan.FromSeconds(4);
    private static readonly TimeSpan Keyframes = TimeSpan.FromSeconds(2);

    [Theory]
    [InlineData(0.04, "0")]
    [InlineData(4, "0")]
    // A rounding of a container at the end makes no chunk.
    [InlineData(8.008, "0 4 6")]
    [InlineData(10, "0 4 6 8")]
    // The first ones short, to be watched soon.
    [InlineData(60, "0 4 6 8 16 28 40 52")]
    [InlineData(36, "0 4 6 8 16 28")]
    public void Film_OfALength_IsCutIntoSegments(double seconds, string starts)
    {
        var chunks = Chunk.Cut(TimeSpan.FromSeconds(seconds), Segment, Keyframes);
        Assert.Equal(starts, string.Join(' ', chunks.Select(chunk => chunk.Start.TotalSeconds)));
    }

    [Theory]
    [InlineData(1)]
    [InlineData(61)]
    [InlineData(7200)]
    [InlineData(43_200)]
    public void Film_OfAnyLength_IsCoveredOnceInOrder(double seconds)
    {
        Covered(Chunk.Cut(TimeSpan.FromSeconds(seconds), Segment, Keyframes));
        var random = new Random((int)seconds);
        var keyframes = Enumerable.Range(0, 1 + (int)seconds / 5).Select(number => 5.0 * number + (number == 0 ? 0 : random.NextDouble() * 4));
        var source = SourceKeyframesTests.With(seconds, string.Join(' ', keyframes.Select(time => time.ToString("0.###", CultureInfo.InvariantCulture))));
        var chunks = Chunk.Cut(TimeSpan.FromSeconds(seconds), Segment, Keyframes, source);
        Covered(chunks);
        Assert.True(InVain(chunks, source) <= InVain(Chunk.Cut(TimeSpan.FromSeconds(seconds), Segment, Keyframes), source));
    }

    private static double InVain(ImmutableArray<Chunk> chunks, SourceKeyframes source) =>
        chunks.Sum(chunk => (chunk.Start - (source.Before(chunk.Start) ?? TimeSpan.Zero)).TotalSeconds);

    private static void Covered(ImmutableArray<Chunk> chunks)
    {
        Assert.Equal(TimeSpan.Zero, chunks[0].Start);
        for (var index = 0; index < chunks.Length; index++)
        {
            Assert.Equal(index, chunks[index].Index);
            Assert.Equal(0, chunks[index].Start.Ticks % Keyframes.Ticks);
            Assert.Equal(index + 1 < chunks.Length ? chunks[index + 1].Start : null, chunks[index].End);
        }
        // A day's film is no table of ten thousand tasks.
        Assert.InRange(chunks.Length, 1, 1010);
    }

    [Theory]
    // Where the source has a key frame at each place, nothing changes.
    [InlineData(30, 0, "0 2 4 6 8 10 12 14 16 18 20 22 24 26 28", "0 4 6 8 16 28")]
    // Big Buck Bunny in 1080p.
    [InlineData(30, 0, "0 10.4167 11.875 15.75 23.0417", "0 12 14 16 24")]
    // What has begun stays as it is.
    [InlineData(60, 4, "0 10.4167 20 30 40 50", "0 4 6 8 16 30 40 50")]
    [InlineData(60, 4, "0 5 10 15 20 25 30 35 40 45 50 55", "0 4 6 8 16 30 40 50")]
    public void Source_WithKeyframes_IsCutSoonBehindThem(double seconds, int kept, string keyframes, string starts)
    {
        var chunks = Chunk.Cut(TimeSpan.FromSeconds(seconds), Segment, Keyframes, SourceKeyframesTests.With(seconds, keyframes), kept);
        Assert.Equal(starts, string.Join(' ', chunks.Select(chunk => chunk.Start.TotalSeconds)));
        Assert.All(chunks, chunk => Assert.True(chunk.Keyframe is null || chunk.Keyframe <= chunk.Start));
    }

    [Theory]
    [InlineData(0.5, 4, "0 4 6 8 16 28")]
    // Whole seconds in whole intervals are five.
    [InlineData(2.5, 2.5, "0 5 10 15 20 30")]
    [InlineData(1.5, 6, "0 6 9 12 24")]
    public void Interval_OfAnyLength_IsCutAtWholeSeconds(double keyframes, double segment, string starts)
    {
        var chunks = Chunk.Cut(TimeSpan.FromSeconds(38), TimeSpan.FromSeconds(segment), TimeSpan.FromSeconds(keyframes));
        Assert.Equal(starts, string.Join(' ', chunks.Select(chunk => chunk.Start.TotalSeconds)));
    }
}
