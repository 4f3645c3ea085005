using System.Net;
using Movento.Contracts;
using Movento.Edge.Tests.Host;

namespace Movento.Edge.Tests;

public class HeadTests(SharedEdge shared) : IClassFixture<SharedEdge>
{
    private readonly EdgeHost _edge = shared.Host;

    [Fact]
    public async Task Head_EveryFile_HasTheHeadersOfGetAndNoBody()
    {
        foreach (var file in new[] { "master.m3u8", "manifest.mpd", "v720.m3u8", "v720.mp4", "a0.mp4", "poster.jpg", "nothing.mp4", "nothing" })
        {
            var path = _edge.Path(file);
            using var get = await _edge.SendAsync(HttpMethod.Get, path);
            using var head = await _edge.SendAsync(HttpMethod.Head, path);
            Assert.Equal(get.StatusCode, head.StatusCode);
            Assert.Equal(Headers(get), Headers(head));
            Assert.Empty(await head.Content.ReadAsByteArrayAsync());
        }
    }

    [Fact]
    public async Task Head_Rendition_ReadsNoMedia()
    {
        await using var edge = await EdgeHost.StartAsync();
        using var head = await edge.SendAsync(HttpMethod.Head, edge.Path("v720.mp4"));
        Assert.Equal(edge.Film.Video.Length, head.Content.Headers.ContentLength);
        Assert.Equal(0, edge.Store.ReadsOf(StorageKey.Rendition(Film.Asset, Film.Version, "v720")));
    }

    [Fact]
    public async Task Head_WithARange_IgnoresIt()
    {
        // RFC 9110 §14.2: range handling is defined for GET only.
        using var head = await _edge.SendAsync(HttpMethod.Head, _edge.Path("v720.mp4"), "Range", "bytes=0-1");
        Assert.Equal(HttpStatusCode.OK, head.StatusCode);
        Assert.Equal(_edge.Film.Video.Length, head.Content.Headers.ContentLength);
    }

    [Fact]
    public async Task Head_ThenGetOnTheSameConnection_IsInStep()
    {
        await using var wire = await RawConnection.OpenAsync(_edge.EndPoint);
        await wire.SendAsync(
            $"HEAD {_edge.Path("a0.mp4")} HTTP/1.1\r\nHost: x\r\n\r\nGET {_edge.Path("poster.jpg")} HTTP/1.1\r\nHost: x\r\nConnection: close\r\n\r\n");
        var all = await wire.ReadToEndAsync();
        var head = all.AsSpan().IndexOf("\r\n\r\n"u8) + 4;
        Assert.StartsWith("HTTP/1.1 200", System.Text.Encoding.ASCII.GetString(all), StringComparison.Ordinal);
        Assert.StartsWith("HTTP/1.1 200", System.Text.Encoding.ASCII.GetString(all[head..]), StringComparison.Ordinal);
        Assert.Equal(_edge.Film.Poster, all[^_edge.Film.Poster.Length..]);
    }

    private static string Headers(HttpResponseMessage response) => string.Join('\n', response.Headers.NonValidated
        .Concat(response.Content.Headers.NonValidated)
        // Server-Timing is of the bytes, which HEAD does not look for (RFC 9110 §9.3.2).
        .Where(header => header.Key is not ("Date" or "Server-Timing"))
        .Select(header => $"{header.Key}: {header.Value}")
        .Order(StringComparer.Ordinal));
}
