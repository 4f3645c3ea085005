using System.Net;
using System.Text.Json;
using System.Text.RegularExpressions;
using System.Xml.Linq;
using Microsoft.Extensions.DependencyInjection;
using Movento.Contracts;
using Movento.Edge.Operation;
using Movento.Edge.Steering;
using Movento.Edge.Tests.Host;

namespace Movento.Edge.Tests;

/// <summary>Content steering (docs/formats/edge.md): what manifests name, and what the steering manifest says.</summary>
public sealed class SteeringTests
{
    [Fact]
    public async Task Unasked_NothingIsSteered()
    {
        await using var edge = await EdgeHost.StartAsync();
        await Ladder.PutAsync(edge);
        using var steering = await edge.SendAsync(HttpMethod.Get, Ladder.Path(edge, "steering.json"));
        Assert.Equal(HttpStatusCode.NotFound, steering.StatusCode);
        Assert.DoesNotContain("PATHWAY", await TextAsync(edge, "master.m3u8"), StringComparison.Ordinal);
        Assert.DoesNotContain("Steering", await TextAsync(edge, "manifest.mpd"), StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("")]
    [InlineData("segments/")]
    public async Task Playlist_NamesEveryVariantOnEveryPathway(string folder)
    {
        await using var edge = await SteeredAsync();
        foreach (var query in (string[])["", "?max-height=720"])
        {
            var token = edge.Token();
            var playlist = await TextAsync(edge, $"{folder}master.m3u8{query}", token);
            Assert.Contains(
                $"#EXT-X-CONTENT-STEERING:SERVER-URI=\"https://b.example/{token}/assets/{Film.Asset}/v7/steering.json\",PATHWAY-ID=\"b\"\n",
                playlist, StringComparison.Ordinal);
            foreach (var (id, url) in new[] { ("a", "https://a.example/media"), ("b", "https://b.example"), ("c", "https://c.example") })
            {
                var place = $"{url}/{token}/assets/{Film.Asset}/v7/{folder}";
                Assert.Matches($"#EXT-X-STREAM-INF:.*AUDIO=\"mp4a.40.2-2@{id}\",SUBTITLES=\"subtitles@{id}\",STABLE-VARIANT-ID=\"v720\\+mp4a.40.2-2\",PATHWAY-ID=\"{id}\"\n{Regex.Escape(place)}v720.m3u8\n", playlist);
                Assert.Contains($"GROUP-ID=\"mp4a.40.2-2@{id}\",LANGUAGE=\"de-AT\"", playlist, StringComparison.Ordinal);
                Assert.Contains($",PATHWAY-ID=\"{id}\",URI=\"{place}de.m3u8\"", playlist, StringComparison.Ordinal);
                Assert.Contains($",PATHWAY-ID=\"{id}\",URI=\"{place}s0.m3u8\"", playlist, StringComparison.Ordinal);
                Assert.Contains($"STABLE-VARIANT-ID=\"v360+iframes\",PATHWAY-ID=\"{id}\",URI=\"{place}v360.iframes.m3u8\"", playlist, StringComparison.Ordinal);
            }

            // The edge's own way first: players begin there.
            Assert.StartsWith("https://b.example/", playlist.Split('\n').First(line => !line.StartsWith('#')), StringComparison.Ordinal);
            Assert.DoesNotContain("~token~", playlist, StringComparison.Ordinal);
        }
    }

    [Fact]
    public async Task Mpd_NamesEveryServiceLocation()
    {
        await using var edge = await SteeredAsync();
        var token = edge.Token();
        var mpd = XDocument.Parse(await TextAsync(edge, "segments/manifest.mpd", token)).Root!;
        var bases = mpd.Elements().Where(element => element.Name.LocalName == "BaseURL")
            .Select(element => (element.Attribute("serviceLocation")!.Value, element.Value));
        var rest = $"/{token}/assets/{Film.Asset}/v7/";
        Assert.Equal([("b", $"https://b.example{rest}segments/"), ("a", $"https://a.example/media{rest}segments/"), ("c", $"https://c.example{rest}segments/")], bases);
        var steering = mpd.Elements().Single(element => element.Name.LocalName == "ContentSteering");
        Assert.Equal(("b", "true", $"https://b.example{rest}steering.json"), (
            steering.Attribute("defaultServiceLocation")!.Value, steering.Attribute("queryBeforeStart")!.Value, steering.Value));
    }

    [Theory]
    [InlineData("manifest.mpd", "segments/manifest.mpd")]
    [InlineData("manifest.mpd?max-height=720&addressing=ranges", "segments/manifest.mpd?max-height=720")]
    public async Task Mpd_OverByteRanges_WhichNoPlayerLeaves_IsTheOneOverSegments(string file, string place)
    {
        await using var edge = await SteeredAsync();
        using var handler = new HttpClientHandler { AllowAutoRedirect = false };
        using var client = new HttpClient(handler) { BaseAddress = edge.Client.BaseAddress };
        using var moved = await client.GetAsync(Ladder.Path(edge, file));
        Assert.Equal(HttpStatusCode.TemporaryRedirect, moved.StatusCode);
        Assert.Equal(place, moved.Headers.Location!.OriginalString);
        Assert.Contains("<ContentSteering", await TextAsync(edge, place), StringComparison.Ordinal);
    }

    [Fact]
    public async Task SteeringManifest_PutsItsEdgeFirst_AndLastOnceItDrains()
    {
        await using var edge = await SteeredAsync();
        var token = edge.Token();
        using (var usual = await SteeringAsync(edge, token))
        {
            Assert.Equal(1, usual.RootElement.GetProperty("VERSION").GetInt32());
            Assert.Equal(7, usual.RootElement.GetProperty("TTL").GetInt32());
            Assert.Equal("b a c", Priority(usual));
            Assert.Equal($"https://b.example/{token}/assets/{Film.Asset}/v7/steering.json", usual.RootElement.GetProperty("RELOAD-URI").GetString());
            // a has a path of its own, which no clone can have.
            var clone = Assert.Single(usual.RootElement.GetProperty("PATHWAY-CLONES").EnumerateArray());
            Assert.Equal("""{"BASE-ID":"b","ID":"c","URI-REPLACEMENT":{"HOST":"c.example"}}""", clone.GetRawText());
        }

        edge.Services.GetRequiredService<DrainState>().Begin();
        using var draining = await SteeringAsync(edge, token);
        Assert.Equal("a c b", Priority(draining));
        Assert.Equal(
            $"https://a.example/media/{token}/assets/{Film.Asset}/v7/steering.json", draining.RootElement.GetProperty("RELOAD-URI").GetString());
    }

    [Fact]
    public async Task SteeringManifest_NeedsATokenAndIsNeverKept()
    {
        await using var edge = await SteeredAsync();
        using var answer = await edge.SendAsync(HttpMethod.Get, Ladder.Path(edge, "steering.json?_HLS_pathway=b&_HLS_throughput=1"), "Origin", "https://watch.example");
        Assert.Equal("no-store", EdgeHost.Header(answer, "Cache-Control"));
        Assert.Equal("application/json", EdgeHost.ContentType(answer));
        Assert.Equal("*", EdgeHost.Header(answer, "Access-Control-Allow-Origin"));
        using var head = await edge.SendAsync(HttpMethod.Head, Ladder.Path(edge, "steering.json"));
        Assert.Equal(answer.Content.Headers.ContentLength, head.Content.Headers.ContentLength);
        using var post = await edge.SendAsync(HttpMethod.Post, Ladder.Path(edge, "steering.json"));
        Assert.Equal(HttpStatusCode.MethodNotAllowed, post.StatusCode);
        foreach (var token in new[] { "", "/x", $"/{edge.Token(PlaybackScope.Pictures)}" })
        {
            using var refused = await edge.SendAsync(HttpMethod.Get, $"{token}/assets/{Film.Asset}/v7/steering.json");
            Assert.Equal(HttpStatusCode.Forbidden, refused.StatusCode);
        }
    }

    [Fact]
    public async Task Manifest_OfTwoSessions_HasTheTokenOfEach()
    {
        await using var edge = await SteeredAsync();
        var (one, other) = (edge.Token(), edge.Token(lifetime: TimeSpan.FromHours(2)));
        Assert.NotEqual(one, other);
        foreach (var token in new[] { one, other, one })
        {
            using var response = await edge.SendAsync(HttpMethod.Get, $"/{token}/assets/{Film.Asset}/v7/master.m3u8");
            var text = await response.Content.ReadAsStringAsync();
            Assert.Equal(text.Length, response.Content.Headers.ContentLength);
            Assert.Contains(token, text, StringComparison.Ordinal);
            Assert.DoesNotContain(token == one ? other : one, text, StringComparison.Ordinal);
        }

        using var part = await edge.SendAsync(HttpMethod.Get, $"/{one}/assets/{Film.Asset}/v7/master.m3u8", "Range", "bytes=0-6");
        Assert.Equal("#EXTM3U", await part.Content.ReadAsStringAsync());
    }

    [Theory]
    [InlineData("a", "a=https://a.example,a=https://b.example", "twice")]
    [InlineData("b", "a=https://a.example", "must be the id of one")]
    [InlineData(null, "a=https://a.example", "must be the id of one")]
    [InlineData("a b", "a b=https://a.example", "an id is")]
    [InlineData("a", "a=ftp://a.example", "not a URL")]
    [InlineData("a", "a=https://a.example/?x", "not a URL")]
    [InlineData("a", "a=https://me@a.example", "not a URL")]
    [InlineData("a", "a=/media", "not a URL")]
    [InlineData("a", "a=https://ä.example", "not a URL")]
    [InlineData("a", "", "must be the id of one")]
    public void Options_ThatSteerNowhere_AreRefused(string? own, string pathways, string error)
    {
        var options = new EdgeOptions { Pathway = own, Pathways = [.. Parse(pathways)] };
        Assert.Contains(options.Validate(), sentence => sentence.Contains(error, StringComparison.Ordinal));
    }

    [Theory]
    [InlineData(0.5)]
    [InlineData(301)]
    public void Options_OfASteeringLifetimeOutOfBounds_AreRefused(double seconds) =>
        Assert.Contains(new EdgeOptions { SteeringLifetime = TimeSpan.FromSeconds(seconds) }.Validate(), sentence => sentence.Contains("SteeringLifetime", StringComparison.Ordinal));

    private static IEnumerable<EdgePathway> Parse(string pathways) => pathways.Split(',', StringSplitOptions.RemoveEmptyEntries)
        .Select(pathway => pathway.Split('=', 2)).Select(pair => new EdgePathway { Id = pair[0], Url = pair[1] });

    private static async Task<EdgeHost> SteeredAsync()
    {
        var edge = await EdgeHost.StartAsync(options =>
        {
            foreach (var pathway in Parse("a=https://a.example/media/,b=https://b.example,c=https://c.example")) options.Pathways.Add(pathway);
            (options.Pathway, options.SteeringLifetime) = ("b", TimeSpan.FromSeconds(7.9));
        });
        await Ladder.PutAsync(edge);
        return edge;
    }

    private static string Priority(JsonDocument steering) =>
        string.Join(' ', steering.RootElement.GetProperty("PATHWAY-PRIORITY").EnumerateArray().Select(id => id.GetString()));

    private static async Task<JsonDocument> SteeringAsync(EdgeHost edge, string token) => JsonDocument.Parse(await TextAsync(edge, "steering.json", token));

    // A token made a second later is another.
    private static async Task<string> TextAsync(EdgeHost edge, string file, string? token = null)
    {
        using var response = await edge.SendAsync(HttpMethod.Get, $"/{token ?? edge.Token()}/assets/{Film.Asset}/v{Ladder.Version}/{file}");
        Assert.Equal(HttpStatusCode.OK, response.StatusCode);
        return await response.Content.ReadAsStringAsync();
    }
}
