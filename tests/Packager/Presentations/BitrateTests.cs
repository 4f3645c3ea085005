namespace Movento.Packager.Tests.Presentations;

/// <summary>RFC 8216bis §4.4.6.2.</summary>
public sealed class BitrateTests
{
    [Fact]
    public void Peak_IsOfTheWindowWithTheMostBits() =>
        Assert.Equal((8_000_000L * 30000 + 120119) / 120120, Samples.Video().PeakBitrate);

    [Fact]
    public void Average_IsOfAllSegments() =>
        Assert.Equal((1_750_000L * 8 * 30000 + 270269) / 270270, Samples.Video().AverageBitrate);

    [Fact]
    public void Peak_OfAShortLastSegmentAlone_DoesNotCount()
    {
        // 4 s of 1000 bytes, then 1 s of 10000: alone it is below half a target duration, with the one before it is within one and a half.
        var rendition = Samples.Video() with { Timescale = 1, Segments = [new(0, 1000, 0, 4), new(1000, 1000, 4, 4), new(2000, 10_000, 8, 1)] };
        Assert.Equal(11_000 * 8 / 5, rendition.PeakBitrate);
    }

    [Fact]
    public void Peak_OfOneSegmentBelowHalfASecond_IsItsOwn()
    {
        var rendition = Samples.Video() with { Timescale = 100, Segments = [new(0, 1000, 0, 4)] };
        Assert.Equal(1, rendition.TargetDuration);
        Assert.Equal(200_000, rendition.PeakBitrate);
    }

    [Theory]
    [InlineData(449, 4)]
    [InlineData(450, 5)]
    public void TargetDuration_IsTheLongestRounded(long duration, long expected) =>
        Assert.Equal(expected, (Samples.Video() with { Timescale = 100, Segments = [new(0, 1, 0, duration), new(1, 1, duration, 1)] }).TargetDuration);
}
