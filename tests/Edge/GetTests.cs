using System.Net;
using Movento.Edge.Tests.Host;

namespace Movento.Edge.Tests;

public class GetTests(SharedEdge shared) : IClassFixture<SharedEdge>
{
    private readonly EdgeHost _edge = shared.Host;

    [Fact]
    public async Task Get_Rendition_IsTheFileByteForByte()
    {
        foreach (var (file, bytes, type) in new[]
        {
            ("v720.mp4", _edge.Film.Video, "video/mp4"), ("a0.mp4", _edge.Film.Audio, "audio/mp4"), ("poster.jpg", _edge.Film.Poster, "image/jpeg"),
        })
        {
            // Cold, then from memory.
            for (var round = 0; round < 2; round++)
            {
                using var response = await _edge.GetAsync(file);
                Assert.Equal(HttpStatusCode.OK, response.StatusCode);
                Assert.Equal(type, EdgeHost.ContentType(response));
                Assert.Equal(bytes.Length, response.Content.Headers.ContentLength);
                Assert.Equal(bytes, await response.Content.ReadAsByteArrayAsync());
            }
        }
    }

    [Fact]
    public async Task Get_AnyFile_CarriesTheHeadersOfAnImmutableVersion()
    {
        foreach (var file in new[] { "master.m3u8", "manifest.mpd", "v720.m3u8", "v720.mp4", "poster.jpg" })
        {
            using var response = await _edge.GetAsync(file);
            Assert.Equal(HttpStatusCode.OK, response.StatusCode);
            Assert.Equal("public, max-age=31536000, s-maxage=60, immutable", EdgeHost.Header(response, "Cache-Control"));
            Assert.Equal("bytes", EdgeHost.Header(response, "Accept-Ranges"));
            Assert.Matches("^\"[!#-~]+\"$", EdgeHost.Header(response, "ETag"));
            Assert.NotNull(response.Headers.Date);
            Assert.Null(EdgeHost.Header(response, "Server"));
            Assert.Null(EdgeHost.Header(response, "Vary"));
            Assert.Null(EdgeHost.Header(response, "Last-Modified"));
        }
    }

    [Fact]
    public async Task Get_ETag_IsTheSameForEverybodyAndAfterARestart()
    {
        async Task<string[]> TagsAsync()
        {
            await using var edge = await EdgeHost.StartAsync();
            var tags = new List<string>();
            foreach (var file in new[] { "master.m3u8", "manifest.mpd", "v720.m3u8", "a0.m3u8", "v720.mp4", "a0.mp4", "poster.jpg" })
            {
                using var response = await edge.GetAsync(file);
                tags.Add(EdgeHost.Header(response, "ETag")!);
            }

            return [.. tags];
        }

        var first = await TagsAsync();
        Assert.Equal(first.Length, first.Distinct().Count());
        Assert.Equal(first, await TagsAsync());
    }

    [Theory]
    [InlineData("v1080.mp4")]
    [InlineData("v1080.m3u8")]
    [InlineData("receipt.mp4")]
    [InlineData("receipt.json")]
    [InlineData("presentation.json")]
    [InlineData("source")]
    public async Task Get_WhatThePresentationDoesNotList_Is404(string file)
    {
        using var response = await _edge.GetAsync(file);
        Assert.Equal(HttpStatusCode.NotFound, response.StatusCode);
        Assert.Equal("application/problem+json", EdgeHost.ContentType(response));
        Assert.Equal("no-store", EdgeHost.Header(response, "Cache-Control"));
        Assert.Equal(
            """{"type":"about:blank","title":"Not found","status":404,"code":"not_found"}""", await response.Content.ReadAsStringAsync());
    }

    [Fact]
    public async Task Get_WithAQuery_IsTheSame()
    {
        using var response = await _edge.GetAsync("a0.mp4?CMCD=bl%3D2100%2Csid%3D%22x%22&_HLS_msn=1");
        Assert.Equal(_edge.Film.Audio, await response.Content.ReadAsByteArrayAsync());
    }
}
