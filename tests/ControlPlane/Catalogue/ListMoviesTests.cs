using System.Net;
using System.Net.Sockets;
using System.Text.Json;
using Dapper;
using Microsoft.Extensions.DependencyInjection;
using Movento.Contracts;
using Movento.ControlPlane.Catalogue;
using Movento.Harness;
using Npgsql;

namespace Movento.ControlPlane.Tests.Catalogue;

public sealed class ListMoviesTests(ControlPlaneFixture fixture) : ControlPlaneTest(fixture)
{
    [Fact]
    public async Task List_WithoutFilms_IsEmpty()
    {
        var list = await App.GetAsync("/api/movies");
        Assert.Equal(HttpStatusCode.OK, list.Status);
        Assert.Equal("""{"items":[],"next":null}""", list.Text);
    }

    [Fact]
    public async Task List_AFilm_IsDescribedWhole()
    {
        var id = await App.PublishAsync("Big Buck Bunny", 596.5);
        var movie = (await App.GetAsync("/api/movies")).Json.GetProperty("items")[0];

        Assert.Equal(
            [
                "ageRating", "durationSeconds", "episode", "genres", "height", "id", "isGrowing", "posterUrl", "publishedAt", "releaseYear", "title", "width",
            ],
            movie.EnumerateObject().Select(member => member.Name).Order());
        Assert.Equal(id.ToString(), movie.GetProperty("id").GetString());
        Assert.Equal("Big Buck Bunny", movie.GetProperty("title").GetString());
        Assert.Equal(596.5, movie.GetProperty("durationSeconds").GetDouble());
        Assert.Equal(1280, movie.GetProperty("width").GetInt32());
        Assert.Equal(720, movie.GetProperty("height").GetInt32());
        Assert.Equal("2026-03-01T10:00:00Z", movie.GetProperty("publishedAt").GetString());

        // By itself it has the same, and more.
        var described = (await App.GetAsync($"/api/movies/{id}")).Json;
        foreach (var member in movie.EnumerateObject()) Assert.Equal(member.Value.GetRawText(), described.GetProperty(member.Name).GetRawText());
        Assert.Equal(0, described.GetProperty("people").GetArrayLength());
    }

    [Fact]
    public async Task Poster_UrlOpensThePictureOnly_AndStaysTheSameForHours()
    {
        var id = await App.PublishAsync("A");
        // The output cache has a clock of its own: whoever shows a token is answered past it.
        var user = await App.SignInAsync("a@example.com");
        async Task<string> PosterAsync() => (await App.GetAsync($"/api/movies/{id}", user.AccessToken)).Json.GetProperty("posterUrl").GetString()!;
        var url = await PosterAsync();
        var parts = url.Split('/', 5);
        Assert.Equal("https://edge.example", string.Join('/', parts[..3]));
        Assert.Equal($"assets/{id}/v1/poster.jpg", parts[4]);
        var verifier = new PlaybackTokenVerifier(App.PlaybackKeys);
        Assert.Equal(PlaybackTokenOutcome.Valid, verifier.Verify(parts[3], App.Clock.Now, out var claims));
        Assert.Equal(new PlaybackClaims(id, PlaybackScope.Pictures, claims.Expires, Guid.Empty), claims);

        App.Clock.Advance(TimeSpan.FromMinutes(110));
        Assert.Equal(url, await PosterAsync());
        // Whenever the URL is handed out, it opens for half a day more at least.
        Assert.True(claims.Expires - App.Clock.Now >= TimeSpan.FromHours(12));
        App.Clock.Advance(TimeSpan.FromMinutes(10));
        Assert.NotEqual(url, await PosterAsync());
    }

    [Fact]
    public async Task Poster_OfAFilmWithoutOne_IsNull() =>
        Assert.Equal(
            JsonValueKind.Null,
            (await App.GetAsync($"/api/movies/{await App.PublishAsync("A", hasPoster: false)}")).Json.GetProperty("posterUrl").ValueKind);

    [Fact]
    public async Task List_InPages_GivesEveryFilmOnceNewestFirst_WhateverIsPublishedMeanwhile()
    {
        var films = new List<string>();
        for (var i = 0; i < 7; i++)
        {
            films.Insert(0, (await App.PublishAsync($"Film {i}")).ToString());
            // Films 2, 3 and 4 appear in the same moment: then the id decides.
            if (i is not (2 or 3)) App.Clock.Advance(TimeSpan.FromMinutes(1));
        }

        var seen = new List<string>();
        var path = "/api/movies?limit=2";
        var pages = 0;
        for (string? next = ""; next is not null; pages++)
        {
            var page = (await App.GetAsync(next.Length == 0 ? path : $"{path}&after={next}")).Json;
            seen.AddRange(page.GetProperty("items").EnumerateArray().Select(movie => movie.GetProperty("id").GetString()!));
            next = page.GetProperty("next").GetString();
            await App.PublishAsync("Newer than all");
        }

        Assert.Equal(4, pages);
        Assert.Equal(films.Order(), seen.Order());
        Assert.Equal(films[..2], seen[..2]);
        Assert.Equal(films[5..], seen[5..]);
    }

    [Theory]
    [InlineData("limit=0", "limit")]
    [InlineData("limit=101", "limit")]
    [InlineData("limit=-1", "limit")]
    [InlineData("limit=x", "limit")]
    [InlineData("limit=99999999999", "limit")]
    [InlineData("limit=", "limit")]
    [InlineData("after=x", "after")]
    [InlineData("after=", "after")]
    [InlineData("after=%27%20OR%201%3D1%20--", "after")]
    [InlineData("after=________________________________", "after")]
    public async Task List_ParametersThatCannotBe_AreNamed(string query, string field) =>
        (await App.GetAsync($"/api/movies?{query}")).NamesFields(field);

    [Fact]
    public async Task List_AFilmThatWasJustPublished_IsThereAtOnceDespiteTheCache()
    {
        for (var i = 1; i <= 5; i++)
        {
            await App.PublishAsync($"Film {i}");
            Assert.Equal(i, await CountAsync());
            Assert.Equal(i, await CountAsync());
        }
    }

    [Fact]
    public async Task List_AskedAgain_ComesFromTheCache()
    {
        await App.PublishAsync("A");
        Assert.Null((await App.GetAsync("/api/movies")).Headers.Age);
        Assert.NotNull((await App.GetAsync("/api/movies")).Headers.Age);
        // What the list does not know, it does not tell apart: nobody fills the cache with made-up parameters.
        Assert.NotNull((await App.GetAsync("/api/movies?utm_source=x")).Headers.Age);
        Assert.Null((await App.GetAsync("/api/movies?limit=7")).Headers.Age);
    }

    [Fact]
    public async Task OneFilm_AskedAgain_ComesFromTheCache_AndInAnotherCaseIsNotThere()
    {
        var id = await App.PublishAsync("A");
        Assert.Null((await App.GetAsync($"/api/movies/{id}")).Headers.Age);
        Assert.NotNull((await App.GetAsync($"/api/movies/{id}")).Headers.Age);
        Assert.NotNull((await App.GetAsync($"/api/movies/{id}?utm_source=x")).Headers.Age);
        Assert.Equal(HttpStatusCode.NotFound, (await App.GetAsync($"/api/movies/{id.ToString().ToUpperInvariant()}")).Status);
    }

    [Fact]
    public async Task List_DeletedOrRenamed_ChangesAtOnceDespiteTheCache()
    {
        var editor = await App.SignInAsync("e@example.com", Access.EditorRole);
        var id = await App.PublishAsync("Before", owner: editor);
        await CountAsync();
        await App.GetAsync($"/api/movies/{id}");
        Assert.Equal(HttpStatusCode.OK, (await App.EditAsync(HttpMethod.Patch, $"/api/movies/{id}/details", new { title = "After" }, editor.AccessToken, "*")).Status);
        Assert.Equal("After", (await App.GetAsync("/api/movies")).Json.GetProperty("items")[0].GetProperty("title").GetString());
        Assert.Equal("After", (await App.GetAsync($"/api/movies/{id}")).Json.GetProperty("title").GetString());
        await App.AnnounceAsync(new AssetDeleted(id.Value, App.Clock.Now));
        Assert.Equal(0, await CountAsync());
        Assert.Equal(HttpStatusCode.NotFound, (await App.GetAsync($"/api/movies/{id}")).Status);
    }

    [Fact]
    public async Task List_WithAnAccessToken_NeitherFillsNorReadsTheCache()
    {
        var user = await App.SignInAsync("a@example.com");
        await App.PublishAsync("A");
        await App.GetAsync("/api/movies", user.AccessToken);
        Assert.Null((await App.GetAsync("/api/movies")).Headers.Age);
        Assert.Null((await App.GetAsync("/api/movies", user.AccessToken)).Headers.Age);
    }

    [Fact]
    public async Task List_ACallerWhoHangsUpMeanwhile_LeavesAWholePageForTheNext()
    {
        for (var i = 0; i < 30; i++) await App.PublishAsync($"A film with a title long enough to fill some packets, number {i}");
        await using var connection = await App.Catalogue.OpenConnectionAsync();
        await using var transaction = await connection.BeginTransactionAsync();
        await connection.ExecuteAsync("LOCK TABLE movies IN ACCESS EXCLUSIVE MODE");
        var hungUp = App.HungUp;
        using (var socket = new Socket(AddressFamily.InterNetwork, SocketType.Stream, ProtocolType.Tcp) { LingerState = new(true, 0) })
        {
            await socket.ConnectAsync(IPAddress.Loopback, App.Client.BaseAddress!.Port);
            await socket.SendAsync("GET /api/movies HTTP/1.1\r\nHost: localhost\r\n\r\n"u8.ToArray());
            await ListWaitsForTheTableAsync(connection);
        }

        await Eventually.TrueAsync(() => App.HungUp > hungUp, "the server notices that the caller is gone");
        await transaction.RollbackAsync();

        // Whoever asks next waits for the page that was being made, and gets it whole.
        await Eventually.TrueAsync(
            async () =>
            {
                var answer = await App.GetAsync("/api/movies");
                Assert.Equal(30, answer.Json.GetProperty("items").GetArrayLength());
                return answer.Headers.Age is not null;
            },
            "the page comes from the cache");
    }

    [Fact]
    public async Task List_APageThatWasBeingReadWhileTheFilmsChanged_IsNotGivenToTheNext()
    {
        await App.PublishAsync("A");
        await using var connection = await App.Catalogue.OpenConnectionAsync();
        await using var transaction = await connection.BeginTransactionAsync();
        await connection.ExecuteAsync("LOCK TABLE movies IN ACCESS EXCLUSIVE MODE");
        var early = App.GetAsync("/api/movies");
        await ListWaitsForTheTableAsync(connection);

        await App.Services.GetRequiredService<MovieCache>().ChangedAsync();
        await transaction.RollbackAsync();

        Assert.Null((await early).Headers.Age);
        Assert.Null((await App.GetAsync("/api/movies")).Headers.Age);
        Assert.NotNull((await App.GetAsync("/api/movies")).Headers.Age);
    }

    [Fact]
    public async Task List_OtherMethods_Return405()
    {
        var answer = await App.PostAsync("/api/movies", new { });
        answer.IsProblem(HttpStatusCode.MethodNotAllowed, "method_not_allowed");
        Assert.Equal(["GET"], answer.ContentHeaders.Allow);
        Assert.Equal(HttpStatusCode.MethodNotAllowed, (await App.SendAsync(HttpMethod.Head, "/api/movies")).Status);
    }

    private static Task ListWaitsForTheTableAsync(NpgsqlConnection connection) => Eventually.TrueAsync(
        async () => await connection.QuerySingleAsync<int>("SELECT count(*) FROM pg_locks WHERE relation = 'movies'::regclass AND NOT granted") == 1,
        "the list waits for the table");

    private async Task<int> CountAsync() => (await App.GetAsync("/api/movies")).Json.GetProperty("items").GetArrayLength();
}
