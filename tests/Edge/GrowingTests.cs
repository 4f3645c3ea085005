using System.Buffers;
using System.Net;
using Movento.Contracts;
using Movento.Edge.Tests.Host;
using Movento.Packager.Presentations;

namespace Movento.Edge.Tests;

/// <summary>A version that is still made, and what becomes of its URLs when it is whole (docs/formats/urls.md).</summary>
public sealed class GrowingTests : IAsyncLifetime
{
    private EdgeHost _edge = null!;
    private GrowingFilm _growing = null!;
    private Rendition _whole = null!;

    public async Task InitializeAsync()
    {
        _edge = await EdgeHost.StartAsync();
        _growing = new GrowingFilm(_edge);
        _whole = _edge.Film.Presentation.Renditions[1];
        await _edge.Store.DeleteAsync(StorageKey.Presentation(Film.Asset, Film.Version), default);
    }

    public async Task DisposeAsync() => await _edge.DisposeAsync();

    [Fact]
    public async Task Manifests_AtTheTop_RedirectToThoseThatStay()
    {
        await GrowAsync(1);
        foreach (var name in (string[])["master.m3u8", "manifest.mpd"])
        {
            using var request = new HttpClient(new HttpClientHandler { AllowAutoRedirect = false });
            using var moved = await request.GetAsync(new Uri($"http://{_edge.EndPoint}{_edge.Path(name)}"));
            Assert.Equal(HttpStatusCode.TemporaryRedirect, moved.StatusCode);
            Assert.Equal($"segments/{name}", moved.Headers.Location!.OriginalString);
        }

        using var missing = await _edge.GetAsync("a0.m3u8");
        Assert.Equal(HttpStatusCode.NotFound, missing.StatusCode);
    }

    [Fact]
    public async Task Playlist_Grows_AndKeepsEveryLineThatItHad()
    {
        await GrowAsync(2);
        var before = await TextAsync("segments/a0.m3u8");
        Assert.Contains("#EXT-X-PLAYLIST-TYPE:EVENT\n#EXT-X-START:TIME-OFFSET=0", before, StringComparison.Ordinal);
        Assert.DoesNotContain("ENDLIST", before, StringComparison.Ordinal);
        Assert.DoesNotContain("a0/3.m4s", before, StringComparison.Ordinal);
        Assert.Contains("type=\"dynamic\"", await TextAsync("segments/manifest.mpd"), StringComparison.Ordinal);

        await GrowAsync(5);
        _edge.Clock.Advance(TimeSpan.FromSeconds(2));
        var after = await TextAsync("segments/a0.m3u8");
        Assert.StartsWith(before, after, StringComparison.Ordinal);
        Assert.Contains("a0/5.m4s", after, StringComparison.Ordinal);

        await CompleteAsync();
        _edge.Clock.Advance(TimeSpan.FromSeconds(2));
        var whole = await TextAsync("segments/a0.m3u8");
        Assert.EndsWith("#EXT-X-ENDLIST\n", whole, StringComparison.Ordinal);
        // The same segments with the same durations, in the same order, the same header before them.
        Assert.StartsWith(Media(after), Media(whole), StringComparison.Ordinal);
        Assert.Contains("type=\"static\"", await TextAsync("segments/manifest.mpd"), StringComparison.Ordinal);
    }

    [Fact]
    public async Task Segments_HaveTheirBytesBeforeAndAfterTheSwitch()
    {
        await GrowAsync(2);
        var before = await BytesAsync("segments/a0/2.m4s");
        await CompleteAsync();
        await _edge.Store.DeleteAsync(StorageKey.GrowingSegment(Film.Asset, Film.Version, "a0", 2), default);
        _edge.Clock.Advance(TimeSpan.FromSeconds(2));
        Assert.Equal(before, await BytesAsync("segments/a0/2.m4s"));
    }

    [Fact]
    public async Task Caching_ManifestsForASecond_SegmentsForGood()
    {
        await GrowAsync(2);
        using var playlist = await _edge.GetAsync("segments/a0.m3u8");
        Assert.Equal("public, must-revalidate, max-age=1", playlist.Headers.CacheControl!.ToString());
        using var segment = await _edge.GetAsync("segments/a0/1.m4s", "Range", "bytes=10-19");
        Assert.Equal(HttpStatusCode.PartialContent, segment.StatusCode);
        Assert.Contains("immutable", EdgeHost.Header(segment, "Cache-Control"), StringComparison.Ordinal);
        using var same = await _edge.GetAsync("segments/a0.m3u8", "If-None-Match", playlist.Headers.ETag!.ToString());
        Assert.Equal(HttpStatusCode.NotModified, same.StatusCode);
        // Looked at once, however many ask within the second.
        Assert.Equal(1, _edge.Store.ReadsOf(StorageKey.Growing(Film.Asset, Film.Version)));
    }

    [Fact]
    public async Task Version_ThatIsGivenUp_IsGoneWithinSeconds()
    {
        await GrowAsync(2);
        await TextAsync("segments/a0.m3u8");
        await _edge.Store.DeleteAsync(StorageKey.Growing(Film.Asset, Film.Version), default);
        _edge.Clock.Advance(TimeSpan.FromSeconds(2));
        using var gone = await _edge.GetAsync("segments/a0.m3u8");
        Assert.Equal(HttpStatusCode.NotFound, gone.StatusCode);
    }

    private static string Media(string playlist) => playlist[playlist.IndexOf("#EXT-X-MAP", StringComparison.Ordinal)..];

    private Task GrowAsync(int segments) => _growing.GrowAsync(segments);

    private async Task CompleteAsync()
    {
        var json = new ArrayBufferWriter<byte>();
        PresentationJson.Write(json, _edge.Film.Presentation with { Renditions = [_whole with { Encryption = null }] });
        await _growing.PutAsync(StorageKey.Presentation(Film.Asset, Film.Version), json.WrittenSpan.ToArray());
    }

    private async Task<string> TextAsync(string file)
    {
        using var response = await _edge.GetAsync(file);
        Assert.Equal(HttpStatusCode.OK, response.StatusCode);
        return await response.Content.ReadAsStringAsync();
    }

    private async Task<byte[]> BytesAsync(string file)
    {
        using var response = await _edge.GetAsync(file);
        Assert.Equal(HttpStatusCode.OK, response.StatusCode);
        return await response.Content.ReadAsByteArrayAsync();
    }
}
