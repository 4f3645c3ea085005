using Movento.Ingest.Ladder;
using Movento.Ingest.Probe;

namespace Movento.Ingest.Tests.Ladder;

public sealed class LadderRulesTests
{
    private static readonly IngestOptions Options = new();

    [Theory]
    // 16:9, from the largest to the smallest.
    [InlineData(7680, 4320, "416x234 640x360 960x540 1280x720 1920x1080 2560x1440 3840x2160")]
    [InlineData(3840, 2160, "416x234 640x360 960x540 1280x720 1920x1080 2560x1440 3840x2160")]
    [InlineData(2560, 1440, "416x234 640x360 960x540 1280x720 1920x1080 2560x1440")]
    [InlineData(1920, 1080, "416x234 640x360 960x540 1280x720 1920x1080")]
    [InlineData(1280, 720, "416x234 640x360 960x540 1280x720")]
    [InlineData(640, 360, "416x234 640x360")]
    [InlineData(426, 240, "426x240")]
    [InlineData(320, 180, "320x180")]
    // Between two boxes: the source's own size on top.
    [InlineData(1600, 900, "416x234 640x360 960x540 1280x720 1600x900")]
    [InlineData(1920, 1088, "412x234 634x360 952x540 1270x720 1920x1088")]
    [InlineData(720, 576, "292x234 450x360 720x576")]
    // Wide screen is fitted by its width, upright video by its narrow side.
    [InlineData(1920, 804, "416x174 640x268 960x402 1280x536 1920x804")]
    [InlineData(1080, 1920, "234x416 360x640 540x960 720x1280 1080x1920")]
    // Odd sides are made even, downwards.
    [InlineData(161, 121, "160x120")]
    [InlineData(3, 5, "2x4")]
    [InlineData(1, 1, "2x2")]
    public void Ladder_OfASize_HasTheseRungs(int width, int height, string rungs) =>
        Assert.Equal(rungs, Sizes(LadderRules.For(Video(width, height), Options)));

    [Theory]
    [InlineData(1920, 1080, 90, 1, 1, "234x416 360x640 540x960 720x1280 1080x1920")]
    [InlineData(1920, 1080, 180, 1, 1, "416x234 640x360 960x540 1280x720 1920x1080")]
    [InlineData(720, 576, 0, 64, 45, "416x234 640x360 1024x576")]
    [InlineData(720, 576, 270, 64, 45, "234x416 360x640 576x1024")]
    [InlineData(1440, 1080, 0, 4, 3, "416x234 640x360 960x540 1280x720 1920x1080")]
    // Damage: a pixel a thousand times as wide as high.
    [InlineData(640, 360, 0, 1000, 1, "416x234 640x360")]
    public void Ladder_OfATurnedOrStretchedPicture_IsUprightWithSquarePixels(
        int width, int height, int rotation, int numerator, int denominator, string rungs) =>
        Assert.Equal(rungs, Sizes(LadderRules.For(Video(width, height) with
        {
            Rotation = rotation, SampleAspect = new(numerator, denominator),
        }, Options)));

    [Theory]
    [InlineData(24000, 1001, 1)]
    [InlineData(60000, 1001, 1)]
    [InlineData(60, 1, 1)]
    [InlineData(120, 1, 2)]
    [InlineData(240, 1, 4)]
    [InlineData(100, 1, 2)]
    public void FrameRate_AboveSixty_IsDivided(int numerator, int denominator, int step) =>
        Assert.Equal(step, LadderRules.For(Video(1280, 720) with { FrameRate = new(numerator, denominator) }, Options).FrameStep);

    [Fact]
    public void Rungs_FromTheLowest_GrowInSizeAndBitrateUnderOwnNames()
    {
        var rungs = LadderRules.For(Video(3840, 2160), Options).Rungs;
        Assert.Equal(rungs.OrderBy(rung => rung.Width), rungs);
        Assert.Equal(rungs.OrderBy(rung => rung.PeakBitrate), rungs);
        Assert.Equal(rungs.Count, rungs.Select(rung => rung.Id).Distinct().Count());
        Assert.All(rungs, rung => Assert.Equal($"v{rung.Height}", rung.Id));
        Assert.Equal(5_500_000, rungs.Single(rung => rung.Height == 1080).PeakBitrate);
    }

    [Fact]
    public void Ladder_WithoutVideo_HasNoRungs() => Assert.Empty(LadderRules.For(null, Options).Rungs);

    [Fact]
    public void Ladder_OfAnySize_NeverGoesAboveTheSource()
    {
        for (var width = 2; width < 5000; width += 97)
            for (var height = 2; height < 5000; height += 89)
                Assert.All(LadderRules.For(Video(width, height), Options).Rungs, rung =>
                {
                    Assert.True(rung.Width <= width && rung.Height <= height, $"{rung} of {width}x{height}");
                    Assert.True(rung.Width % 2 == 0 && rung.Height % 2 == 0, $"{rung}");
                });
    }

    private static string Sizes(EncodingLadder ladder) => string.Join(' ', ladder.Rungs.Select(rung => $"{rung.Width}x{rung.Height}"));

    internal static VideoFacts Video(int width, int height) => new()
    {
        Stream = 0, Codec = "h264", Width = width, Height = height, FrameRate = new(25, 1), TimeBase = new(1, 12800), PixelFormat = "yuv420p", Packets = 50,
    };
}
