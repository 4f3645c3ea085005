using System.Globalization;
using Movento.Harness;
using Movento.Ingest.Encode;
using Movento.Ingest.Probe;
using Movento.Ingest.Tests.Ladder;

namespace Movento.Ingest.Tests.Encode;

public sealed class SourceKeyframesTests : IDisposable
{
    private readonly TemporaryFolder _folder = new();

    [Theory]
    // 24 pictures a second, key frames at 0, 2, 5, 5.5 and 8 s.
    [InlineData(1, null)]
    [InlineData(2, 2.0)]
    [InlineData(4, 2.0)]
    // So soon before another one that a seek might find that.
    [InlineData(5, 2.0)]
    [InlineData(6, 5.5)]
    [InlineData(8, 8.0)]
    [InlineData(100, 8.0)]
    public void Before_AMoment_IsTheLastThatAllBehindItNeeds(double moment, double? keyframe) =>
        Assert.Equal(keyframe, Of(Table(0, 2, 5, 5.5, 8))!.Before(TimeSpan.FromSeconds(moment))?.TotalSeconds);

    [Fact]
    public void Before_AMomentBetweenTwoPictures_IsTheKeyframeBehindItWhereThatIsTheNextPicture()
    {
        // At 25 pictures a second 4.02 s is after one of 4 s and before one of 4.04 s.
        var source = Of(Table([0, 4.04], picturesASecond: 25))!;
        Assert.Equal(4.04, source.Before(TimeSpan.FromSeconds(4.02))?.TotalSeconds);
        Assert.Null(source.Before(TimeSpan.FromSeconds(4)));
    }

    [Fact]
    public void Before_WhereADeinterlacerLooks_IsASecondEarlier()
    {
        var source = SourceKeyframes.Of(Table(0, 4, 8), Plan(LadderRulesTests.Video(1280, 720) with { IsInterlaced = true }))!;
        Assert.Equal(4, source.Before(TimeSpan.FromSeconds(8.5))?.TotalSeconds);
        Assert.Equal(8, source.Before(TimeSpan.FromSeconds(9))?.TotalSeconds);
    }

    [Fact]
    public void Of_PacketsThatDoNotTell_IsNull()
    {
        Assert.Null(Of(Table(0, 2) with { IsPlain = false }));
        Assert.Null(Of(Table(0, 2) with { HasLeadingPictures = true }));
        Assert.Null(Of(Table()));
    }

    /// <summary>What the margin of a seek is for: ffmpeg begins with the key frame that is meant, in whatever container, however its pictures are reordered.</summary>
    [Theory]
    [InlineData("reordered.mp4", "-bf", "8", "-refs", "8", "-x264-params", "b-adapt=2:b-pyramid=normal")]
    [InlineData("plain.mp4", "-bf", "0")]
    [InlineData("late.mp4", "-bf", "3", "-output_ts_offset", "7")]
    [InlineData("fragmented.mp4", "-bf", "3", "-movflags", "frag_keyframe+empty_moov")]
    [InlineData("film.mkv", "-bf", "3")]
    public async Task Chunk_ByItsKeyframe_BeginsWithThatPicture(string name, params string[] arguments)
    {
        var film = _folder.Combine(name);
        await Tool.OutputAsync("ffmpeg", [
            "-v", "error", "-nostdin", "-f", "lavfi", "-i", "testsrc2=size=160x90:rate=24:duration=9", "-c:v", "libx264", "-preset", "veryfast", "-g", "1000",
            "-force_key_frames", "2,3.5,6", "-pix_fmt", "yuv420p", .. arguments, film]);
        var start = double.Parse(await Tool.OutputAsync("ffprobe", "-v", "error", "-show_entries", "format=start_time", "-of", "csv=p=0", film), CultureInfo.InvariantCulture);
        foreach (var keyframe in (double[])[2, 3.5, 6])
        {
            var chunk = new Chunk(1, TimeSpan.FromSeconds(Math.Ceiling(keyframe)), null) { Keyframe = TimeSpan.FromSeconds(keyframe) };
            var first = await Tool.OutputAsync("ffmpeg", [
                "-v", "error", "-nostdin", .. EncodeTasks.SeekTo(chunk, LadderRulesTests.Video(160, 90)), "-i", film, "-frames:v", "1", "-fps_mode", "passthrough", "-enc_time_base", "1:1000",
                "-f", "framecrc", "-"]);
            var time = long.Parse(first.Split('\n').Single(line => line.StartsWith("0,", StringComparison.Ordinal)).Split(',')[2], CultureInfo.InvariantCulture) / 1000.0;
            Assert.Equal(keyframe, time - start, 0.01);
        }
    }

    public void Dispose() => _folder.Dispose();

    /// <summary>A source of 25 pictures a second with key frames at these seconds.</summary>
    internal static SourceKeyframes With(double seconds, string keyframes) =>
        Of(Table([.. keyframes.Split(' ').Select(time => double.Parse(time, CultureInfo.InvariantCulture))], picturesASecond: 25, seconds))!;

    private static SourceKeyframes? Of(PacketTable packets) => SourceKeyframes.Of(packets, Plan(LadderRulesTests.Video(1280, 720)));

    private static EncodePlan Plan(VideoFacts video)
    {
        var options = new IngestOptions { Ladder = "fixed" };
        var facts = new MediaFacts("mov", TimeSpan.FromSeconds(10), video with { TimeBase = new Ratio(1, 12_800) }, []);
        return EncodePlan.Begin(facts, Movento.Ingest.Ladder.LadderRules.For(facts.Video, options), [], options);
    }

    private static PacketTable Table(params double[] keyframes) => Table(keyframes, picturesASecond: 24);

    private static PacketTable Table(double[] keyframes, double picturesASecond, double seconds = 10)
    {
        long[] times = [.. Enumerable.Range(0, (int)(seconds * picturesASecond)).Select(number => (long)Math.Round(number / picturesASecond * 12_800))];
        return new PacketTable
        {
            Count = times.Length, Times = times, Keyframes = [.. keyframes.Select(keyframe => (long)Math.Round(keyframe * 12_800))], End = times[^1] + 512, LargestGap = 600,
            TimeBase = new Ratio(1, 12_800), IsPlain = true,
        };
    }
}
