using Movento.Packager.Cmaf;
using Movento.Packager.Presentations;
using Movento.Packager.Subtitles;

namespace Movento.Packager.Tests.Subtitles;

public class SubtitlePackagerTests
{
    [Fact]
    public async Task Cues_Packaged_ComeBackFromTheTrack()
    {
        var cues = PackagedSubtitles.Read(PackagedSubtitles.WebVtt);
        using var packaged = await PackagedSubtitles.OfAsync(cues);
        var read = await packaged.ReadTrackAsync();

        Assert.Equal(4, read.Cues.Length);
        Assert.Equal(cues.Cues.Select(cue => cue with { Note = null }), read.Cues);
        Assert.Equal(cues.Blocks.AsEnumerable(), read.Blocks);
    }

    [Fact]
    public async Task Track_Read_IsAsTheRenditionSays()
    {
        using var packaged = await PackagedSubtitles.OfAsync(PackagedSubtitles.Read(PackagedSubtitles.WebVtt), seconds: 10.5);
        await using var file = File.OpenRead(packaged.Track);
        var found = await CmafTrackFile.ReadAsync(file, CancellationToken.None);

        Assert.Equal(packaged.Rendition.Segments.AsEnumerable(), found.Segments);
        Assert.Equal([(0, 4000), (4000, 4000), (8000, 2500)], found.Segments.Select(segment => ((int)segment.Start, (int)segment.Duration)));
        Assert.Equal((TrackKind.Text, "wvtt", 1000u), (packaged.Rendition.Kind, packaged.Rendition.Codecs, packaged.Rendition.Timescale));
        Assert.Equal(packaged.Rendition.SampleCount, found.SampleCount);
        Assert.Empty(packaged.Rendition.AccessPoints);
    }

    [Fact]
    public async Task Cue_AcrossBorders_StandsInTheTextOfEverySegmentWithItsOwnTimes()
    {
        using var packaged = await PackagedSubtitles.OfAsync(PackagedSubtitles.Read(PackagedSubtitles.WebVtt));
        var texts = packaged.SegmentTexts();

        Assert.Equal(3, texts.Length);
        Assert.All(texts, text => Assert.StartsWith("WEBVTT\nX-TIMESTAMP-MAP=MPEGTS:0,LOCAL:00:00:00.000\n\nSTYLE\n", text, StringComparison.Ordinal));
        Assert.All(texts, text => Assert.Contains("00:00:03.500 --> 00:00:09.250\nA long one\n", text, StringComparison.Ordinal));
        Assert.Equal([1, 1, 0], texts.Select(text => Occurrences(text, "slanted")));
        Assert.Equal([1, 0, 0], texts.Select(text => Occurrences(text, "Hello")));
        Assert.All(texts, text => Assert.Equal(0, PackagedSubtitles.Read(text).Skipped));
    }

    [Fact]
    public async Task Track_OfAFilmThatEndsBetweenMilliseconds_EndsAtTheNextOneAndHoldsNothingLater()
    {
        var cues = PackagedSubtitles.Read("WEBVTT\n\n00:01.000 --> 00:59.000\nclipped\n\n00:10.011 --> 00:12.000\nlate");
        using var packaged = await PackagedSubtitles.OfAsync(cues, seconds: 10.0101);
        Assert.Equal(10011, packaged.Rendition.End);
        var cue = Assert.Single((await packaged.ReadTrackAsync()).Cues);
        Assert.Equal((1000.0, 10011.0, "clipped"), (cue.Start.TotalMilliseconds, cue.End.TotalMilliseconds, cue.Text));
        Assert.DoesNotContain("late", await File.ReadAllTextAsync(packaged.Sidecar), StringComparison.Ordinal);
    }

    [Theory]
    [InlineData(4.004)]
    [InlineData(1.0 / 3)]
    [InlineData(0.0015)]
    public async Task Segments_OfOddDurations_BeginAtTheirMultiplesRoundedUp(double seconds)
    {
        using var packaged = await PackagedSubtitles.OfAsync(PackagedSubtitles.Read(PackagedSubtitles.WebVtt), seconds: 10, segment: seconds);
        var duration = TimeSpan.FromSeconds(seconds);
        var expected = Enumerable.Range(0, 10_000).Select(number => (long)Math.Ceiling(number * duration.Ticks / 10_000.0)).TakeWhile(start => start < 10_000);
        Assert.Equal(expected, packaged.Rendition.Segments.Select(segment => segment.Start));
        Assert.Equal(packaged.Rendition.Segments.Length, packaged.SegmentTexts().Length);
        Assert.Equal(4, (await packaged.ReadTrackAsync()).Cues.Length);
    }

    [Fact]
    public async Task Film_WithoutACue_HasEmptySegmentsToItsEnd()
    {
        using var packaged = await PackagedSubtitles.OfAsync(new SubtitleTrack { Cues = [] });
        Assert.Equal((3, 3L), (packaged.Rendition.Segments.Length, packaged.Rendition.SampleCount));
        Assert.All(packaged.SegmentTexts(), text => Assert.Equal("WEBVTT\nX-TIMESTAMP-MAP=MPEGTS:0,LOCAL:00:00:00.000\n", text));
        Assert.Empty((await packaged.ReadTrackAsync()).Cues);
    }

    [Fact]
    public async Task Cue_WithTimesInItsText_SaysInLaterSamplesWhenTheyAre()
    {
        using var packaged = await PackagedSubtitles.OfAsync(PackagedSubtitles.Read("WEBVTT\n\n00:03.000 --> 00:06.000\none <00:05.000>two"));
        var bytes = await File.ReadAllBytesAsync(packaged.Track);
        Assert.Contains("ctim00:00:04.000", System.Text.Encoding.Latin1.GetString(bytes), StringComparison.Ordinal);
        Assert.Equal("one <00:00:05.000>two", Assert.Single((await packaged.ReadTrackAsync()).Cues).Text);
    }

    [Fact]
    public async Task Ids_OfTwoCues_AreOnlyTheFirstOnes()
    {
        using var packaged = await PackagedSubtitles.OfAsync(PackagedSubtitles.Read("WEBVTT\n\n1\n00:01.000 --> 00:02.000\na\n\n1\n00:02.000 --> 00:03.000\nb"));
        Assert.Equal(["1", null], (await packaged.ReadTrackAsync()).Cues.Select(cue => cue.Id));
    }

    [Fact]
    public async Task Model_MadeByHand_IsCleanedBeforeItIsWritten()
    {
        var cue = new Cue(TimeSpan.FromSeconds(-1), TimeSpan.FromSeconds(2), "<script>x</script>\n\n00:00.000 --> 00:09.000")
        {
            Id = "a\nb", Settings = "line:0 onload:x", Note = "x --> y",
        };
        using var packaged = await PackagedSubtitles.OfAsync(new SubtitleTrack { Cues = [cue], Blocks = ["STYLE\n\nx", "STYLE\n::cue {}"] });
        Assert.Equal(
            "WEBVTT\n\nSTYLE\n::cue {}\n\n00:00:00.000 --> 00:00:02.000 line:0\nx\n00:00.000 --&gt; 00:09.000\n", await File.ReadAllTextAsync(packaged.Sidecar));
    }

    [Fact]
    public async Task Cues_TooManyAtOnce_AreRefusedByName()
    {
        var cues = Enumerable.Range(0, 10_000).Select(number => new Cue(TimeSpan.FromMilliseconds(number), TimeSpan.FromHours(1), "x"));
        var error = await Assert.ThrowsAsync<MediaFormatException>(() => PackagedSubtitles.OfAsync(new SubtitleTrack { Cues = [.. cues] }, seconds: 3600));
        Assert.Equal(MediaFormatError.TooLarge, error.Error);
        Assert.Contains("At 128 ms more than 128 cues", error.Message, StringComparison.Ordinal);
    }

    [Fact]
    public async Task Cues_ThatBecomeTooMuch_AreRefusedByName()
    {
        // A hundred long ones, shown all day: a few megabytes in each of thousands of segments.
        var cues = Enumerable.Range(0, 100).Select(_ => new Cue(TimeSpan.Zero, TimeSpan.FromHours(24), new string('x', 20_000)));
        var error = await Assert.ThrowsAsync<MediaFormatException>(() => PackagedSubtitles.OfAsync(new SubtitleTrack { Cues = [.. cues] }, seconds: 86_400));
        Assert.Equal(MediaFormatError.TooLarge, error.Error);
    }

    [Fact]
    public async Task Segments_MoreThanAnIndexHolds_AreRefusedByName()
    {
        var error = await Assert.ThrowsAsync<MediaFormatException>(() => PackagedSubtitles.OfAsync(new SubtitleTrack { Cues = [] }, seconds: 86_400, segment: 1));
        Assert.Equal((MediaFormatError.TooLarge, "sidx"), (error.Error, error.Path));
    }

    private static int Occurrences(string text, string word) => text.Split(word).Length - 1;
}
