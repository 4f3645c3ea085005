using Movento.Contracts;
using Movento.Edge.Admission;

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
    public void TryParse_EveryKindOfFile_IsRead(string name, string file, string rendition)
    {
        Assert.True(EdgeUrl.TryParse($"/any-token/assets/{Asset}/v12/{name}", out var url));
        Assert.Equal("any-token", url.Token.ToString());
        Assert.Equal(AssetId.Parse(Asset), url.Asset);
        Assert.Equal(12, url.Version);
        Assert.Equal(Enum.Parse<EdgeFile>(file), url.File);
        Assert.Equal(rendition, url.Rendition.ToString());
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
        var before = GC.GetAllocatedBytesForCurrentThread();
        for (var round = 0; round < 1000; round++) _ = EdgeUrl.TryParse(EdgeUrl.PathOf(target), out _);
        Assert.Equal(0, GC.GetAllocatedBytesForCurrentThread() - before);
    }
}
