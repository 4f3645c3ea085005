using System.Buffers;
using Movento.Packager.Hls;
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
        #EXT-X-MEDIA:TYPE=AUDIO,GROUP-ID="mp4a.40.2",LANGUAGE="en",NAME="English",DEFAULT=YES,AUTOSELECT=YES,CHANNELS="2",URI="a0.m3u8"
        #EXT-X-MEDIA:TYPE=AUDIO,GROUP-ID="mp4a.40.2",LANGUAGE="de",NAME="Deutsch 'lang'",DEFAULT=NO,AUTOSELECT=YES,CHANNELS="2",URI="a1.m3u8"
        #EXT-X-STREAM-INF:BANDWIDTH=927399,AVERAGE-BANDWIDTH=749469,CODECS="avc1.64001f,mp4a.40.2",RESOLUTION=640x360,FRAME-RATE=29.970,VIDEO-RANGE=SDR,AUDIO="mp4a.40.2"
        v360.m3u8
        #EXT-X-STREAM-INF:BANDWIDTH=2126200,AVERAGE-BANDWIDTH=1681870,CODECS="avc1.64001f,mp4a.40.2",RESOLUTION=1280x720,FRAME-RATE=29.970,VIDEO-RANGE=SDR,AUDIO="mp4a.40.2"
        v720.m3u8

        """,
        Samples.Text(output => MultivariantPlaylist.Write(output, Samples.Film())));

    [Fact]
    public void Multivariant_WithoutSound_HasNoAudio() => Assert.Equal(
        """
        #EXTM3U
        #EXT-X-VERSION:6
        #EXT-X-INDEPENDENT-SEGMENTS
        #EXT-X-STREAM-INF:BANDWIDTH=1998002,AVERAGE-BANDWIDTH=1554002,CODECS="avc1.64001f",RESOLUTION=1280x720,FRAME-RATE=29.970,VIDEO-RANGE=SDR
        v720.m3u8

        """,
        Samples.Text(output => MultivariantPlaylist.Write(output, new Presentation { Renditions = [Samples.Video()] })));

    [Fact]
    public void Multivariant_WithoutPictures_HasTheSoundAsVariants() => Assert.Equal(
        """
        #EXTM3U
        #EXT-X-VERSION:6
        #EXT-X-INDEPENDENT-SEGMENTS
        #EXT-X-STREAM-INF:BANDWIDTH=128198,AVERAGE-BANDWIDTH=127868,CODECS="mp4a.40.2"
        a0.m3u8

        """,
        Samples.Text(output => MultivariantPlaylist.Write(output, new Presentation { Renditions = [Samples.Audio()] })));

    [Fact]
    public void Multivariant_WithTwoCodecsOfSound_HasAGroupAndAVariantForEach()
    {
        var other = Samples.Audio("a1") with { Codecs = "mp4a.40.5" };
        var text = Samples.Text(output => MultivariantPlaylist.Write(output, new Presentation { Renditions = [Samples.Video(), Samples.Audio(), other] }));
        Assert.Equal(2, text.Split("#EXT-X-STREAM-INF").Length - 1);
        Assert.Contains("CODECS=\"avc1.64001f,mp4a.40.5\"", text, StringComparison.Ordinal);
        Assert.Contains("AUDIO=\"mp4a.40.5\"", text, StringComparison.Ordinal);
        Assert.Equal(2, text.Split("DEFAULT=YES").Length - 1);
    }

    [Fact]
    public void Multivariant_WithTwoSoundsOfOneName_TellsThemApart()
    {
        var text = Samples.Text(output => MultivariantPlaylist.Write(
            output, new Presentation { Renditions = [Samples.Video(), Samples.Audio(), Samples.Audio("a1", isDefault: true)] }));
        Assert.Contains("NAME=\"English (a1)\",DEFAULT=NO", text, StringComparison.Ordinal);
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
        Samples.Text(output => MediaPlaylist.Write(output, Samples.Video())));

    [Fact]
    public void Media_OfDurationsWithoutAnEnd_DoesNotAddUpRoundings()
    {
        var segments = Enumerable.Range(0, 1000).Select(index => new Segment(index, 1, index * 177152L, 177152)); // 4.017052… s
        var text = Samples.Text(output => MediaPlaylist.Write(output, Samples.Audio() with { Segments = [.. segments] }));
        var total = text.Split('\n').Where(line => line.StartsWith("#EXTINF:", StringComparison.Ordinal))
            .Sum(line => decimal.Parse(line[8..^1], System.Globalization.CultureInfo.InvariantCulture));
        Assert.Equal(Math.Round(177152m * 1000 / 44100, 6), total);
    }

    [Fact]
    public void Playlists_WrittenIntoAWarmBuffer_AllocateNothingForSegments()
    {
        var rendition = Samples.Video() with { Segments = [.. Enumerable.Range(0, 900).Select(index => new Segment(index, 1, index * 120120L, 120120))] };
        var output = new ArrayBufferWriter<byte>(1 << 20);
        MediaPlaylist.Write(output, rendition);
        output.ResetWrittenCount();
        var before = GC.GetAllocatedBytesForCurrentThread();
        MediaPlaylist.Write(output, rendition);
        Assert.Equal(0, GC.GetAllocatedBytesForCurrentThread() - before);
    }
}
