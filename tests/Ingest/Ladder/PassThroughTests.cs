using Movento.Ingest.Ladder;
using Movento.Ingest.Probe;

namespace Movento.Ingest.Tests.Ladder;

public sealed class PassThroughTests
{
    private static readonly TimeSpan Segment = TimeSpan.FromSeconds(4);
    private static readonly IngestOptions Options = new() { Ladder = "fixed" };

    [Fact]
    public void Source_OfARungsSizeWithItsKeyframes_IsTheRung() => Assert.Equal("v720", RungOf(Video, Table())?.Id);

    [Fact]
    public void Source_InHevc_IsARungOnlyWhereHevcIsAskedFor()
    {
        var video = Video with { Codec = "hevc" };
        Assert.Null(RungOf(video, Table()));
        Assert.Equal("v720-hevc", RungOf(video, Table(), new IngestOptions { Ladder = "fixed", Codecs = "h264,hevc" })?.Id);
        var high = video with { PixelFormat = "yuv420p10le", Transfer = "smpte2084" };
        Assert.Equal("v720-hevc", RungOf(high, Table(), new IngestOptions { Ladder = "fixed", Codecs = "h264,hevc" })?.Id);
        Assert.Null(RungOf(high with { Codec = "h264" }, Table()));
    }

    [Fact]
    public void Source_ThatAnEncodeWouldChange_IsNoRung()
    {
        VideoFacts[] changed =
        [
            Video with { Rotation = 90 }, Video with { IsInterlaced = true }, Video with { IsFullRange = true }, Video with { SampleAspect = new(4, 3) },
            Video with { PixelFormat = "yuv422p" }, Video with { PixelFormat = "yuv420p10le" }, Video with { Codec = "vp9" },
            Video with { Width = 1281 }, Video with { FrameRate = new(120, 1) },
        ];
        Assert.All(changed, video => Assert.Null(RungOf(video, Table())));
        Assert.Null(PassThrough.RungOf(Facts(Video) with { Container = "mpegts" }, Table(), LadderRules.For(Video, Options), Segment));
    }

    [Fact]
    public void Source_WithMoreBitsInAnySecondThanTheRungMayHave_IsNoRung()
    {
        var peak = LadderRules.For(Video, Options).Rungs[^1].PeakBitrate;
        var packets = Table();
        var sizes = new int[packets.Sizes.Length];
        // A second of 25 pictures, across the border of two seconds of the clock.
        Array.Fill(sizes, peak / 8 / 25, 90, 25);
        Assert.NotNull(RungOf(Video, packets with { Sizes = sizes }));
        sizes[100] += 100;
        Assert.Null(RungOf(Video, packets with { Sizes = sizes }));
    }

    [Fact]
    public void Source_WhoseSegmentsWouldNotBeginWithThoseOfOtherRungs_IsNoRung()
    {
        var packets = Table();
        // A key frame one picture after the multiple; none at all; one that cannot be begun from.
        Assert.Null(RungOf(Video, packets with { Keyframes = [0, 4096 + 512, 8 * 12_800] }));
        Assert.Null(RungOf(Video, packets with { Keyframes = [0] }));
        Assert.Null(RungOf(Video, packets with { HasLeadingPictures = true }));
        Assert.Null(RungOf(Video, packets with { IsPlain = false }));
        // More of them than are due.
        Assert.NotNull(RungOf(Video, packets with { Keyframes = packets.Times }));
    }

    [Fact]
    public void Keyframes_OfAFilmThatBeginsLate_AreDueFromItsOwnZero()
    {
        var packets = Table();
        long Late(long time) => time + 6400;
        var late = packets with { Times = [.. packets.Times.Select(Late)], Keyframes = [.. packets.Keyframes.Select(Late)] };
        var ladder = LadderRules.For(Video, Options);
        Assert.NotNull(PassThrough.RungOf(Facts(Video) with { StartTime = TimeSpan.FromSeconds(0.5) }, late, ladder, Segment));
        Assert.Null(PassThrough.RungOf(Facts(Video), late, ladder, Segment));
    }

    [Fact]
    public void Source_OfTheFirstRungsSize_IsEncoded() => Assert.Null(RungOf(Video with { Width = 640, Height = 360 }, Table()));

    private static readonly VideoFacts Video = LadderRulesTests.Video(1280, 720);

    private static Rung? RungOf(VideoFacts video, PacketTable packets, IngestOptions? options = null) =>
        PassThrough.RungOf(Facts(video), packets, LadderRules.For(video, options ?? Options), Segment);

    private static MediaFacts Facts(VideoFacts video) => new("mov,mp4,m4a,3gp,3g2,mj2", TimeSpan.FromSeconds(10), video, []);

    // Ten seconds of 25 pictures in ticks of 1/12800, a key frame every four seconds, small pictures.
    private static PacketTable Table()
    {
        long[] times = [.. Enumerable.Range(0, 250).Select(number => number * 512L)];
        return new PacketTable
        {
            Count = times.Length, Times = times, Sizes = [.. times.Select(_ => 100)], Keyframes = [.. times.Where(time => time % (4 * 12_800) == 0)],
            End = 250 * 512, IsPlain = true, LargestGap = 512, TimeBase = new(1, 12_800),
        };
    }
}
