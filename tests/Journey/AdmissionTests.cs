using System.Net;
using Movento.Harness;

namespace Movento.Journey.Tests;

/// <summary>What the running edge lets through, with tokens that the running control plane made.</summary>
[Collection(nameof(PublishedFilms))]
public sealed class AdmissionTests(PublishedFilms films)
{
    [Fact]
    public async Task EveryFile_WithAForgedOrMissingToken_Is403AndNothingElse()
    {
        var film = await films.GetAsync("nasa_13013_multitrack");
        var token = film.Hls.Segments[1].TrimEnd('/');
        foreach (var file in (string[])["master.m3u8", "manifest.mpd", "a0.m3u8", "a0.mp4", "poster.jpg"])
        {
            var url = new Uri(film.Hls, file).AbsoluteUri;
            foreach (var forged in (string[])[Flip(token, 5), Flip(token, 40), Flip(token, token.Length - 20), token[..^1], "x"])
            {
                using var answer = await films.Movento.Http.GetAsync(url.Replace(token, forged, StringComparison.Ordinal));
                Assert.Equal(HttpStatusCode.Forbidden, answer.StatusCode);
                Assert.InRange((await answer.Content.ReadAsByteArrayAsync()).Length, 0, 256);
            }

            using var missing = await films.Movento.Http.GetAsync(url.Replace(token + "/", "", StringComparison.Ordinal));
            Assert.Equal(HttpStatusCode.Forbidden, missing.StatusCode);
        }
    }

    [Theory]
    [InlineData("presentation.json")]
    [InlineData("receipt.json")]
    [InlineData("../source")]
    [InlineData("..%2f..%2fsource")]
    public async Task InnerFiles_EvenWithAGoodToken_AreNotThere(string file)
    {
        var film = await films.GetAsync("nasa_13013_multitrack");

        using var answer = await films.Movento.Http.GetAsync(film.Hls.AbsoluteUri.Replace("master.m3u8", file, StringComparison.Ordinal));

        Assert.Equal(HttpStatusCode.NotFound, answer.StatusCode);
    }

    [Fact]
    public async Task Token_OfOneFilm_DoesNotOpenAnother()
    {
        var film = await films.GetAsync("nasa_13013_multitrack");
        var other = await films.GetAsync("tos_1080p2997_8s_qr");

        using var answer = await films.Movento.Http.GetAsync(film.Hls.AbsoluteUri.Replace(film.AssetId, other.AssetId, StringComparison.Ordinal));

        Assert.Equal(HttpStatusCode.Forbidden, answer.StatusCode);
    }

    [Fact]
    public async Task PosterToken_DoesNotOpenTheFilm()
    {
        var film = await films.GetAsync("nasa_13013_multitrack");
        var movie = await films.Movento.Http.GetFromJsonAsync("/api/movies/" + film.AssetId);
        var poster = new Uri(movie.GetProperty("posterUrl").GetString()!);

        using var answer = await films.Movento.Http.GetAsync(new Uri(poster, "master.m3u8"));

        Assert.Equal(HttpStatusCode.Forbidden, answer.StatusCode);
    }

    [Fact]
    public async Task Grant_WithoutAnAccount_Is401()
    {
        var film = await films.GetAsync("nasa_13013_multitrack");
        using var stranger = new HttpClient { BaseAddress = films.Movento.Api };

        using var answer = await stranger.PostAsync($"/api/streaming/{film.AssetId}/grant", null);

        Assert.Equal(HttpStatusCode.Unauthorized, answer.StatusCode);
    }

    private static string Flip(string token, int at) => token[..at] + (token[at] == 'A' ? 'B' : 'A') + token[(at + 1)..];
}
