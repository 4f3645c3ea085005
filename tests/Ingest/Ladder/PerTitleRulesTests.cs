using Movento.Ingest.Ladder;
using Movento.Packager.Presentations;

namespace Movento.Ingest.Tests.Ladder;

public sealed class PerTitleRulesTests
{
    private static readonly IngestOptions Options = new();

    // Of a film of 1080p30: bits in its own size at a rate factor of 24, and their SSIM; the same in 360p at 22 and 32.
    private static readonly Complexity Slides = Film(300_000, 0.9990, 120_000, 0.9985, 60_000, 0.9930);
    private static readonly Complexity Drama = Film(2_600_000, 0.9882, 790_000, 0.9850, 320_000, 0.9460);
    private static readonly Complexity Noise = Film(40_000_000, 0.9100, 3_500_000, 0.9700, 900_000, 0.9000);

    [Fact]
    public void Ladder_WhateverTheFilm_BeginsWithTheSameFirstRung()
    {
        foreach (var (width, height) in new[] { (1920, 1080), (3840, 2160), (1280, 720), (720, 576), (640, 360), (1080, 1920), (320, 180) })
        {
            var video = LadderRulesTests.Video(width, height);
            var first = LadderRules.For(video, Options).First;
            Assert.NotNull(first);
            Assert.All(new[] { Slides, Drama, Noise }, film => Assert.Equal(first, LadderRules.For(video, film, Options).First));
        }
    }

    [Fact]
    public void Rungs_OfAnyFilm_GrowAndStayBelowTheTable()
    {
        var video = LadderRulesTests.Video(1920, 1080);
        foreach (var film in new[] { Slides, Drama, Noise })
        {
            var rungs = LadderRules.For(video, film, Options).Rungs;
            Assert.Equal(rungs.OrderBy(rung => rung.Width), rungs);
            Assert.Equal((1920, 1080), (rungs[^1].Width, rungs[^1].Height));
            Assert.All(rungs, rung => Assert.InRange(rung.PeakBitrate, 100_000, 2 * 7_800_000));
            var bits = rungs.Select(rung => Math.Min(rung.PeakBitrate, film.Bitrate((long)rung.Width * rung.Height, rung.ConstantRateFactor))).ToList();
            // Half a step of the rate factor is a few percent.
            Assert.True(bits[^1] < 7_800_000 * 1.1, $"{bits[^1]}");
            Assert.All(rungs, rung => Assert.InRange(rung.ConstantRateFactor, 18, 34));
        }
    }

    [Fact]
    public void Rungs_OfADemandingFilm_AreNoFurtherApartThanTheirSizesAllow()
    {
        var rungs = LadderRules.For(LadderRulesTests.Video(1920, 1080), Noise, Options).Rungs;
        Assert.Equal("416x234 640x360 768x432 960x540 1280x720 1920x1080", Sizes(rungs));
        // Further than was measured nobody knows what a rate factor leads to: the peak holds the bits.
        Assert.Equal((28, 7_800_000), (rungs[^1].ConstantRateFactor, rungs[^1].PeakBitrate));
    }

    [Fact]
    public void Rungs_OfAFilmThatNeedsLittle_AreFew()
    {
        var ladder = LadderRules.For(LadderRulesTests.Video(1920, 1080), Slides, Options);
        Assert.Equal("640x360 1280x720 1920x1080", Sizes(ladder.Rungs));
        // Coarser than the operator asks for, but no more than six steps.
        Assert.Equal(28, ladder.Rungs[^1].ConstantRateFactor);
    }

    [Fact]
    public void HighestRung_OfAFilm_IsAsGoodAsCanBeSeenAndNoBetter()
    {
        var rungs = LadderRules.For(LadderRulesTests.Video(1920, 1080), Drama, Options).Rungs;
        Assert.Equal("416x234 640x360 960x540 1280x720 1920x1080", Sizes(rungs));
        var top = rungs[^1];
        Assert.Equal(24, top.ConstantRateFactor);
        Assert.InRange(top.PeakBitrate, 5_000_000, 5_500_000);
    }

    [Fact]
    public void FurtherCodecs_HaveTheSameRungsWithFewerBits()
    {
        var options = new IngestOptions { Codecs = "h264, av1, hevc" };
        Assert.Empty(options.Validate());
        var ladder = LadderRules.For(LadderRulesTests.Video(1920, 1080) with { Transfer = "arib-std-b67" }, Drama, options);
        var plain = ladder.Plain.ToList();
        Assert.Equal(plain.Concat(plain).Concat(plain).Select(rung => rung.Height), ladder.Rungs.Select(rung => rung.Height));
        Assert.Equal(ladder.Rungs.Count, ladder.Rungs.Select(rung => rung.Id).Distinct().Count());
        Assert.All(plain, rung => Assert.Equal(VideoRange.Sdr, rung.Range));
        Assert.All(ladder.Rungs.Skip(plain.Count), rung => Assert.Equal(VideoRange.Hlg, rung.Range));
        Assert.Equal((int)(plain[^1].PeakBitrate * 0.75 / 1000) * 1000, ladder.Rungs[^1].PeakBitrate);
        Assert.Equal("v1080-av1", ladder.Rungs[^1].Id);
    }

    [Fact]
    public void Ladder_ThatIsFixed_DoesNotAskTheFilm()
    {
        var options = new IngestOptions { Ladder = "fixed" };
        var video = LadderRulesTests.Video(1920, 1080);
        Assert.Equal(LadderRules.For(video, options).Rungs, LadderRules.For(video, Noise, options).Rungs);
        Assert.All(LadderRules.For(video, options).Rungs, rung => Assert.Equal(22, rung.ConstantRateFactor));
    }

    [Fact]
    public void Complexity_AtWhatWasMeasured_SaysWhatWasMeasured()
    {
        Assert.Equal(2_600_000, Drama.Bitrate(1920 * 1080, 24), 1.0);
        Assert.Equal(790_000, Drama.Bitrate(640 * 360, 22), 1.0);
        Assert.Equal(320_000, Drama.Bitrate(640 * 360, 32), 1.0);
        Assert.Equal(24, Drama.RateFactorOf(0.9882), 1e-9);
        Assert.Equal(30, Drama.RateFactor(960 * 540, Drama.Bitrate(960 * 540, 30)), 1e-9);
    }

    [Fact]
    public void Sample_OfOneKeyframe_SaysTheBitrateOfAFilmWithOneInEachInterval()
    {
        var sample = new SampleTally(ways: 1);
        Assert.Null(sample.Sample);
        sample.TakePacket("#tb 0: 1001/30000");
        sample.TakePacket("0,         -2,          0,        1,    50000, 0xbc4a6a5e, S=1,        8");
        sample.TakePacket("0,         -1,          1,        1,     1000, 0x6c8e815c, F=0x0");
        sample.TakePacket("0,          0,          2,        1,     3000, 0x6c8e815c, F=0x0");
        sample.TakeWords("[libx264 @ 0x562cdd6357c0] [info] SSIM Mean Y:0.9873955 (18.995db)");
        var way = Assert.Single(sample.Sample!.Ways);
        Assert.Equal(0.9873955, way.Similarity);
        // Of 50 frames in two seconds one has 50000 bytes, the others 2000.
        Assert.Equal(8 * (50_000 + 49 * 2000) / 2.0, way.Bitrate(25, TimeSpan.FromSeconds(2)));
    }

    private static string Sizes(IEnumerable<Rung> rungs) => string.Join(' ', rungs.Select(rung => $"{rung.Width}x{rung.Height}"));

    private static Complexity Film(double large, double largeSimilarity, double fine, double fineSimilarity, double coarse, double coarseSimilarity) => new(
        new(1920, 1080, 24, large, largeSimilarity), new(640, 360, 22, fine, fineSimilarity), new(640, 360, 32, coarse, coarseSimilarity));
}
