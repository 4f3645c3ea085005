using System.Net;
using Movento.Edge.Tests.Host;

namespace Movento.Edge.Tests;

/// <summary>If-Match, If-None-Match, If-Range and the dates (RFC 9110 §13).</summary>
public class ConditionTests(SharedEdge shared) : IClassFixture<SharedEdge>
{
    private readonly EdgeHost _edge = shared.Host;

    private const string LongAgo = "Sat, 01 Jan 2000 00:00:00 GMT";
    private const string FarAhead = "Sat, 01 Jan 2095 00:00:00 GMT";

    [Theory]
    [InlineData("v720.mp4")]
    [InlineData("master.m3u8")]
    [InlineData("manifest.mpd")]
    [InlineData("a0.m3u8")]
    [InlineData("poster.jpg")]
    public async Task IfNoneMatch_TheTag_Is304WithItsHeadersAndNoBody(string file)
    {
        using var get = await _edge.GetAsync(file);
        var etag = EdgeHost.Header(get, "ETag")!;
        foreach (var list in new[] { etag, $"W/{etag}", $"\"other\", {etag}", "*" })
        {
            foreach (var method in new[] { HttpMethod.Get, HttpMethod.Head })
            {
                using var response = await _edge.SendAsync(method, _edge.Path(file), "If-None-Match", list, "Range", "bytes=0-1");
                Assert.Equal(HttpStatusCode.NotModified, response.StatusCode);
                Assert.Equal(etag, EdgeHost.Header(response, "ETag"));
                Assert.Equal(EdgeHost.Header(get, "Cache-Control"), EdgeHost.Header(response, "Cache-Control"));
                Assert.Equal("*", EdgeHost.Header(response, "Access-Control-Allow-Origin"));
                Assert.Null(EdgeHost.Header(response, "Content-Type"));
                Assert.Empty(await response.Content.ReadAsByteArrayAsync());
            }
        }
    }

    [Theory]
    [InlineData("\"other\"")]
    [InlineData("W/\"other\", \"another\"")]
    [InlineData("not-quoted")]
    public async Task IfNoneMatch_AnotherTag_IsTheWhole(string list)
    {
        using var response = await _edge.GetAsync("a0.mp4", "If-None-Match", list);
        Assert.Equal(HttpStatusCode.OK, response.StatusCode);
        Assert.Equal(_edge.Film.Audio, await response.Content.ReadAsByteArrayAsync());
    }

    [Fact]
    public async Task IfMatch_ATag_GoesOnOnlyWithTheStrongOne()
    {
        using var get = await _edge.GetAsync("a0.mp4");
        var etag = EdgeHost.Header(get, "ETag")!;
        foreach (var (list, status) in new[]
        {
            (etag, HttpStatusCode.OK), ("*", HttpStatusCode.OK), ($"\"x\",{etag}", HttpStatusCode.OK),
            ($"W/{etag}", HttpStatusCode.PreconditionFailed), ("\"x\"", HttpStatusCode.PreconditionFailed),
        })
        {
            using var response = await _edge.GetAsync("a0.mp4", "If-Match", list);
            Assert.Equal(status, response.StatusCode);
        }
    }

    [Fact]
    public async Task IfMatchFails_BeforeIfNoneMatchIsLookedAt()
    {
        using var response = await _edge.GetAsync("a0.mp4", "If-Match", "\"x\"", "If-None-Match", "*");
        Assert.Equal(HttpStatusCode.PreconditionFailed, response.StatusCode);
    }

    [Theory]
    [InlineData("If-Modified-Since", FarAhead)]
    [InlineData("If-Unmodified-Since", LongAgo)]
    public async Task Dates_OnAVersionThatHasNone_AreIgnored(string header, string date)
    {
        using var response = await _edge.GetAsync("a0.mp4", header, date);
        Assert.Equal(HttpStatusCode.OK, response.StatusCode);
    }

    [Fact]
    public async Task IfRange_OnlyTheStrongTag_LetsTheRangeCount()
    {
        using var get = await _edge.GetAsync("a0.mp4");
        var etag = EdgeHost.Header(get, "ETag")!;
        foreach (var (condition, status) in new[]
        {
            (etag, HttpStatusCode.PartialContent), ($"W/{etag}", HttpStatusCode.OK), ("\"x\"", HttpStatusCode.OK),
            (LongAgo, HttpStatusCode.OK), (FarAhead, HttpStatusCode.OK), ("junk", HttpStatusCode.OK),
        })
        {
            using var response = await _edge.GetAsync("a0.mp4", "If-Range", condition, "Range", "bytes=1-2");
            Assert.Equal(status, response.StatusCode);
            Assert.Equal(status == HttpStatusCode.OK ? _edge.Film.Audio.Length : 2, response.Content.Headers.ContentLength);

            // A range that could not be served is not looked at either.
            using var beyond = await _edge.GetAsync("a0.mp4", "If-Range", condition, "Range", "bytes=999999999-");
            Assert.Equal(status == HttpStatusCode.OK ? HttpStatusCode.OK : HttpStatusCode.RequestedRangeNotSatisfiable, beyond.StatusCode);
        }
    }

    [Fact]
    public async Task IfRange_WithoutARange_MeansNothing()
    {
        using var response = await _edge.GetAsync("a0.mp4", "If-Range", "\"x\"");
        Assert.Equal(HttpStatusCode.OK, response.StatusCode);
    }
}
