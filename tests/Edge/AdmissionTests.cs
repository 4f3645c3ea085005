using System.Net;
using System.Text;
using Movento.Contracts;
using Movento.Edge.Tests.Host;
using Movento.Harness;

namespace Movento.Edge.Tests;

public class AdmissionTests(SharedEdge shared) : IClassFixture<SharedEdge>
{
    private static readonly string[] Files = ["master.m3u8", "manifest.mpd", "v720.m3u8", "v720.mp4", "poster.jpg"];

    [Fact]
    public async Task Refused_WhateverTheReason_TheAnswerIsTheSame()
    {
        await using var edge = await EdgeHost.StartAsync();
        var good = edge.Token();
        var other = AssetId.Parse("0192f0c1a2b37c4d8e5f60718293a4b6");
        var refused = new Dictionary<EdgeOutcome, string[]>
        {
            [EdgeOutcome.TokenMalformed] = ["", "x", good[..^1], new string('A', 1000), "%2e%2e"],
            [EdgeOutcome.TokenUnknownKey] = [SignedWith(id: 9, fill: 1)],
            [EdgeOutcome.TokenForged] = [SignedWith(id: 1, fill: 2), Altered(good), good + "A"],
            [EdgeOutcome.TokenExpired] = [edge.Token(lifetime: TimeSpan.Zero), edge.Token(lifetime: TimeSpan.FromHours(-1))],
            [EdgeOutcome.TokenOfAnotherAsset] = [edge.Token(asset: other), edge.Token(PlaybackScope.Pictures, other)],
            [EdgeOutcome.TokenOutOfScope] = [edge.Token(PlaybackScope.Pictures)],
            [EdgeOutcome.TokenOfAnotherPath] = [edge.Sign(edge.Claims() with { PathPrefix = $"assets/{Film.Asset}/v2/" })],
            [EdgeOutcome.TokenOfAnotherNetwork] =
            [
                edge.Sign(edge.Claims() with { Network = NetworkPrefix.Of(IPAddress.Parse("192.0.2.0"), 24) }),
                edge.Sign(edge.Claims() with { Network = NetworkPrefix.Of(IPAddress.Parse("2001:db8::"), 32) }),
            ],
            // Nobody is trusted to say which country it is.
            [EdgeOutcome.TokenOfAnotherCountry] = [edge.Sign(edge.Claims() with { Country = CountryCode.Parse("DE") })],
        };

        var answers = new HashSet<string>();
        var asked = new Dictionary<EdgeOutcome, long>();
        foreach (var (outcome, tokens) in refused)
        {
            foreach (var token in tokens)
            {
                foreach (var file in Files)
                {
                    if (outcome == EdgeOutcome.TokenOutOfScope && file == "poster.jpg") continue;
                    using var response = await edge.SendAsync(
                        HttpMethod.Get, $"/{token}/assets/{Film.Asset}/v1/{file}", "Range", "bytes=0-1", "If-None-Match", "*", "X-Country", "DE");
                    Assert.Equal(HttpStatusCode.Forbidden, response.StatusCode);
                    answers.Add(await WholeAsync(response));
                    asked[outcome] = asked.GetValueOrDefault(outcome) + 1;
                }
            }
        }

        Assert.Equal(
            """
            Access-Control-Allow-Origin: *
            Access-Control-Expose-Headers: Content-Range, Content-Length, ETag, Date, Accept-Ranges, Server-Timing, CMSD-Static, CMSD-Dynamic
            Cache-Control: no-store
            Content-Length: 74
            Content-Type: application/problem+json
            Timing-Allow-Origin: *
            {"type":"about:blank","title":"Forbidden","status":403,"code":"forbidden"}
            """,
            Assert.Single(answers));

        // Only the figures tell the reasons apart; they count after the last byte, so perhaps after the client has read it.
        foreach (var (outcome, count) in asked)
            await Eventually.TrueAsync(() => edge.Figures.Of(outcome) == count, $"{count} answers are counted as {outcome}");

        // Nothing was asked of the store for anybody who may not.
        Assert.Empty(edge.Store.Reads);
    }

    [Fact]
    public async Task Refused_ForAnAssetThatIsNotThere_LooksTheSame()
    {
        await using var edge = await EdgeHost.StartAsync();
        using var there = await edge.SendAsync(HttpMethod.Get, $"/x/assets/{Film.Asset}/v1/master.m3u8");
        using var notThere = await edge.SendAsync(HttpMethod.Get, "/x/assets/0192f0c1a2b37c4d8e5f607182930000/v7/master.m3u8");
        Assert.Equal(await WholeAsync(there), await WholeAsync(notThere));
    }

    [Fact]
    public async Task PicturesToken_ThePoster_IsOpen()
    {
        await using var edge = await EdgeHost.StartAsync();
        using var response = await edge.SendAsync(HttpMethod.Get, $"/{edge.Token(PlaybackScope.Pictures)}/assets/{Film.Asset}/v1/poster.jpg");
        Assert.Equal(edge.Film.Poster, await response.Content.ReadAsByteArrayAsync());
    }

    [Fact]
    public async Task Token_OfThisFolderNetworkAndCountry_IsOpen()
    {
        await using var edge = await EdgeHost.StartAsync(options => options.Admission.CountryHeader = "X-Country");
        var path = $"/{edge.Sign(edge.Claims() with
        {
            Asset = default, PathPrefix = $"assets/{Film.Asset}/v1/", Network = NetworkPrefix.Of(IPAddress.Loopback, 8), Country = CountryCode.Parse("DE"),
        })}/assets/{Film.Asset}/v1/master.m3u8";
        using var open = await edge.SendAsync(HttpMethod.Get, path, "X-Country", "de");
        Assert.Equal(HttpStatusCode.OK, open.StatusCode);
        foreach (var country in new[] { "FR", "", "DE, FR", "DEU" })
        {
            using var closed = await edge.SendAsync(HttpMethod.Get, path, "X-Country", country);
            Assert.Equal(HttpStatusCode.Forbidden, closed.StatusCode);
        }

        await Eventually.TrueAsync(() => edge.Figures.Of(EdgeOutcome.TokenOfAnotherCountry) == 4, "every other country is counted");
    }

    [Fact]
    public async Task Token_OfANetwork_CountsTheAddressThatTheProxySays()
    {
        await using var edge = await EdgeHost.StartAsync(options => options.Admission.AddressHeader = "X-Forwarded-For");
        var version4 = $"/{edge.Sign(edge.Claims() with { Network = NetworkPrefix.Of(IPAddress.Parse("192.0.2.0"), 24) })}/assets/{Film.Asset}/v1/master.m3u8";
        var version6 = $"/{edge.Sign(edge.Claims() with { Network = NetworkPrefix.Of(IPAddress.Parse("2001:db8::"), 32) })}/assets/{Film.Asset}/v1/master.m3u8";
        await AssertAsync(HttpStatusCode.OK, version4, "192.0.2.77");
        await AssertAsync(HttpStatusCode.OK, version4, "203.0.113.9, 192.0.2.77");
        await AssertAsync(HttpStatusCode.OK, version6, "2001:db8::1");

        // The last one is the proxy's; the ones before it are the viewer's own words.
        foreach (var address in new[] { "192.0.2.77, 203.0.113.9", "127.0.0.1", "192.0.2", "192.0.2.777", "0xC0.0.2.1", "192.0.2.77:80", "", "x" })
            await AssertAsync(HttpStatusCode.Forbidden, version4, address);
        await AssertAsync(HttpStatusCode.Forbidden, version6, "2001:db9::1");

        async Task AssertAsync(HttpStatusCode status, string path, string address)
        {
            using var response = await edge.SendAsync(HttpMethod.Get, path, "X-Forwarded-For", address);
            Assert.True(status == response.StatusCode, $"{address}: {response.StatusCode}");
        }
    }

    [Theory]
    [InlineData("v720.mp4")]
    [InlineData("v720.m3u8")]
    [InlineData("v720.iframes.m3u8")]
    [InlineData("segments/v720.m3u8")]
    [InlineData("segments/v720/init.mp4")]
    [InlineData("segments/v720/1.m4s")]
    public async Task Rendition_HigherThanTheTokenAllows_IsRefusedFromMemoryToo(string file)
    {
        var edge = shared.Host;
        var before = edge.Figures.Of(EdgeOutcome.RenditionTooHigh);
        foreach (var (height, status) in new[] { ((ushort)719, HttpStatusCode.Forbidden), ((ushort)720, HttpStatusCode.OK), ((ushort)719, HttpStatusCode.Forbidden) })
        {
            var token = edge.Sign(edge.Claims() with { MaxHeight = height });
            using var response = await edge.SendAsync(HttpMethod.Get, $"/{token}/assets/{Film.Asset}/v1/{file}");
            Assert.Equal(status, response.StatusCode);
            using var sound = await edge.SendAsync(HttpMethod.Get, $"/{token}/assets/{Film.Asset}/v1/a0.m3u8");
            Assert.Equal(HttpStatusCode.OK, sound.StatusCode);
        }

        await Eventually.TrueAsync(() => edge.Figures.Of(EdgeOutcome.RenditionTooHigh) == before + 2, "both refusals are counted");
    }

    [Fact]
    public async Task Token_AfterItsKeyIsDropped_ClosesAtOnceThoughItWasRemembered()
    {
        await using var edge = await EdgeHost.StartAsync();
        var path = edge.Path("master.m3u8");
        await AssertAsync(HttpStatusCode.OK);

        var keys = new Dictionary<byte, byte[]> { [1] = Enumerable.Repeat((byte)1, 32).ToArray(), [2] = Enumerable.Repeat((byte)3, 32).ToArray() };
        edge.PlaybackKeys.Replace(new PlaybackKeyRing(keys, current: 2));
        await AssertAsync(HttpStatusCode.OK);
        using var signedWithTheNewKey = await edge.GetAsync("master.m3u8");
        Assert.Equal(HttpStatusCode.OK, signedWithTheNewKey.StatusCode);

        keys.Remove(1);
        edge.PlaybackKeys.Replace(new PlaybackKeyRing(keys, current: 2));
        await AssertAsync(HttpStatusCode.Forbidden);

        async Task AssertAsync(HttpStatusCode status)
        {
            using var response = await edge.SendAsync(HttpMethod.Get, path);
            Assert.Equal(status, response.StatusCode);
        }
    }

    [Fact]
    public async Task Token_WhenItsTimeIsOver_ClosesWhatIsInMemoryToo()
    {
        await using var edge = await EdgeHost.StartAsync();
        var path = $"/{edge.Token(lifetime: TimeSpan.FromMinutes(5))}/assets/{Film.Asset}/v1/v720.mp4";
        using (var open = await edge.SendAsync(HttpMethod.Head, path)) Assert.Equal(HttpStatusCode.OK, open.StatusCode);
        edge.Clock.Advance(TimeSpan.FromMinutes(5));
        using var closed = await edge.SendAsync(HttpMethod.Get, path);
        Assert.Equal(HttpStatusCode.Forbidden, closed.StatusCode);
    }

    [Fact]
    public async Task Version_ThatIsNotThere_Is404AndRememberedForAWhile()
    {
        await using var edge = await EdgeHost.StartAsync();
        var path = $"/{edge.Token()}/assets/{Film.Asset}/v2/master.m3u8";
        for (var round = 0; round < 5; round++)
        {
            using var response = await edge.SendAsync(HttpMethod.Get, path);
            Assert.Equal(HttpStatusCode.NotFound, response.StatusCode);
        }

        Assert.Equal(1, edge.Store.ReadsOf(StorageKey.Presentation(Film.Asset, 2)));

        // Published meanwhile.
        await edge.Store.PutAsync(
            StorageKey.Presentation(Film.Asset, 2),
            new MemoryStream(edge.Film.Objects[StorageKey.Presentation(Film.Asset, 1)]), "application/json", CancellationToken.None);
        edge.Clock.Advance(TimeSpan.FromSeconds(2));
        using var published = await edge.SendAsync(HttpMethod.Get, path);
        Assert.Equal(HttpStatusCode.OK, published.StatusCode);
    }

    private static string SignedWith(byte id, byte fill) =>
        new PlaybackTokenSigner(new PlaybackKeyRing(new Dictionary<byte, byte[]> { [id] = Enumerable.Repeat(fill, 32).ToArray() }, id))
            .Sign(new PlaybackClaims(Film.Asset, PlaybackScope.Presentation, DateTimeOffset.UtcNow.AddHours(1), Guid.Empty));

    private static string Altered(string token) => token[..40] + (token[40] == 'A' ? 'B' : 'A') + token[41..];

    private static async Task<string> WholeAsync(HttpResponseMessage response) => new StringBuilder()
        .AppendJoin('\n', response.Headers.NonValidated.Concat(response.Content.Headers.NonValidated)
            .Where(header => header.Key != "Date")
            .Select(header => $"{header.Key}: {header.Value}")
            .Order(StringComparer.Ordinal))
        .Append('\n')
        .Append(await response.Content.ReadAsStringAsync())
        .ToString();
}
