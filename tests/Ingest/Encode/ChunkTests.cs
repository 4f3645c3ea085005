using Movento.Ingest.Encode;

namespace Movento.Ingest.Tests.Encode;

public sealed class ChunkTests
{
    private static readonly TimeSpan Segment = TimeSpan.FromSeconds(4);

    [Theory]
    [InlineData(0.04, "0")]
    [InlineData(4, "0")]
    // A rounding of a container at the end makes no chunk.
    [InlineData(8.008, "0 4")]
    [InlineData(10, "0 4 8")]
    // The first ones short, to be watched soon; the last ones short, to end together.
    [InlineData(60, "0 4 8 16 28 40 48 56")]
    [InlineData(36, "0 4 8 16 24 32")]
    public void Film_OfALength_IsCutIntoSegments(double seconds, string starts)
    {
        var chunks = Chunk.Cut(TimeSpan.FromSeconds(seconds), Segment);
        Assert.Equal(starts, string.Join(' ', chunks.Select(chunk => chunk.Start.TotalSeconds)));
    }

    [Theory]
    [InlineData(1)]
    [InlineData(61)]
    [InlineData(7200)]
    [InlineData(43_200)]
    public void Film_OfAnyLength_IsCoveredOnceInOrder(double seconds)
    {
        var chunks = Chunk.Cut(TimeSpan.FromSeconds(seconds), Segment);
        Assert.Equal(TimeSpan.Zero, chunks[0].Start);
        for (var index = 0; index < chunks.Length; index++)
        {
            Assert.Equal(index, chunks[index].Index);
            Assert.Equal(0, chunks[index].Start.Ticks % Segment.Ticks);
            Assert.Equal(index + 1 < chunks.Length ? chunks[index + 1].Start : null, chunks[index].End);
        }
        // A day's film is no table of ten thousand tasks.
        Assert.InRange(chunks.Length, 1, 1010);
    }
}
