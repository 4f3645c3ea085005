using System.Net;
using System.Text.RegularExpressions;
using System.Xml.Linq;
using Movento.Contracts;
using Movento.Edge.Tests.Host;

namespace Movento.Edge.Tests;

/// <summary>What a session asks of the manifests in the query of their URLs (docs/formats/urls.md).</summary>
public sealed class ManifestTests : IAsyncLifetime
{
    private EdgeHost _edge = null!;

    public async Task InitializeAsync()
    {
        _edge = await EdgeHost.StartAsync();
        await Ladder.PutAsync(_edge);
    }

    public async Task DisposeAsync() => await _edge.DisposeAsync();

    [Theory]
    [InlineData("", "v360 v720 v1080 h1080 p2160", "en de xx en6")]
    [InlineData("?max-height=720", "v360 v720", "en de xx en6")]
    [InlineData("?codecs=avc1,ec-3&CMCD=sid%3D%22x%22", "v360 v720 v1080", "en6")]
    [InlineData("?codecs=hvc1%2Cmp4a&video-range=sdr", "h1080", "en de xx")]
    [InlineData("?audio=de", "v360 v720 v1080 h1080 p2160", "de")]
    [InlineData("?audio=fr&max-height=1", "v360", "en de xx en6")]
    public async Task Manifest_UnderAQuery_ListsWhatIsLeft(string query, string videos, string sounds)
    {
        foreach (var folder in (string[])["", "segments/"])
        {
            // Cold, then from memory: the same bytes under the same entity tag.
            var (playlist, etag) = await GetAsync($"{folder}master.m3u8{query}");
            Assert.Equal((playlist, etag), await GetAsync($"{folder}master.m3u8{query}"));
            var variants = Regex.Matches(playlist, "^([a-z0-9]+)\\.m3u8$", RegexOptions.Multiline).Select(match => match.Groups[1].Value).Distinct();
            Assert.Equal(videos, string.Join(' ', variants));
            var heard = Regex.Matches(playlist, "TYPE=AUDIO.*URI=\"([a-z0-9]+)\\.m3u8\"").Select(match => match.Groups[1].Value).Distinct();
            Assert.Equal(sounds.Split(' ').Order(), heard.Order());

            // Trick play of the rungs that are left, the still pictures, subtitles, chapters and keys.
            var tricks = Regex.Matches(playlist, "I-FRAME-STREAM-INF.*URI=\"([a-z0-9]+)\\.iframes\\.m3u8\"").Select(match => match.Groups[1].Value);
            Assert.Equal($"{videos} i0", string.Join(' ', tricks));
            Assert.Contains("URI=\"s0.m3u8\"", playlist, StringComparison.Ordinal);
            Assert.Contains("DATA-ID=\"com.apple.hls.chapters\"", playlist, StringComparison.Ordinal);
            Assert.Contains("#EXT-X-SESSION-KEY:", playlist, StringComparison.Ordinal);
            Assert.Equal(2, Regex.Count(playlist, "^#EXT-X-MEDIA:TYPE=AUDIO.*DEFAULT=YES", RegexOptions.Multiline) + (sounds.Contains(' ', StringComparison.Ordinal) && sounds.Contains("en6", StringComparison.Ordinal) ? 0 : 1));
        }

        foreach (var folder in (string[])["", "segments/"])
        {
            var mpd = XDocument.Parse((await GetAsync($"{folder}manifest.mpd{query}")).Text);
            var listed = mpd.Descendants().Where(element => element.Name.LocalName == "Representation").Select(element => element.Attribute("id")!.Value);
            Assert.Equal($"{videos} {sounds} s0 thumbnails".Split(' ').Order(), listed.Order());
        }
    }

    [Fact]
    public async Task Manifest_UnderATokensHeight_ListsNothingThatItRefuses()
    {
        foreach (var (height, query, videos) in new[] { (720, "", "v360 v720"), (720, "?max-height=1080", "v360 v720"), (1080, "?max-height=360", "v360") })
        {
            var token = _edge.Sign(_edge.Claims() with { MaxHeight = (ushort)height });
            // Cold, then from memory.
            for (var round = 0; round < 2; round++)
            {
                using var response = await _edge.SendAsync(HttpMethod.Get, $"/{token}/assets/{Film.Asset}/v{Ladder.Version}/master.m3u8{query}");
                var variants = Regex.Matches(await response.Content.ReadAsStringAsync(), "^([a-z0-9]+)\\.m3u8$", RegexOptions.Multiline)
                    .Select(match => match.Groups[1].Value).Distinct();
                Assert.Equal(videos, string.Join(' ', variants));
            }
        }

        var low = _edge.Sign(_edge.Claims() with { MaxHeight = 240 });
        using var refused = await _edge.SendAsync(HttpMethod.Get, $"/{low}/assets/{Film.Asset}/v{Ladder.Version}/manifest.mpd");
        Assert.Equal(HttpStatusCode.Forbidden, refused.StatusCode);
    }

    [Fact]
    public async Task Manifest_OfAPart_SaysOfARungWhatThatOfTheWholeSays()
    {
        var whole = (await GetAsync("master.m3u8")).Text.Split('\n');
        var part = (await GetAsync("master.m3u8?max-height=720&codecs=mp4a")).Text.Split('\n');
        Assert.All(part.Where(line => line.StartsWith("#EXT-X-STREAM-INF", StringComparison.Ordinal)), line => Assert.Contains(line, whole));
        Assert.All(part.Where(line => line.StartsWith("#EXT-X-I-FRAME", StringComparison.Ordinal)), line => Assert.Contains(line, whole));
    }

    [Fact]
    public async Task Everything_ThatAListingNames_IsThere()
    {
        foreach (var listing in (string[])["master.m3u8?max-height=720&audio=de", "segments/master.m3u8?max-height=720&audio=de"])
        {
            var (playlist, _) = await GetAsync(listing);
            var names = Regex.Matches(playlist, "URI=\"([^\"]+)\"|^([^#\\n].*)$", RegexOptions.Multiline).Select(match => match.Groups[1].Value + match.Groups[2].Value);
            foreach (var name in names.Where(name => name.Length > 0 && !name.StartsWith("data:", StringComparison.Ordinal)).Distinct())
            {
                var folder = listing[..(listing.IndexOf("master", StringComparison.Ordinal))];
                var path = new Uri(new Uri($"http://{_edge.EndPoint}{Ladder.Path(_edge, folder)}"), name).AbsolutePath;
                using var response = await _edge.SendAsync(HttpMethod.Get, path);
                Assert.True(response.StatusCode == HttpStatusCode.OK, $"{path}: {response.StatusCode}");
            }
        }

        var (thumbnails, _) = await GetAsync("thumbnails.vtt");
        Assert.Contains("thumbnails/1.jpg#xywh=", thumbnails, StringComparison.Ordinal);
        Assert.Contains("\"One\"", (await GetAsync("chapters.json")).Text, StringComparison.Ordinal);
        Assert.Contains("#EXT-X-DATERANGE:", (await GetAsync("v720.m3u8")).Text, StringComparison.Ordinal);
    }

    [Fact]
    public async Task Manifest_WithAStart_BeginsWithThatRung()
    {
        var (playlist, _) = await GetAsync("master.m3u8?start=1080&codecs=mp4a");
        var variants = Regex.Matches(playlist, "^([a-z0-9]+)\\.m3u8$", RegexOptions.Multiline).Select(match => match.Groups[1].Value);
        Assert.Equal("v1080 h1080 v360 v720 p2160", string.Join(' ', variants));
        var mpd = XDocument.Parse((await GetAsync("manifest.mpd?start=1080")).Text);
        var preferred = mpd.Descendants().Where(element => element.Attribute("selectionPriority")?.Value == "2").Select(element => element.Attribute("id")!.Value);
        Assert.Equal(["v1080", "h1080"], preferred);
    }

    [Fact]
    public async Task Queries_ThatComeToTheSame_ShareOneManifest()
    {
        var (_, whole) = await GetAsync("master.m3u8");
        foreach (var query in (string[])["max-height=2160", "max-height=9999", "audio=fr", "start=1", "codecs=avc1,hvc1,mp4a,ec-3"])
            Assert.Equal(whole, (await GetAsync($"master.m3u8?{query}")).ETag);
        var (_, part) = await GetAsync("master.m3u8?max-height=720");
        Assert.NotEqual(whole, part);
        foreach (var query in (string[])["max-height=1000", "x=y&max-height=721&codecs=avc1", "max-height=720&start=10"])
            Assert.Equal(part, (await GetAsync($"master.m3u8?{query}")).ETag);
        Assert.Equal(1, _edge.Store.ReadsOf(StorageKey.Presentation(Film.Asset, Ladder.Version)));
    }

    [Theory]
    [InlineData("master.m3u8?max-height=720p", 400, "manifest_query_malformed")]
    [InlineData("manifest.mpd?codecs=h264", 400, "manifest_query_malformed")]
    [InlineData("segments/master.m3u8?audio=en&audio=de", 400, "manifest_query_malformed")]
    [InlineData("master.m3u8?codecs=av01", 404, "nothing_selected")]
    [InlineData("segments/manifest.mpd?codecs=Opus", 404, "nothing_selected")]
    public async Task Query_ThatCannotBe_IsANamedError(string file, int status, string code)
    {
        for (var round = 0; round < 2; round++)
        {
            using var response = await _edge.SendAsync(HttpMethod.Get, Ladder.Path(_edge, file));
            Assert.Equal(status, (int)response.StatusCode);
            Assert.Equal("no-store", EdgeHost.Header(response, "Cache-Control"));
            Assert.Contains($"\"code\":\"{code}\"", await response.Content.ReadAsStringAsync(), StringComparison.Ordinal);
        }
    }

    [Theory]
    [InlineData("v720.m3u8?max-height=x")]
    [InlineData("s0.m3u8?codecs=")]
    [InlineData("chapters.json?audio=?")]
    public async Task Query_OfAnotherFile_IsPassedOver(string file) => await GetAsync(file);

    [Fact]
    public async Task Query_WithoutAGoodToken_IsForbiddenBeforeItIsRead()
    {
        using var response = await _edge.SendAsync(HttpMethod.Get, $"/x/assets/{Film.Asset}/v{Ladder.Version}/master.m3u8?max-height=x");
        Assert.Equal(HttpStatusCode.Forbidden, response.StatusCode);
    }

    [Theory]
    [InlineData("master.m3u8?addressing=segments", "segments/master.m3u8")]
    [InlineData("manifest.mpd?max-height=720&addressing=segments&CMCD=x", "segments/manifest.mpd?max-height=720&CMCD=x")]
    [InlineData("segments/master.m3u8?addressing=ranges&start=720", "../master.m3u8?start=720")]
    public async Task Addressing_OfTheOtherKind_IsAnotherPlace(string file, string place)
    {
        using var client = new HttpClient(new HttpClientHandler { AllowAutoRedirect = false });
        using var moved = await client.GetAsync(new Uri($"http://{_edge.EndPoint}{Ladder.Path(_edge, file)}"));
        Assert.Equal(HttpStatusCode.TemporaryRedirect, moved.StatusCode);
        Assert.Equal(place, moved.Headers.Location!.OriginalString);
        Assert.Contains("#EXT", (await GetAsync("master.m3u8?addressing=segments")).Text, StringComparison.Ordinal);
        await GetAsync("segments/master.m3u8?addressing=segments");
    }

    [Fact]
    public async Task Manifest_ThatWasRendered_OutlivesTheOrigin()
    {
        var (text, _) = await GetAsync("master.m3u8?max-height=720");
        _edge.Store.Before = (_, _, _) => throw new IOException("gone");
        Assert.Equal(text, (await GetAsync("master.m3u8?max-height=720")).Text);
        // Another part needs no origin either: the version is in memory.
        await GetAsync("manifest.mpd?audio=de");
    }

    private async Task<(string Text, string ETag)> GetAsync(string file)
    {
        using var response = await _edge.SendAsync(HttpMethod.Get, Ladder.Path(_edge, file));
        Assert.True(response.StatusCode == HttpStatusCode.OK, $"{file}: {response.StatusCode}");
        return (await response.Content.ReadAsStringAsync(), EdgeHost.Header(response, "ETag")!);
    }
}
