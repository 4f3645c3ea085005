using System.Buffers;
using System.Text;
using Movento.Packager.Hls;
using Movento.Packager.Presentations;
using Movento.Packager.Tests.Presentations;

namespace Movento.Packager.Tests.Hls;

/// <summary>Chapters in every form that they are published in.</summary>
public sealed class ChapterTests
{
    private static readonly Presentation Film = Samples.Film() with
    {
        Renditions = [.. Samples.Film().Renditions, Samples.Subtitles()],
        Chapters =
        [
            new Chapter(TimeSpan.Zero, TimeSpan.FromMilliseconds(4004), "The \"beginning\""),
            new Chapter(TimeSpan.FromMilliseconds(4004), TimeSpan.FromSeconds(9), null),
        ],
    };

    [Theory]
    [InlineData(SegmentAddressing.ByteRanges, "chapters.json")]
    [InlineData(SegmentAddressing.Segments, "../chapters.json")]
    public void Multivariant_OfAFilmWithChapters_NamesThem(SegmentAddressing addressing, string uri) => Assert.Contains(
        $"\n#EXT-X-SESSION-DATA:DATA-ID=\"com.apple.hls.chapters\",URI=\"{uri}\"\n",
        Samples.Text(output => MultivariantPlaylist.Write(output, Film, addressing)), StringComparison.Ordinal);

    [Fact]
    public void Media_OfPictures_HasARangeForEach()
    {
        var text = Samples.Text(output => MediaPlaylist.Write(output, Film, Film.Video.First()));
        Assert.Contains(
            """
            #EXT-X-DATERANGE:ID="chapter-1",CLASS="chapter",START-DATE="2000-01-01T00:00:00.000Z",DURATION=4.004,X-TITLE="The 'beginning'"
            #EXT-X-DATERANGE:ID="chapter-2",CLASS="chapter",START-DATE="2000-01-01T00:00:04.004Z",DURATION=4.996
            #EXT-X-PROGRAM-DATE-TIME:2000-01-01T00:00:00.000Z
            #EXTINF:
            """,
            text, StringComparison.Ordinal);
    }

    [Fact]
    public void EveryMediaPlaylist_OfAFilmWithChapters_HasADateAndOnlyThoseOfPicturesHaveRanges()
    {
        foreach (var rendition in Film.Renditions)
        {
            var text = Samples.Text(output => MediaPlaylist.Write(output, Film, rendition));
            Assert.Contains("#EXT-X-PROGRAM-DATE-TIME:2000-01-01T00:00:00.000Z\n", text, StringComparison.Ordinal);
            Assert.Equal(rendition.Kind == TrackKind.Video, text.Contains("#EXT-X-DATERANGE", StringComparison.Ordinal));
        }
    }

    [Fact]
    public void EveryPlaylist_OfAFilmWithoutChapters_HasNeither()
    {
        var film = Film with { Chapters = [] };
        Assert.DoesNotContain("SESSION-DATA", Samples.Text(output => MultivariantPlaylist.Write(output, film)), StringComparison.Ordinal);
        Assert.All(film.Renditions, rendition =>
            Assert.DoesNotContain("DATE", Samples.Text(output => MediaPlaylist.Write(output, film, rendition)), StringComparison.Ordinal));
    }

    [Fact]
    public void Sound_WithoutPictures_HasTheRangesItself()
    {
        var book = Film with { Renditions = [Samples.Audio()] };
        Assert.Contains("#EXT-X-DATERANGE", Samples.Text(output => MediaPlaylist.Write(output, book, book.Renditions[0])), StringComparison.Ordinal);
    }

    [Fact]
    public void List_OfChapters_IsApplesJson() => Assert.Equal(
        """[{"chapter":1,"start-time":0,"duration":4.004,"titles":[{"language":"und","title":"The \u0022beginning\u0022"}]},{"chapter":2,"start-time":4.004,"duration":4.996}]""",
        Samples.Text(output => ChapterList.Write(output, Film.Chapters)));

    [Fact]
    public void Chapters_InPresentationJson_AreReadBack()
    {
        var json = new ArrayBufferWriter<byte>();
        PresentationJson.Write(json, Film);
        Assert.Equal(Film.Chapters.AsEnumerable(), PresentationJson.Read(json.WrittenSpan).Chapters);
    }

    [Theory]
    [InlineData("""[{"start":5,"end":5}]""")]
    [InlineData("""[{"start":0,"end":5},{"start":4,"end":6}]""")]
    [InlineData("""[{"start":-1,"end":5}]""")]
    [InlineData("""[{"start":0,"end":5,"title":""}]""")]
    [InlineData("""{"start":0}""")]
    public void Chapters_ThatCannotBe_AreRefused(string chapters)
    {
        var json = new ArrayBufferWriter<byte>();
        PresentationJson.Write(json, Film with { Chapters = [] });
        var text = Encoding.UTF8.GetString(json.WrittenSpan);
        Assert.Throws<MediaFormatException>(() => PresentationJson.Read(Encoding.UTF8.GetBytes($"{text[..^1]},\"chapters\":{chapters}}}")));
    }

    [Fact]
    public void MonoAndStereo_AreOneGroup_AndSurroundAnother()
    {
        var film = Film with
        {
            Renditions =
            [
                Samples.Video(), Samples.Audio(), Samples.Audio("a1", "de", "Deutsch", false, channels: 1) with { Audio = new AudioFormat(48000, 1) },
                Samples.Audio("a0-surround", isDefault: false, channels: 6),
            ],
        };
        var lines = Samples.Text(output => MultivariantPlaylist.Write(output, film)).Split('\n');
        Assert.Equal(
            ["mp4a.40.2-2 a0 2", "mp4a.40.2-2 a1 1", "mp4a.40.2-6 a0-surround 6", "mp4a.40.2-6 a1 1"],
            lines.Where(line => line.StartsWith("#EXT-X-MEDIA", StringComparison.Ordinal)).Select(line => $"{Of(line, "GROUP-ID")} {Of(line, "URI").Replace(".m3u8", "", StringComparison.Ordinal)} {Of(line, "CHANNELS")}"));
        Assert.Equal(2, lines.Count(line => line.StartsWith("#EXT-X-STREAM-INF", StringComparison.Ordinal)));
    }

    private static string Of(string line, string attribute) => line.Split($"{attribute}=\"")[1].Split('"')[0];
}
