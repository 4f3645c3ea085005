using System.Net;
using Movento.Contracts;
using Movento.Edge.Tests.Host;
using Movento.Packager.Presentations;

namespace Movento.Edge.Tests;

/// <summary>Virtual segments are the bytes of the ranges, under URLs of their own (docs/formats/urls.md).</summary>
public class SegmentTests(SharedEdge shared) : IClassFixture<SharedEdge>
{
    private readonly EdgeHost _edge = shared.Host;

    [Fact]
    public async Task Segments_OfEveryRendition_AreTheBytesOfTheirRanges()
    {
        foreach (var rendition in _edge.Film.Presentation.Renditions)
        {
            var file = _edge.Film.Objects[StorageKey.Rendition(Film.Asset, Film.Version, rendition.Id)];
            await AssertPartAsync($"segments/{rendition.Id}/init.mp4", file, rendition.Initialization);
            for (var index = 0; index < rendition.Segments.Length; index++)
                await AssertPartAsync($"segments/{rendition.Id}/{index + 1}.m4s", file, new ByteRange(rendition.Segments[index].Offset, rendition.Segments[index].Size));
            using var beyond = await _edge.GetAsync($"segments/{rendition.Id}/{rendition.Segments.Length + 1}.m4s");
            Assert.Equal(HttpStatusCode.NotFound, beyond.StatusCode);
        }
    }

    [Fact]
    public async Task IFrames_AreTheBytesOfTheIFramePlaylist()
    {
        var points = _edge.Film.Presentation.Renditions[0].AccessPoints;
        Assert.NotEmpty(points);
        for (var index = 0; index < points.Length; index++)
            await AssertPartAsync($"segments/v720/iframes/{index + 1}.m4s", _edge.Film.Video, new ByteRange(points[index].Offset, points[index].Size));
        foreach (var file in new[] { $"segments/v720/iframes/{points.Length + 1}.m4s", "segments/a0/iframes/1.m4s", "v720/iframes/1.m4s" })
        {
            using var beyond = await _edge.GetAsync(file);
            Assert.Equal(HttpStatusCode.NotFound, beyond.StatusCode);
        }
    }

    [Fact]
    public async Task TextSegments_AreTheBytesOfTheirRanges()
    {
        var file = _edge.Film.Objects[StorageKey.TextSegments(Film.Asset, Film.Version, "s0")];
        await AssertPartAsync("s0.segments.vtt", file, new ByteRange(0, 500), "text/vtt");
        await AssertPartAsync("segments/s0/1.vtt", file, new ByteRange(0, 300), "text/vtt");
        await AssertPartAsync("segments/s0/2.vtt", file, new ByteRange(300, 200), "text/vtt");
    }

    [Fact]
    public async Task Segment_AskedForInPart_GivesTheRangeOfTheSegment()
    {
        var segment = _edge.Film.Presentation.Renditions[0].Segments[1];
        using var response = await _edge.GetAsync("segments/v720/2.m4s", "Range", "bytes=10-19");
        Assert.Equal(HttpStatusCode.PartialContent, response.StatusCode);
        Assert.Equal($"bytes 10-19/{segment.Size}", response.Content.Headers.ContentRange!.ToString());
        Assert.Equal(_edge.Film.Video.AsSpan((int)segment.Offset + 10, 10).ToArray(), await response.Content.ReadAsByteArrayAsync());
    }

    [Theory]
    [InlineData("segments/master.m3u8", "v720.m3u8", "application/vnd.apple.mpegurl")]
    [InlineData("segments/v720.m3u8", "\nv720/1.m4s\n", "application/vnd.apple.mpegurl")]
    [InlineData("segments/v720.iframes.m3u8", "\n../v720.mp4\n", "application/vnd.apple.mpegurl")]
    [InlineData("v720.iframes.m3u8", "\nv720.mp4\n", "application/vnd.apple.mpegurl")]
    [InlineData("s0.m3u8", "\ns0.segments.vtt\n", "application/vnd.apple.mpegurl")]
    [InlineData("segments/manifest.mpd", "<SegmentTimeline>", "application/dash+xml")]
    [InlineData("thumbnails.vtt", "thumbnails/2.jpg#xywh=640,0,160,90", "text/vtt")]
    public async Task Manifests_OfBothAddressings_AreServed(string file, string content, string type)
    {
        using var response = await _edge.GetAsync(file);
        Assert.Equal(HttpStatusCode.OK, response.StatusCode);
        Assert.Equal(type, EdgeHost.ContentType(response));
        Assert.Contains(content, await response.Content.ReadAsStringAsync(), StringComparison.Ordinal);
    }

    [Fact]
    public async Task SmallFiles_OfTheVersion_AreServedWhole()
    {
        foreach (var (file, type) in new[] { ("s0.vtt", "text/vtt"), ("thumbnails/1.jpg", "image/jpeg"), ("thumbnails/2.jpg", "image/jpeg") })
        {
            using var response = await _edge.GetAsync(file);
            Assert.Equal(type, EdgeHost.ContentType(response));
            Assert.Equal(_edge.Film.Objects[StorageKey.VersionPrefix(Film.Asset, Film.Version) + file], await response.Content.ReadAsByteArrayAsync());
        }

        using var missing = await _edge.GetAsync("thumbnails/3.jpg");
        Assert.Equal(HttpStatusCode.NotFound, missing.StatusCode);
    }

    private async Task AssertPartAsync(string path, byte[] file, ByteRange range, string? type = null)
    {
        using var response = await _edge.GetAsync(path);
        Assert.Equal(HttpStatusCode.OK, response.StatusCode);
        if (type is not null) Assert.Equal(type, EdgeHost.ContentType(response));
        Assert.Equal(range.Size, response.Content.Headers.ContentLength);
        Assert.Equal(file.AsSpan((int)range.Offset, (int)range.Size).ToArray(), await response.Content.ReadAsByteArrayAsync());
    }
}
