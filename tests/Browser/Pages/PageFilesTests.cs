using System.Net;
using System.Net.Http.Headers;
using System.Text.RegularExpressions;
using Movento.Browser.Tests.Running;
using Movento.Harness;

namespace Movento.Browser.Tests.Pages;

/// <summary>What the pages are made of, as HTTP serves it.</summary>
[Collection(StreamingSiteTests.Name)]
public sealed class PageFilesTests(StreamingSite site)
{
    private static readonly string[] Pages = ["/", "/studio", "/account", "/admin", "/confirm", "/reset", "/reference", "/watch/0192f0c0000070008000000000000000"];

    [Fact]
    public async Task Page_AnyOfThem_RunsNothingButItsOwnFiles()
    {
        using var http = Client();
        foreach (var path in Pages)
        {
            using var answer = await http.GetAsync(path);
            var policy = Assert.Single(answer.Headers.GetValues("Content-Security-Policy"));
            Assert.Contains("default-src 'none'", policy, StringComparison.Ordinal);
            Assert.Contains("script-src 'self';", policy, StringComparison.Ordinal);
            Assert.Contains("frame-ancestors 'none'", policy, StringComparison.Ordinal);
            Assert.Contains($"connect-src 'self' {site.Movento.Edge.AbsoluteUri.TrimEnd('/')}", policy, StringComparison.Ordinal);
            Assert.DoesNotContain("unsafe", policy, StringComparison.Ordinal);
            Assert.Equal("nosniff", Assert.Single(answer.Headers.GetValues("X-Content-Type-Options")));
            Assert.Equal("same-origin", Assert.Single(answer.Headers.GetValues("Cross-Origin-Opener-Policy")));
            Assert.True(answer.Headers.CacheControl!.NoCache);
            var html = await answer.Content.ReadAsStringAsync();
            Assert.DoesNotMatch("<script(?![^>]* src=)|<style| style=| on[a-z]+=|\\{\\{", html);
        }
    }

    [Fact]
    public async Task File_LinkedByAPage_IsKeptForEverAndOthersAreAskedAbout()
    {
        using var http = Client();
        foreach (var address in Linked(await http.GetStringAsync("/watch/0192f0c0000070008000000000000000")))
        {
            using var answer = await http.GetAsync(address);
            Assert.Equal(HttpStatusCode.OK, answer.StatusCode);
            Assert.Contains("immutable", answer.Headers.CacheControl!.ToString(), StringComparison.Ordinal);

            using var older = await http.GetAsync(Regex.Replace(address, "/static/[0-9a-f]+/", "/static/0123456789abcdef/"));
            Assert.Equal(HttpStatusCode.OK, older.StatusCode);
            Assert.True(older.Headers.CacheControl!.NoCache);
        }
    }

    [Theory]
    [InlineData("br")]
    [InlineData("gzip")]
    [InlineData("identity")]
    public async Task File_EachEncoding_UnpacksToTheSameBytesAndRevalidates(string encoding)
    {
        using var http = Client(DecompressionMethods.All);
        using var raw = Client();
        var address = Linked(await http.GetStringAsync("/")).First(link => link.EndsWith(".css", StringComparison.Ordinal));

        var request = new HttpRequestMessage(HttpMethod.Get, address) { Headers = { AcceptEncoding = { new StringWithQualityHeaderValue(encoding) } } };
        using var answer = await raw.SendAsync(request);
        Assert.Equal(encoding == "identity" ? [] : [encoding], answer.Content.Headers.ContentEncoding);
        Assert.Equal("text/css", answer.Content.Headers.ContentType!.MediaType);
        Assert.Equal(await File.ReadAllTextAsync(Repository.Combine("src", "Web", "wwwroot", "css", "base.css")), await http.GetStringAsync(address));

        var again = new HttpRequestMessage(HttpMethod.Get, address)
        {
            Headers = { AcceptEncoding = { new StringWithQualityHeaderValue(encoding) }, IfNoneMatch = { answer.Headers.ETag! } },
        };
        using var unchanged = await raw.SendAsync(again);
        Assert.Equal(HttpStatusCode.NotModified, unchanged.StatusCode);
        Assert.Empty(await unchanged.Content.ReadAsByteArrayAsync());
    }

    [Fact]
    public async Task File_Head_HasTheLengthAndNoBody()
    {
        using var http = Client();
        using var whole = await http.GetAsync("/");
        using var head = await http.SendAsync(new HttpRequestMessage(HttpMethod.Head, "/"));

        Assert.Equal((await whole.Content.ReadAsByteArrayAsync()).Length, head.Content.Headers.ContentLength);
        Assert.Equal(whole.Headers.ETag, head.Headers.ETag);
        Assert.Empty(await head.Content.ReadAsByteArrayAsync());
    }

    [Theory]
    [InlineData("GET", "/static/0/pages/watch.html", HttpStatusCode.NotFound)]
    [InlineData("GET", "/static/0/parts/header.html", HttpStatusCode.NotFound)]
    [InlineData("GET", "/static/0/js/nothing.js", HttpStatusCode.NotFound)]
    [InlineData("GET", "/static/0/..%2fpages%2fwatch.html", HttpStatusCode.NotFound)]
    [InlineData("GET", "/watch/short", HttpStatusCode.NotFound)]
    [InlineData("POST", "/", HttpStatusCode.MethodNotAllowed)]
    public async Task File_NotForReading_IsRefused(string method, string path, HttpStatusCode expected)
    {
        using var http = Client();
        using var answer = await http.SendAsync(new HttpRequestMessage(new HttpMethod(method), path));
        Assert.Equal(expected, answer.StatusCode);
    }

    [Theory]
    [InlineData("/nothing/here")]
    [InlineData("/watch/short")]
    [InlineData("/robots.txt")]
    public async Task Path_WithoutAPage_ShowsBrowsersOneThatLeadsOn_AndProgramsTheStatus(string path)
    {
        await using (var visitor = await Visitor.ComeAsync(site, "/"))
        {
            var answer = await visitor.Page.GotoAsync(new Uri(site.Movento.Api, path).AbsoluteUri);
            Assert.Equal(404, answer!.Status);
            Assert.Contains("script-src 'self'", answer.Headers["content-security-policy"], StringComparison.Ordinal);
            await Assertions.Expect(visitor.Page.Locator("h1")).ToHaveTextAsync("Nothing is here");
            await visitor.Page.Locator("#sign-in").WaitForAsync();
            await visitor.Page.GetByRole(AriaRole.Link, new PageGetByRoleOptions { Name = "To the films" }).ClickAsync();
            await visitor.Page.Locator("body[data-page=catalogue]").WaitForAsync();
            Assert.Empty(visitor.Complaints);
        }

        using var http = Client();
        using var bare = await http.GetAsync(path);
        Assert.Equal(HttpStatusCode.NotFound, bare.StatusCode);
        Assert.Empty(await bare.Content.ReadAsByteArrayAsync());
    }

    [Fact]
    public async Task HlsJs_InTheRepository_IsThePublishedFile()
    {
        var ours = await File.ReadAllBytesAsync(Repository.Combine("src", "Web", "wwwroot", "lib", "hls.js-1.7.4", "hls.min.mjs"));
        var published = await File.ReadAllBytesAsync(Repository.Combine("tests", "npm", "node_modules", "hls.js", "dist", "hls.min.mjs"));
        Assert.True(ours.AsSpan().SequenceEqual(published), "The vendored hls.js differs from the npm package of the same version.");
    }

    private HttpClient Client(DecompressionMethods decompression = DecompressionMethods.None) =>
        new(new HttpClientHandler { AutomaticDecompression = decompression }) { BaseAddress = site.Movento.Api };

    private static IEnumerable<string> Linked(string html) =>
        Regex.Matches(html, "(?:href|src)=\"(/static/[^\"]+)\"").Select(match => match.Groups[1].Value).Distinct();
}
