using System.Net;
using Movento.Edge.Tests.Host;

namespace Movento.Edge.Tests;

/// <summary>
/// What npm's http-cache-tests asks of a cache, as far as it can be asked of one that has its own object store behind it instead of an HTTP origin: its tests
/// <c>partial-store-*-reuse-partial*</c>, <c>partial-use-headers</c>, <c>conditional-etag-*-respond*</c>, <c>conditional-304-etag</c> and
/// <c>conditional-etag-precedence</c>. "Cached" is what was answered without asking the store again. Those in which the origin chooses the fields of its
/// answer (weak or malformed tags, Vary, Expires, partial answers) have nothing to be asked of here.
/// </summary>
public class CachedAnswersTests(SharedEdge shared) : IClassFixture<SharedEdge>
{
    private readonly EdgeHost _edge = shared.Host;

    [Theory]
    [InlineData(null, "bytes=0-1", 0, 2)]
    [InlineData(null, "bytes=1-", 1, -1)]
    [InlineData(null, "bytes=-1", -1, 1)]
    [InlineData("bytes=-5", "bytes=-5", -5, 5)]
    [InlineData("bytes=-5", "bytes=-1", -1, 1)]
    [InlineData("bytes=4-9", "bytes=6-8", 6, 3)]
    public async Task Part_OfWhatIsInMemory_IsServedFromThere(string? stored, string asked, int offset, int size)
    {
        var poster = _edge.Film.Poster;
        if (offset < 0) offset += poster.Length;
        if (size < 0) size = poster.Length - offset;
        using var first = await _edge.GetAsync("poster.jpg", stored is null ? [] : ["Range", stored]);
        var reads = _edge.Store.Reads.Count;
        using var second = await _edge.GetAsync("poster.jpg", "Range", asked);
        Assert.Equal(HttpStatusCode.PartialContent, second.StatusCode);
        Assert.Equal(poster[offset..(offset + size)], await second.Content.ReadAsByteArrayAsync());
        Assert.Equal($"bytes {offset}-{offset + size - 1}/{poster.Length}", EdgeHost.Header(second, "Content-Range"));
        foreach (var field in new[] { "ETag", "Cache-Control", "Content-Type" }) Assert.Equal(EdgeHost.Header(first, field), EdgeHost.Header(second, field));
        Assert.Equal(reads, _edge.Store.Reads.Count);
    }

    [Theory]
    [InlineData("{0}")]
    [InlineData("W/{0}")]
    [InlineData("{0}, \"1234\", \"5678\"")]
    [InlineData("\"1234\", {0}, \"5678\"")]
    [InlineData("\"1234\", \"5678\", {0}")]
    public async Task Tag_OfWhatIsInMemory_Is304WithTheTag(string list)
    {
        using var first = await _edge.GetAsync("poster.jpg");
        var etag = EdgeHost.Header(first, "ETag")!;
        var reads = _edge.Store.Reads.Count;
        // It goes before a date that says the opposite.
        using var second = await _edge.GetAsync(
            "poster.jpg", "If-None-Match", string.Format(null, list, etag), "If-Modified-Since", "Sat, 01 Jan 2000 00:00:00 GMT");
        Assert.Equal(HttpStatusCode.NotModified, second.StatusCode);
        Assert.Equal(etag, EdgeHost.Header(second, "ETag"));
        Assert.Equal(reads, _edge.Store.Reads.Count);
    }

    // Whether it is read as the tag is open; that nothing breaks is not.
    [Fact]
    public async Task Tag_WithoutItsQuotes_IsAnotherOne()
    {
        using var first = await _edge.GetAsync("poster.jpg");
        using var second = await _edge.GetAsync("poster.jpg", "If-None-Match", EdgeHost.Header(first, "ETag")!.Trim('"'));
        Assert.Equal(HttpStatusCode.OK, second.StatusCode);
    }
}
