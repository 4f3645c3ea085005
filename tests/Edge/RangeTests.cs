using System.Net;
using System.Text;
using Movento.Contracts;
using Movento.Edge.Tests.Host;

namespace Movento.Edge.Tests;

public class RangeTests(SharedEdge shared) : IClassFixture<SharedEdge>
{
    private readonly EdgeHost _edge = shared.Host;

    private const int Block = 1 << 20;

    [Theory]
    [InlineData("bytes=0-0", 0, 1)]
    [InlineData("bytes=0-1023", 0, 1024)]
    [InlineData("bytes=1048575-1048576", Block - 1, 2)]
    [InlineData("bytes=1048576-2097151", Block, Block)]
    [InlineData("bytes=1000000-4999999", 1_000_000, 4_000_000)]
    public async Task Range_OfARendition_IsExactlyThoseBytes(string header, int offset, int size)
    {
        for (var round = 0; round < 2; round++)
        {
            using var response = await _edge.GetAsync("v720.mp4", "Range", header);
            Assert.Equal(HttpStatusCode.PartialContent, response.StatusCode);
            Assert.Equal($"bytes {offset}-{offset + size - 1}/{_edge.Film.Video.Length}", EdgeHost.Header(response, "Content-Range"));
            Assert.Equal(size, response.Content.Headers.ContentLength);
            Assert.Equal("video/mp4", EdgeHost.ContentType(response));
            Assert.Equal(_edge.Film.Video[offset..(offset + size)], await response.Content.ReadAsByteArrayAsync());
        }
    }

    [Fact]
    public async Task Range_EverySegmentOfThePresentation_IsThatSegment()
    {
        foreach (var rendition in _edge.Film.Presentation.Renditions)
        {
            var bytes = _edge.Film.Objects[StorageKey.Rendition(Film.Asset, Film.Version, rendition.Id)];
            foreach (var segment in rendition.Segments)
            {
                using var response = await _edge.GetAsync(
                    $"{rendition.Id}.mp4", "Range", $"bytes={segment.Offset}-{segment.Offset + segment.Size - 1}");
                Assert.Equal(HttpStatusCode.PartialContent, response.StatusCode);
                Assert.Equal(
                    bytes[(int)segment.Offset..(int)(segment.Offset + segment.Size)], await response.Content.ReadAsByteArrayAsync());
            }
        }
    }

    [Fact]
    public async Task Range_SuffixAndOpen_ReachTheEnd()
    {
        foreach (var header in new[] { "bytes=-1000", $"bytes={_edge.Film.Video.Length - 1000}-", $"bytes={_edge.Film.Video.Length - 1000}-99999999999999999999" })
        {
            using var response = await _edge.GetAsync("v720.mp4", "Range", header);
            Assert.Equal(HttpStatusCode.PartialContent, response.StatusCode);
            Assert.Equal(_edge.Film.Video[^1000..], await response.Content.ReadAsByteArrayAsync());
        }
    }

    [Theory]
    [InlineData("poster.jpg")]
    [InlineData("master.m3u8")]
    [InlineData("manifest.mpd")]
    [InlineData("v720.m3u8")]
    public async Task Range_OfADocument_IsServedToo(string file)
    {
        using var whole = await _edge.GetAsync(file);
        var bytes = await whole.Content.ReadAsByteArrayAsync();
        using var response = await _edge.GetAsync(file, "Range", "bytes=10-19");
        Assert.Equal(HttpStatusCode.PartialContent, response.StatusCode);
        Assert.Equal(bytes[10..20], await response.Content.ReadAsByteArrayAsync());
    }

    [Theory]
    [InlineData("bytes=99999999-")]
    [InlineData("bytes=-0")]
    [InlineData("bytes=2-1")]
    [InlineData("bytes=x")]
    [InlineData("bytes=0-,0-")]
    [InlineData("bytes=0-0,2-2,4-4,6-6,8-8,10-10,12-12,14-14,16-16,18-18,20-20,22-22,24-24,26-26,28-28,30-30,32-32")]
    public async Task Range_ThatCannotBeServed_Is416WithTheLength(string header)
    {
        using var response = await _edge.GetAsync("v720.mp4", "Range", header);
        Assert.Equal(HttpStatusCode.RequestedRangeNotSatisfiable, response.StatusCode);
        Assert.Equal($"bytes */{_edge.Film.Video.Length}", EdgeHost.Header(response, "Content-Range"));
        Assert.Equal("no-store", EdgeHost.Header(response, "Cache-Control"));
        Assert.Contains("range_not_satisfiable", await response.Content.ReadAsStringAsync(), StringComparison.Ordinal);
    }

    [Fact]
    public async Task Range_OfAnotherUnit_IsIgnored()
    {
        using var response = await _edge.GetAsync("a0.mp4", "Range", "seconds=0-1");
        Assert.Equal(HttpStatusCode.OK, response.StatusCode);
        Assert.Equal(_edge.Film.Audio, await response.Content.ReadAsByteArrayAsync());
    }

    [Theory]
    [InlineData("v720.mp4", "video/mp4")]
    [InlineData("poster.jpg", "image/jpeg")]
    public async Task Range_Several_AreMultipartInTheOrderAsked(string file, string type)
    {
        var bytes = file == "v720.mp4" ? _edge.Film.Video : _edge.Film.Poster;
        using var response = await _edge.GetAsync(file, "Range", "bytes=60000-60009, 99999999-, 0-4, -3");
        Assert.Equal(HttpStatusCode.PartialContent, response.StatusCode);
        Assert.Null(EdgeHost.Header(response, "Content-Range"));
        var contentType = EdgeHost.ContentType(response)!;
        Assert.StartsWith("multipart/byteranges; boundary=", contentType, StringComparison.Ordinal);
        var boundary = contentType["multipart/byteranges; boundary=".Length..];

        using var expected = new MemoryStream();
        foreach (var (first, last) in new[] { (60000, 60009), (0, 4), (bytes.Length - 3, bytes.Length - 1) })
        {
            expected.Write(Encoding.ASCII.GetBytes(
                $"{(expected.Length == 0 ? "" : "\r\n")}--{boundary}\r\nContent-Type: {type}\r\nContent-Range: bytes {first}-{last}/{bytes.Length}\r\n\r\n"));
            expected.Write(bytes, first, last - first + 1);
        }

        expected.Write(Encoding.ASCII.GetBytes($"\r\n--{boundary}--\r\n"));
        Assert.Equal(expected.Length, response.Content.Headers.ContentLength);
        Assert.Equal(expected.ToArray(), await response.Content.ReadAsByteArrayAsync());
    }

    [Fact]
    public async Task Range_SeveralOfWhichOneCanBeServed_IsASinglePart()
    {
        using var response = await _edge.GetAsync("v720.mp4", "Range", "bytes=5-9,99999999-");
        Assert.Equal(HttpStatusCode.PartialContent, response.StatusCode);
        Assert.Equal($"bytes 5-9/{_edge.Film.Video.Length}", EdgeHost.Header(response, "Content-Range"));
        Assert.Equal(_edge.Film.Video[5..10], await response.Content.ReadAsByteArrayAsync());
    }
}
