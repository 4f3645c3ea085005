using System.Buffers;
using Movento.Harness;
using Movento.Packager.Dash;
using Movento.Packager.Hls;
using Movento.Packager.Manifests;
using Movento.Packager.Presentations;
using Movento.Packager.Tests.Presentations;

namespace Movento.Packager.Tests.Hls;

public sealed class PlaylistTests
{
    [Fact]
    public void Multivariant_OfAFilm_NamesEveryVariantAndItsSound() => Assert.Equal(
        """
        #EXTM3U
        #EXT-X-VERSION:6
        #EXT-X-INDEPENDENT-SEGMENTS
        #EXT-X-MEDIA:TYPE=AUDIO,GROUP-ID="mp4a.40.2-2",LANGUAGE="en",NAME="English",DEFAULT=YES,AUTOSELECT=YES,CHANNELS="2",URI="a0.m3u8"
        #EXT-X-MEDIA:TYPE=AUDIO,GROUP-ID="mp4a.40.2-2",LANGUAGE="de",NAME="Deutsch 'lang'",DEFAULT=NO,AUTOSELECT=YES,CHANNELS="2",URI="a1.m3u8"
        #EXT-X-STREAM-INF:BANDWIDTH=927399,AVERAGE-BANDWIDTH=749469,CODECS="avc1.64001f,mp4a.40.2",RESOLUTION=640x360,FRAME-RATE=29.970,VIDEO-RANGE=SDR,AUDIO="mp4a.40.2-2",STABLE-VARIANT-ID="v360+mp4a.40.2-2"
        v360.m3u8
        #EXT-X-STREAM-INF:BANDWIDTH=2126200,AVERAGE-BANDWIDTH=1681870,CODECS="avc1.64001f,mp4a.40.2",RESOLUTION=1280x720,FRAME-RATE=29.970,VIDEO-RANGE=SDR,AUDIO="mp4a.40.2-2",STABLE-VARIANT-ID="v720+mp4a.40.2-2"
        v720.m3u8

        """,
        Samples.Text(output => MultivariantPlaylist.Write(output, Samples.Film())));

    [Fact]
    public void Multivariant_WithoutSound_HasNoAudio() => Assert.Equal(
        """
        #EXTM3U
        #EXT-X-VERSION:6
        #EXT-X-INDEPENDENT-SEGMENTS
        #EXT-X-STREAM-INF:BANDWIDTH=1998002,AVERAGE-BANDWIDTH=1554002,CODECS="avc1.64001f",RESOLUTION=1280x720,FRAME-RATE=29.970,VIDEO-RANGE=SDR,STABLE-VARIANT-ID="v720"
        v720.m3u8

        """,
        Samples.Text(output => MultivariantPlaylist.Write(output, new Presentation { Renditions = [Samples.Video()] })));

    [Fact]
    public void Multivariant_WithoutPictures_HasTheSoundAsVariants() => Assert.Equal(
        """
        #EXTM3U
        #EXT-X-VERSION:6
        #EXT-X-INDEPENDENT-SEGMENTS
        #EXT-X-STREAM-INF:BANDWIDTH=128198,AVERAGE-BANDWIDTH=127868,CODECS="mp4a.40.2",STABLE-VARIANT-ID="mp4a.40.2-2"
        a0.m3u8

        """,
        Samples.Text(output => MultivariantPlaylist.Write(output, new Presentation { Renditions = [Samples.Audio()] })));

    [Fact]
    public void Multivariant_WithTwoCodecsOfSound_HasAGroupAndAVariantForEach()
    {
        var other = Samples.Audio("a1") with { Codecs = "ec-3", Audio = new AudioFormat(48000, 6) { JointObjects = 16 } };
        var text = Multivariant(Samples.Video(), Samples.Audio(), other);
        Assert.Equal(2, text.Split("#EXT-X-STREAM-INF").Length - 1);
        Assert.Contains("CODECS=\"avc1.64001f,ec-3\"", text, StringComparison.Ordinal);
        Assert.Contains("AUDIO=\"ec-3-6-joc\"", text, StringComparison.Ordinal);
        Assert.Contains("CHANNELS=\"16/JOC\"", text, StringComparison.Ordinal);
        Assert.Equal(2, text.Split("DEFAULT=YES").Length - 1);
    }

    [Fact]
    public void Multivariant_WhereOneGroupLacksALanguage_TakesItFromTheOther()
    {
        var surround = Samples.Audio("a2") with { Codecs = "ac-3", Audio = new AudioFormat(48000, 6) };
        var text = Multivariant(Samples.Video(), Samples.Audio(), Samples.Audio("a1", "de", "Deutsch", false), surround);
        // RFC 8216bis §4.4.6.1.1: every group has the same members.
        Assert.Contains("GROUP-ID=\"ac-3-6\",LANGUAGE=\"en\",NAME=\"English\",DEFAULT=YES,AUTOSELECT=YES,CHANNELS=\"6\",URI=\"a2.m3u8\"", text, StringComparison.Ordinal);
        Assert.Contains("GROUP-ID=\"ac-3-6\",LANGUAGE=\"de\",NAME=\"Deutsch\",DEFAULT=NO,AUTOSELECT=YES,CHANNELS=\"2\",URI=\"a1.m3u8\"", text, StringComparison.Ordinal);
        Assert.Contains("CODECS=\"avc1.64001f,ac-3,mp4a.40.2\"", text, StringComparison.Ordinal);
    }

    [Fact]
    public void Multivariant_OfTwoLanguagesWithoutPictures_KeepsThemApart()
    {
        var text = Multivariant(Samples.Audio(), Samples.Audio("a1", "de", "Deutsch", false));
        Assert.Equal(1, text.Split("#EXT-X-STREAM-INF").Length - 1);
        Assert.Equal(2, text.Split("#EXT-X-MEDIA:TYPE=AUDIO").Length - 1);
    }

    [Fact]
    public void Multivariant_OfEveryKind_IsTheGoldenOne() => Assert.Equal(
        """
        #EXTM3U
        #EXT-X-VERSION:6
        #EXT-X-INDEPENDENT-SEGMENTS
        #EXT-X-SESSION-KEY:METHOD=SAMPLE-AES,KEYFORMAT="urn:uuid:00010203-0405-0607-0809-0a0b0c0d0e0f",URI="data:text/plain;base64,AAAAIHBzc2gAAAAAAAECAwQFBgcICQoLDA0ODwAAAAA=",KEYID=0x0123456789abcdef0123456789abcdef,KEYFORMATVERSIONS="1"
        #EXT-X-MEDIA:TYPE=AUDIO,GROUP-ID="mp4a.40.2-2",LANGUAGE="en",NAME="English",DEFAULT=YES,AUTOSELECT=YES,CHANNELS="2",URI="a0.m3u8"
        #EXT-X-MEDIA:TYPE=AUDIO,GROUP-ID="mp4a.40.2-2",LANGUAGE="de",NAME="Deutsch",DEFAULT=NO,AUTOSELECT=YES,CHARACTERISTICS="public.accessibility.describes-video",CHANNELS="16/JOC",URI="a1.m3u8"
        #EXT-X-MEDIA:TYPE=AUDIO,GROUP-ID="mp4a.40.2-6-joc",LANGUAGE="en",NAME="English",DEFAULT=YES,AUTOSELECT=YES,CHANNELS="2",URI="a0.m3u8"
        #EXT-X-MEDIA:TYPE=AUDIO,GROUP-ID="mp4a.40.2-6-joc",LANGUAGE="de",NAME="Deutsch",DEFAULT=NO,AUTOSELECT=YES,CHARACTERISTICS="public.accessibility.describes-video",CHANNELS="16/JOC",URI="a1.m3u8"
        #EXT-X-MEDIA:TYPE=SUBTITLES,GROUP-ID="subtitles",LANGUAGE="en",NAME="en",DEFAULT=NO,AUTOSELECT=YES,FORCED=NO,URI="s0.m3u8"
        #EXT-X-MEDIA:TYPE=SUBTITLES,GROUP-ID="subtitles",LANGUAGE="de",NAME="de",DEFAULT=NO,AUTOSELECT=YES,FORCED=YES,URI="s1.m3u8"
        #EXT-X-STREAM-INF:BANDWIDTH=927399,AVERAGE-BANDWIDTH=749469,SCORE=1.500,CODECS="avc1.64001f,mp4a.40.2",RESOLUTION=640x360,FRAME-RATE=29.970,VIDEO-RANGE=SDR,AUDIO="mp4a.40.2-2",SUBTITLES="subtitles",STABLE-VARIANT-ID="v360+mp4a.40.2-2"
        v360.m3u8
        #EXT-X-STREAM-INF:BANDWIDTH=927399,AVERAGE-BANDWIDTH=749469,SCORE=1.500,CODECS="avc1.64001f,mp4a.40.2",RESOLUTION=640x360,FRAME-RATE=29.970,VIDEO-RANGE=SDR,AUDIO="mp4a.40.2-6-joc",SUBTITLES="subtitles",STABLE-VARIANT-ID="v360+mp4a.40.2-6-joc"
        v360.m3u8
        #EXT-X-STREAM-INF:BANDWIDTH=2126200,AVERAGE-BANDWIDTH=1681870,SCORE=2.000,CODECS="avc1.64001f,mp4a.40.2",SUPPLEMENTAL-CODECS="dvh1.08.07/db4h",RESOLUTION=1280x720,FRAME-RATE=29.970,VIDEO-RANGE=SDR,AUDIO="mp4a.40.2-2",SUBTITLES="subtitles",STABLE-VARIANT-ID="v720+mp4a.40.2-2"
        v720.m3u8
        #EXT-X-STREAM-INF:BANDWIDTH=2126200,AVERAGE-BANDWIDTH=1681870,SCORE=2.000,CODECS="avc1.64001f,mp4a.40.2",SUPPLEMENTAL-CODECS="dvh1.08.07/db4h",RESOLUTION=1280x720,FRAME-RATE=29.970,VIDEO-RANGE=SDR,AUDIO="mp4a.40.2-6-joc",SUBTITLES="subtitles",STABLE-VARIANT-ID="v720+mp4a.40.2-6-joc"
        v720.m3u8
        #EXT-X-I-FRAME-STREAM-INF:BANDWIDTH=35965,AVERAGE-BANDWIDTH=22733,CODECS="avc1.64001f",RESOLUTION=640x360,VIDEO-RANGE=SDR,STABLE-VARIANT-ID="v360+iframes",URI="v360.iframes.m3u8"

        """,
        Samples.Text(output => MultivariantPlaylist.Write(output, Samples.RichFilm())));

    [Fact]
    public void Multivariant_WithAScoreForEveryRung_HasThem()
    {
        var text = Multivariant(Samples.Video("v360") with { Score = 1 }, Samples.Video() with { Score = 2.5 });
        Assert.Contains(",SCORE=1.000,", text, StringComparison.Ordinal);
        Assert.Contains(",SCORE=2.500,", text, StringComparison.Ordinal);
        Assert.DoesNotContain("SCORE", Multivariant(Samples.Video("v360") with { Score = 1 }, Samples.Video()), StringComparison.Ordinal);
    }

    [Fact]
    public void Multivariant_OfTwoSubtitlesOfOneLanguage_LeavesOneToTheViewersChoice()
    {
        var text = Multivariant(Samples.Video(), Samples.Subtitles(), Samples.Subtitles("s1"), Samples.Subtitles("s2", role: TrackRole.Caption));
        Assert.Equal(2, text.Split("AUTOSELECT=YES").Length - 1);
        Assert.Contains("NAME=\"en (s1)\",DEFAULT=NO,AUTOSELECT=NO", text, StringComparison.Ordinal);
        Assert.Contains("CHARACTERISTICS=\"public.accessibility.transcribes-spoken-dialog,public.accessibility.describes-music-and-sound\"", text, StringComparison.Ordinal);
    }

    [Fact]
    public void Multivariant_WithTwoSoundsOfOneName_TellsThemApart()
    {
        var text = Samples.Text(output => MultivariantPlaylist.Write(
            output, new Presentation { Renditions = [Samples.Video(), Samples.Audio(), Samples.Audio("a1", isDefault: true)] }));
        Assert.Contains("NAME=\"English (a1)\",DEFAULT=NO", text, StringComparison.Ordinal);
    }

    [Fact]
    public void Multivariant_WithContentSteering_HasEveryPathwayWithGroupsOfItsOwn() => Assert.Equal(
        """
        #EXTM3U
        #EXT-X-VERSION:6
        #EXT-X-INDEPENDENT-SEGMENTS
        #EXT-X-CONTENT-STEERING:SERVER-URI="https://a.example/steering.json",PATHWAY-ID="a"
        #EXT-X-MEDIA:TYPE=AUDIO,GROUP-ID="mp4a.40.2-2@a",LANGUAGE="en",NAME="English",DEFAULT=YES,AUTOSELECT=YES,CHANNELS="2",PATHWAY-ID="a",URI="https://a.example/f/a0.m3u8"
        #EXT-X-MEDIA:TYPE=SUBTITLES,GROUP-ID="subtitles@a",LANGUAGE="en",NAME="en",DEFAULT=NO,AUTOSELECT=YES,FORCED=NO,PATHWAY-ID="a",URI="https://a.example/f/s0.m3u8"
        #EXT-X-STREAM-INF:BANDWIDTH=2126200,AVERAGE-BANDWIDTH=1681870,CODECS="avc1.64001f,mp4a.40.2",RESOLUTION=1280x720,FRAME-RATE=29.970,VIDEO-RANGE=SDR,AUDIO="mp4a.40.2-2@a",SUBTITLES="subtitles@a",STABLE-VARIANT-ID="v720+mp4a.40.2-2",PATHWAY-ID="a"
        https://a.example/f/v720.m3u8
        #EXT-X-MEDIA:TYPE=AUDIO,GROUP-ID="mp4a.40.2-2@b",LANGUAGE="en",NAME="English",DEFAULT=YES,AUTOSELECT=YES,CHANNELS="2",PATHWAY-ID="b",URI="https://b.example/f/a0.m3u8"
        #EXT-X-MEDIA:TYPE=SUBTITLES,GROUP-ID="subtitles@b",LANGUAGE="en",NAME="en",DEFAULT=NO,AUTOSELECT=YES,FORCED=NO,PATHWAY-ID="b",URI="https://b.example/f/s0.m3u8"
        #EXT-X-STREAM-INF:BANDWIDTH=2126200,AVERAGE-BANDWIDTH=1681870,CODECS="avc1.64001f,mp4a.40.2",RESOLUTION=1280x720,FRAME-RATE=29.970,VIDEO-RANGE=SDR,AUDIO="mp4a.40.2-2@b",SUBTITLES="subtitles@b",STABLE-VARIANT-ID="v720+mp4a.40.2-2",PATHWAY-ID="b"
        https://b.example/f/v720.m3u8

        """,
        Samples.Text(output => MultivariantPlaylist.Write(
            output, new Presentation { Renditions = [Samples.Video(), Samples.Audio(), Samples.Subtitles()] }, hints: new DeliveryHints
            {
                Steering = new ContentSteering("https://a.example/steering.json", [new Pathway("a", "https://a.example/f/"), new Pathway("b", "https://b.example/f/")]),
            })));

    [Theory]
    [InlineData(0, "v360 v720 h720")]
    [InlineData(360, "v360 v720 h720")]
    [InlineData(720, "v720 h720 v360")]
    [InlineData(480, "v360 v720 h720")]
    public void Multivariant_WithAStart_HasItsVariantsFirst(int height, string order)
    {
        var film = new Presentation { Renditions = [Samples.Video("v360", 640, 360), Samples.Video(), Samples.Video("h720") with { Codecs = "hvc1.1.6.L93.b0" }] };
        var text = Samples.Text(output => MultivariantPlaylist.Write(output, film, hints: new DeliveryHints { StartHeight = height }));
        Assert.Equal(order, string.Join(' ', text.Split('\n').Where(line => line.EndsWith(".m3u8", StringComparison.Ordinal)).Select(line => line[..^5])));
    }

    [Fact]
    public void Multivariant_OfAPart_HasTheBitratesThatItsMediaPlaylistsHave()
    {
        // The longest segments are the sound's: without it, the target duration of the pictures alone would be another.
        var film = Samples.Film();
        var part = film with { Renditions = [film.Renditions[0]], TargetDuration = film.TargetDuration };
        Assert.NotEqual(film.TargetDuration, new Presentation { Renditions = part.Renditions }.TargetDuration);
        Assert.Equal(film.TargetDuration, part.TargetDuration);
        Assert.Contains($"BANDWIDTH={film.Renditions[0].PeakBitrateAt(film.TargetDuration)},", Samples.Text(output => MultivariantPlaylist.Write(output, part)), StringComparison.Ordinal);
    }

    [Fact]
    public void Media_OfPictures_ListsTheByteRanges() => Assert.Equal(
        """
        #EXTM3U
        #EXT-X-VERSION:6
        #EXT-X-TARGETDURATION:4
        #EXT-X-MEDIA-SEQUENCE:0
        #EXT-X-PLAYLIST-TYPE:VOD
        #EXT-X-INDEPENDENT-SEGMENTS
        #EXT-X-MAP:URI="v720.mp4",BYTERANGE="800@0"
        #EXTINF:4.004,
        #EXT-X-BYTERANGE:1000000@868
        v720.mp4
        #EXTINF:4.004,
        #EXT-X-BYTERANGE:500000@1000868
        v720.mp4
        #EXTINF:1.001,
        #EXT-X-BYTERANGE:250000@1500868
        v720.mp4
        #EXT-X-ENDLIST

        """,
        Samples.Text(output => MediaPlaylist.Write(output, Presentation(Samples.Video()), Samples.Video())));

    [Fact]
    public void Media_OfVirtualSegments_NamesThem() => Assert.Equal(
        """
        #EXTM3U
        #EXT-X-VERSION:6
        #EXT-X-TARGETDURATION:4
        #EXT-X-MEDIA-SEQUENCE:0
        #EXT-X-PLAYLIST-TYPE:EVENT
        #EXT-X-START:TIME-OFFSET=0,PRECISE=YES
        #EXT-X-INDEPENDENT-SEGMENTS
        #EXT-X-MAP:URI="v720/init.mp4"
        #EXTINF:4.004,
        v720/1.m4s
        #EXTINF:4.004,
        v720/2.m4s
        #EXTINF:1.001,
        v720/3.m4s
        #EXT-X-ENDLIST

        """,
        Samples.Text(output => MediaPlaylist.Write(output, Presentation(Samples.Video()), Samples.Video(), SegmentAddressing.Segments)));

    [Fact]
    public void Media_OfSubtitles_ListsTheTexts() => Assert.Equal(
        """
        #EXTM3U
        #EXT-X-VERSION:6
        #EXT-X-TARGETDURATION:4
        #EXT-X-MEDIA-SEQUENCE:0
        #EXT-X-PLAYLIST-TYPE:VOD
        #EXT-X-INDEPENDENT-SEGMENTS
        #EXTINF:4.004,
        #EXT-X-BYTERANGE:90@0
        s0.segments.vtt
        #EXTINF:4.004,
        #EXT-X-BYTERANGE:60@90
        s0.segments.vtt
        #EXTINF:1.001,
        #EXT-X-BYTERANGE:150@150
        s0.segments.vtt
        #EXT-X-ENDLIST

        """,
        Samples.Text(output => MediaPlaylist.Write(output, Presentation(Samples.Subtitles()), Samples.Subtitles())));

    [Fact]
    public void Media_OfWholeSegmentsEncrypted_HasTheKeysAfterTheHeader() => Assert.Equal(
        """
        #EXTM3U
        #EXT-X-VERSION:6
        #EXT-X-TARGETDURATION:4
        #EXT-X-MEDIA-SEQUENCE:0
        #EXT-X-PLAYLIST-TYPE:EVENT
        #EXT-X-START:TIME-OFFSET=0,PRECISE=YES
        #EXT-X-INDEPENDENT-SEGMENTS
        #EXT-X-MAP:URI="v720/init.mp4"
        #EXT-X-KEY:METHOD=AES-128,URI="../keys/0123456789abcdef0123456789abcdef",IV=0x00000000000000000000000000000007
        #EXTINF:4.004,
        v720/1.m4s
        #EXTINF:4.004,
        v720/2.m4s
        #EXT-X-KEY:METHOD=AES-128,URI="../keys/ffffffffffffffffffffffffffffffff",IV=0xfffffffffffffffffffffffffffffffe
        #EXTINF:1.001,
        v720/3.m4s
        #EXT-X-ENDLIST

        """,
        Samples.Text(output => MediaPlaylist.Write(
            output, Presentation(Samples.Video()), Samples.Video() with { Encryption = Samples.Encryption(EncryptionScheme.Aes128) }, SegmentAddressing.Segments)));

    [Fact]
    public void Media_OfSamplesEncrypted_HasATagForEachKeySystem()
    {
        var encryption = Samples.Encryption(EncryptionScheme.Cenc) with { Periods = [Samples.Encryption().Periods[0]], SystemHeaders = [Samples.CommonHeader, Samples.PlayReadyHeader] };
        var lines = Samples.Text(output => MediaPlaylist.Write(output, Presentation(Samples.Video()), Samples.Video() with { Encryption = encryption })).Split('\n');
        Assert.Equal(
            [
                "#EXT-X-KEY:METHOD=SAMPLE-AES-CTR,URI=\"keys/0123456789abcdef0123456789abcdef\",KEYFORMAT=\"identity\",KEYFORMATVERSIONS=\"1\"",
                "#EXT-X-KEY:METHOD=SAMPLE-AES-CTR,KEYFORMAT=\"org.w3.clearkey\",URI=\"keys/0123456789abcdef0123456789abcdef\",KEYID=0x0123456789abcdef0123456789abcdef,KEYFORMATVERSIONS=\"1\"",
                "#EXT-X-KEY:METHOD=SAMPLE-AES-CTR,KEYFORMAT=\"com.microsoft.playready\",URI=\"data:text/plain;charset=UTF-16;base64,AQID\",KEYID=0x0123456789abcdef0123456789abcdef,KEYFORMATVERSIONS=\"1\"",
            ],
            lines.Where(line => line.StartsWith("#EXT-X-KEY", StringComparison.Ordinal)));
    }

    [Fact]
    public void IFrames_OfPictures_AreRangesOfTheSameFile() => Assert.Equal(
        """
        #EXTM3U
        #EXT-X-VERSION:6
        #EXT-X-TARGETDURATION:4
        #EXT-X-MEDIA-SEQUENCE:0
        #EXT-X-PLAYLIST-TYPE:VOD
        #EXT-X-I-FRAMES-ONLY
        #EXT-X-MAP:URI="../v360.mp4",BYTERANGE="800@0"
        #EXTINF:2.002,
        #EXT-X-BYTERANGE:9000@868
        ../v360.mp4
        #EXTINF:2.002,
        #EXT-X-BYTERANGE:8000@200868
        ../v360.mp4
        #EXTINF:4.004,
        #EXT-X-BYTERANGE:8500@400868
        ../v360.mp4
        #EXTINF:1.001,
        #EXT-X-BYTERANGE:100@600868
        ../v360.mp4
        #EXT-X-ENDLIST

        """,
        Samples.Text(output => IFramePlaylist.Write(output, Samples.RichFilm().Renditions[0] with { Encryption = null }, SegmentAddressing.Segments)));

    [Fact]
    public void Playlists_OfOnePresentation_HaveOneTargetDuration()
    {
        var slow = Samples.Video() with { Segments = [new Segment(868, 1000, 0, 6 * 30000)] };
        Assert.Contains("#EXT-X-TARGETDURATION:6\n", Samples.Text(output => MediaPlaylist.Write(output, Presentation(slow, Samples.Audio()), Samples.Audio())), StringComparison.Ordinal);
    }

    [Fact]
    public void Thumbnails_AsWebVtt_NameTheirPartOfAFile()
    {
        var cues = Samples.Text(output => ThumbnailTrack.Write(output, Samples.RichFilm().Thumbnails!)).Split("\n\n");
        Assert.Equal("WEBVTT", cues[0]);
        Assert.Equal(24, cues.Length);
        Assert.Equal("00:00:12.000 --> 00:00:14.000\nthumbnails/1.jpg#xywh=160,90,160,90", cues[7]);
        Assert.Equal("00:00:40.000 --> 00:00:42.000\nthumbnails/2.jpg#xywh=0,0,160,90", cues[21]);
    }

    [Fact]
    public void Media_OfDurationsWithoutAnEnd_DoesNotAddUpRoundings()
    {
        var segments = Enumerable.Range(0, 1000).Select(index => new Segment(index, 1, index * 177152L, 177152)); // 4.017052… s
        var text = Samples.Text(output => MediaPlaylist.Write(output, Presentation(Samples.Audio()), Samples.Audio() with { Segments = [.. segments] }));
        var total = text.Split('\n').Where(line => line.StartsWith("#EXTINF:", StringComparison.Ordinal))
            .Sum(line => decimal.Parse(line[8..^1], System.Globalization.CultureInfo.InvariantCulture));
        Assert.Equal(Math.Round(177152m * 1000 / 44100, 6), total);
    }

    [Theory]
    [InlineData(SegmentAddressing.ByteRanges)]
    [InlineData(SegmentAddressing.Segments)]
    public void Playlists_WrittenIntoAWarmBuffer_AllocateNothing(SegmentAddressing addressing)
    {
        var film = Samples.RichFilm();
        var output = new ArrayBufferWriter<byte>(1 << 20);
        Assert.Equal(0, Allocations.Of(
            () =>
            {
                output.ResetWrittenCount();
                WriteAll(output, film, addressing);
            },
            calls: 10));
    }

    private static void WriteAll(ArrayBufferWriter<byte> output, Presentation film, SegmentAddressing addressing)
    {
        MultivariantPlaylist.Write(output, film, addressing);
        MediaPresentationDescription.Write(output, film, addressing);
        ThumbnailTrack.Write(output, film.Thumbnails!);
        foreach (var rendition in film.Renditions)
        {
            if (rendition.Kind != TrackKind.Image)
                MediaPlaylist.Write(output, film, rendition, addressing);
            if (rendition.AccessPoints.Length > 0)
                IFramePlaylist.Write(output, rendition, addressing);
        }
    }

    private static string Multivariant(params Rendition[] renditions) => Samples.Text(output => MultivariantPlaylist.Write(output, Presentation(renditions)));

    private static Presentation Presentation(params Rendition[] renditions) => new() { Renditions = [.. renditions] };
}
