using Movento.Contracts;
using Movento.Edge.Admission;
using Movento.Harness;
using Movento.Packager.Presentations;

namespace Movento.Edge.Tests.Admission;

public class EdgeUrlTests
{
    private const string Asset = "0192f0c1a2b37c4d8e5f60718293a4b5";

    [Theory]
    [InlineData("master.m3u8", "MultivariantPlaylist", "")]
    [InlineData("manifest.mpd", "MediaPresentationDescription", "")]
    [InlineData("poster.jpg", "Poster", "")]
    [InlineData("v720.m3u8", "MediaPlaylist", "v720")]
    [InlineData("v720.mp4", "Rendition", "v720")]
    [InlineData("a.mp4", "Rendition", "a")]
    [InlineData("manifest.mp4", "Rendition", "manifest")]
    [InlineData("abcdefghijklmnopqrstuvwxyz-01234.mp4", "Rendition", "abcdefghijklmnopqrstuvwxyz-01234")]
    [InlineData("v720.iframes.m3u8", "IFramePlaylist", "v720")]
    [InlineData("s0.vtt", "Subtitles", "s0")]
    [InlineData("s0.segments.vtt", "TextSegments", "s0")]
    [InlineData("thumbnails.vtt", "ThumbnailTrack", "")]
    [InlineData("chapters.json", "Chapters", "")]
    [InlineData("cmcd", "ClientData", "")]
    [InlineData("thumbnails/17.jpg", "Thumbnails", "", 17)]
    [InlineData("segments/master.m3u8", "MultivariantPlaylist", "", 0, SegmentAddressing.Segments)]
    [InlineData("segments/manifest.mpd", "MediaPresentationDescription", "", 0, SegmentAddressing.Segments)]
    [InlineData("segments/v720.m3u8", "MediaPlaylist", "v720", 0, SegmentAddressing.Segments)]
    [InlineData("segments/v720.iframes.m3u8", "IFramePlaylist", "v720", 0, SegmentAddressing.Segments)]
    [InlineData("segments/v720/init.mp4", "Initialization", "v720", 0, SegmentAddressing.Segments)]
    [InlineData("segments/v720/123456789.m4s", "Segment", "v720", 123456789, SegmentAddressing.Segments)]
    [InlineData("segments/v720/iframes/12.m4s", "IFrame", "v720", 12, SegmentAddressing.Segments)]
    [InlineData("segments/s0/2.vtt", "TextSegment", "s0", 2, SegmentAddressing.Segments)]
    public void TryParse_EveryKindOfFile_IsRead(
        string name, string file, string rendition, int number = 0, SegmentAddressing addressing = SegmentAddressing.ByteRanges)
    {
        Assert.True(EdgeUrl.TryParse($"/any-token/assets/{Asset}/v12/{name}", out var url));
        Assert.Equal("any-token", url.Token.ToString());
        Assert.Equal(AssetId.Parse(Asset), url.Asset);
        Assert.Equal(12, url.Version);
        Assert.Equal(Enum.Parse<EdgeFile>(file), url.File);
        Assert.Equal(rendition, url.Rendition.ToString());
        Assert.Equal(number, url.Number);
        Assert.Equal(addressing, url.Addressing);
    }

    [Theory]
    [InlineData($"/assets/{Asset}/v1/master.m3u8")]
    [InlineData($"//assets/{Asset}/v1/master.m3u8")]
    public void TryParse_NoToken_IsAUrlWithAnEmptyOne(string path)
    {
        Assert.True(EdgeUrl.TryParse(path, out var url));
        Assert.Equal("", url.Token.ToString());
    }

    [Theory]
    [InlineData("")]
    [InlineData("/")]
    [InlineData("/favicon.ico")]
    [InlineData("*")]
    [InlineData($"t/assets/{Asset}/v1/master.m3u8")]
    [InlineData($"/t/assets/{Asset}/v1/")]
    [InlineData($"/t/assets/{Asset}/v1")]
    [InlineData($"/t/assets/{Asset}/v1/master.m3u8/")]
    [InlineData($"/t/assets/{Asset}/v1//master.m3u8")]
    [InlineData($"/t//assets/{Asset}/v1/master.m3u8")]
    [InlineData($"/t/assets/{Asset}/v0/master.m3u8")]
    [InlineData($"/t/assets/{Asset}/v01/master.m3u8")]
    [InlineData($"/t/assets/{Asset}/v/master.m3u8")]
    [InlineData($"/t/assets/{Asset}/v-1/master.m3u8")]
    [InlineData($"/t/assets/{Asset}/v+1/master.m3u8")]
    [InlineData($"/t/assets/{Asset}/v1234567890/master.m3u8")]
    [InlineData($"/t/assets/{Asset}/V1/master.m3u8")]
    [InlineData($"/t/Assets/{Asset}/v1/master.m3u8")]
    [InlineData($"/t/assets/{Asset}/v1/MASTER.m3u8")]
    [InlineData($"/t/assets/{Asset}/v1/source")]
    [InlineData($"/t/assets/{Asset}/v1/presentation.json")]
    [InlineData($"/t/assets/{Asset}/v1/receipt.json")]
    [InlineData($"/t/assets/{Asset}/v1/other.jpg")]
    [InlineData($"/t/assets/{Asset}/v1/.mp4")]
    [InlineData($"/t/assets/{Asset}/v1/.vtt")]
    [InlineData($"/t/assets/{Asset}/v1/.iframes.m3u8")]
    [InlineData($"/t/assets/{Asset}/v1/v720/init.mp4")]
    [InlineData($"/t/assets/{Asset}/v1/v720/1.m4s")]
    [InlineData($"/t/assets/{Asset}/v1/thumbnails/0.jpg")]
    [InlineData($"/t/assets/{Asset}/v1/thumbnails/1.png")]
    [InlineData($"/t/assets/{Asset}/v1/thumbnails/")]
    [InlineData($"/t/assets/{Asset}/v1/segments")]
    [InlineData($"/t/assets/{Asset}/v1/segments/")]
    [InlineData($"/t/assets/{Asset}/v1/segments//init.mp4")]
    [InlineData($"/t/assets/{Asset}/v1/segments/v720.mp4")]
    [InlineData($"/t/assets/{Asset}/v1/segments/poster.jpg")]
    [InlineData($"/t/assets/{Asset}/v1/segments/v720/0.m4s")]
    [InlineData($"/t/assets/{Asset}/v1/segments/v720/01.m4s")]
    [InlineData($"/t/assets/{Asset}/v1/segments/v720/+1.m4s")]
    [InlineData($"/t/assets/{Asset}/v1/segments/v720/1234567890.m4s")]
    [InlineData($"/t/assets/{Asset}/v1/segments/v720/init.m4s")]
    [InlineData($"/t/assets/{Asset}/v1/segments/v720/1/2.m4s")]
    [InlineData($"/t/assets/{Asset}/v1/segments/V720/1.m4s")]
    [InlineData($"/t/assets/{Asset}/v1/segments/segments/v720/1.m4s")]
    [InlineData($"/t/assets/{Asset}/v1/V720.mp4")]
    [InlineData($"/t/assets/{Asset}/v1/..mp4")]
    [InlineData($"/t/assets/{Asset}/v1/v720.mp4.mp4")]
    [InlineData($"/t/assets/{Asset}/v1/abcdefghijklmnopqrstuvwxyz-012345.mp4")]
    [InlineData($"/t/assets/{Asset}/v1/../v1/v720.mp4")]
    [InlineData($"/t/assets/{Asset}/v1/%76720.mp4")]
    [InlineData($"/t/assets/{Asset}/v1/v720.mp4%00")]
    [InlineData($"/t/assets/{Asset}/v1\\v720.mp4")]
    [InlineData($"/t/assets/{Asset}a/v1/v720.mp4")]
    [InlineData("/t/assets/0192F0C1A2B37C4D8E5F60718293A4B5/v1/v720.mp4")]
    public void TryParse_AnythingElse_NamesNothing(string path) => Assert.False(EdgeUrl.TryParse(path, out _));

    [Theory]
    [InlineData("/a/b?CMCD=x%2Cy", "/a/b")]
    [InlineData("/a/b", "/a/b")]
    [InlineData("/a?b?c", "/a")]
    [InlineData("http://edge.example:8081/a/b?q", "/a/b")]
    [InlineData("http://edge.example", "/")]
    [InlineData("http://edge.example?q", "/")]
    [InlineData("*", "")]
    [InlineData("", "")]
    public void PathOf_ATarget_IsItsPathAsWritten(string target, string path) => Assert.Equal(path, EdgeUrl.PathOf(target).ToString());

    [Fact]
    public void TryParse_AUrl_AllocatesNothing()
    {
        var target = $"/token/assets/{Asset}/v1/v720.mp4?CMCD=bl%3D1";
        Assert.True(EdgeUrl.TryParse(EdgeUrl.PathOf(target), out _));
        Assert.Equal(0, Allocations.Of(() => Assert.True(EdgeUrl.TryParse(EdgeUrl.PathOf(target), out _))));
    }
}
