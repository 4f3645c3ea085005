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
        var chunks = Chunk.Cut(TimeSpan.FromSeconds(seconds), Segment, Keyframes);
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
