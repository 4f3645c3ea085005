using System.Net;
using Movento.Edge.Tests.Host;

namespace Movento.Edge.Tests;

public class OptionsTests(SharedEdge shared) : IClassFixture<SharedEdge>
{
    private readonly EdgeHost _edge = shared.Host;

    [Fact]
    public async Task Options_APreflight_AllowsRangesAndConditions()
    {
        using var response = await _edge.SendAsync(
            HttpMethod.Options, _edge.Path("v720.mp4"),
            "Origin", "https://watch.example", "Access-Control-Request-Method", "GET", "Access-Control-Request-Headers", "range,if-range");
        Assert.Equal(HttpStatusCode.NoContent, response.StatusCode);
        Assert.Equal("*", EdgeHost.Header(response, "Access-Control-Allow-Origin"));
        Assert.Equal("GET, HEAD, OPTIONS", EdgeHost.Header(response, "Access-Control-Allow-Methods"));
        foreach (var header in new[] { "Range", "If-Range", "If-Match", "If-None-Match", "CMCD-Request", "CMCD-Object", "CMCD-Status", "CMCD-Session" })
            Assert.Contains(header, EdgeHost.Header(response, "Access-Control-Allow-Headers")!, StringComparison.Ordinal);
        Assert.Equal("86400", EdgeHost.Header(response, "Access-Control-Max-Age"));
        Assert.Empty(await response.Content.ReadAsByteArrayAsync());
    }

    [Theory]
    [InlineData("POST")]
    [InlineData("PUT")]
    [InlineData("DELETE")]
    [InlineData("PATCH")]
    [InlineData("TRACE")]
    [InlineData("get")]
    public async Task AnotherMethod_OnAUrlOfOurs_Is405WithAllow(string method)
    {
        using var response = await _edge.SendAsync(new HttpMethod(method), _edge.Path("v720.mp4"));
        // HttpClient writes the methods it knows in capitals.
        if (method == "get" && response.StatusCode == HttpStatusCode.OK) return;
        Assert.Equal(HttpStatusCode.MethodNotAllowed, response.StatusCode);
        Assert.Equal("GET, HEAD, OPTIONS", EdgeHost.Header(response, "Allow"));
        Assert.Equal("*", EdgeHost.Header(response, "Access-Control-Allow-Origin"));
    }

    [Fact]
    public async Task AnyAnswer_ForPagesOfAnyOrigin_CarriesTheCrossOriginHeaders()
    {
        foreach (var path in new[] { _edge.Path("v720.mp4"), _edge.Path("nothing.mp4"), "/nothing", _edge.Path("v720.mp4").Replace('A', 'B') })
        {
            using var response = await _edge.SendAsync(HttpMethod.Get, path, "Origin", "https://watch.example");
            Assert.Equal("*", EdgeHost.Header(response, "Access-Control-Allow-Origin"));
            Assert.Equal("*", EdgeHost.Header(response, "Timing-Allow-Origin"));
            Assert.Equal(
                "Content-Range, Content-Length, ETag, Date, Accept-Ranges, Server-Timing, CMSD-Static, CMSD-Dynamic",
                EdgeHost.Header(response, "Access-Control-Expose-Headers"));
        }
    }

    [Theory]
    [InlineData("https://watch.example", true)]
    [InlineData("https://watch.example:8443", false)]
    [InlineData("http://watch.example", false)]
    [InlineData("https://evil.example", false)]
    [InlineData("null", false)]
    public async Task AnyAnswer_WithAListOfOrigins_NamesOnlyThose(string origin, bool allowed)
    {
        await using var edge = await EdgeHost.StartAsync(options => options.AllowedOrigins.Add("https://watch.example"));
        using var response = await edge.GetAsync("a0.mp4", "Origin", origin);
        Assert.Equal(HttpStatusCode.OK, response.StatusCode);
        Assert.Equal(allowed ? origin : null, EdgeHost.Header(response, "Access-Control-Allow-Origin"));
        Assert.Equal("Origin", EdgeHost.Header(response, "Vary"));
    }
}
