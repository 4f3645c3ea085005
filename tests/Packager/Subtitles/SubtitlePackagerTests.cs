using Movento.Packager.Cmaf;
using Movento.Packager.Presentations;

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

    private static int Occurrences(string text, string word) => text.Split(word).Length - 1;
}
