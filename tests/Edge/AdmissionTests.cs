using System.Net;
using System.Text;
using Movento.Contracts;
using Movento.Edge.Tests.Host;
using Movento.Harness;

namespace Movento.Edge.Tests;

public class AdmissionTests
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
            [EdgeOutcome.TokenMalformed] = ["", "x", good[..^1], good + "A", new string('A', 1000), "%2e%2e"],
            [EdgeOutcome.TokenUnknownKey] = [SignedWith(id: 9, fill: 1)],
            [EdgeOutcome.TokenForged] = [SignedWith(id: 1, fill: 2), Altered(good)],
            [EdgeOutcome.TokenExpired] = [edge.Token(lifetime: TimeSpan.Zero), edge.Token(lifetime: TimeSpan.FromHours(-1))],
            [EdgeOutcome.TokenOfAnotherAsset] = [edge.Token(asset: other), edge.Token(PlaybackScope.Pictures, other)],
            [EdgeOutcome.TokenOutOfScope] = [edge.Token(PlaybackScope.Pictures)],
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
                        HttpMethod.Get, $"/{token}/assets/{Film.Asset}/v1/{file}", "Range", "bytes=0-1", "If-None-Match", "*");
                    Assert.Equal(HttpStatusCode.Forbidden, response.StatusCode);
                    answers.Add(await WholeAsync(response));
                    asked[outcome] = asked.GetValueOrDefault(outcome) + 1;
                }
            }
        }

        Assert.Equal(
            """
            Access-Control-Allow-Origin: *
            Access-Control-Expose-Headers: Content-Range, Content-Length, ETag, Date, Accept-Ranges
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
