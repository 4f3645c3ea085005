using System.Net;
using System.Text.Json;
using Movento.Contracts;

namespace Movento.ControlPlane.Tests.Catalogue.Series;

public sealed class SeriesTests(ControlPlaneFixture fixture) : ControlPlaneTest(fixture)
{
    [Fact]
    public async Task Create_ASeriesWithEpisodes_IsSeenInOrder_AndItsEpisodesAreNoFilmsOfTheirOwn()
    {
        var editor = await App.SignInAsync("e@example.com", Access.EditorRole);
        var made = await App.PostAsync(
            "/api/series",
            new { title = "The Series", titles = new { de = "Die Serie" }, genres = new[] { "drama" }, seasons = new[] { new { number = 2, title = "The second" } } },
            editor.AccessToken);
        Assert.Equal(HttpStatusCode.Created, made.Status);
        var details = made.Headers.Location!.ToString();
        Assert.Equal(made.ETag, (await App.GetAsync(details, editor.AccessToken)).ETag);
        var id = details.Split('/')[3];

        foreach (var (season, number) in new[] { (2, 1), (1, 2), (1, 1), (0, 1) })
            await PlaceAsync(await App.PublishAsync($"{season}x{number}", owner: editor), id, season, number, editor);
        var film = await App.PublishAsync("A film", owner: editor);

        var series = (await App.GetAsync($"/api/series/{id}?language=de")).Json;
        Assert.Equal("Die Serie", series.GetProperty("title").GetString());
        Assert.Equal(
            """[{"number":0,"title":null,"description":null,"episodes":1},{"number":1,"title":null,"description":null,"episodes":2},{"number":2,"title":"The second","description":null,"episodes":1}]""",
            series.GetProperty("seasons").GetRawText());
        Assert.Equal(["0x1", "1x1", "1x2", "2x1"], await PagesAsync($"/api/series/{id}/episodes?limit=3"));
        Assert.Equal(["1x1", "1x2"], await PagesAsync($"/api/series/{id}/episodes?limit=1&season=1"));
        Assert.Equal(["A film"], await PagesAsync("/api/movies?limit=3"));
        Assert.Equal(["The Series"], await PagesAsync("/api/series?limit=3"));
        Assert.Equal(JsonValueKind.Null, (await App.GetAsync($"/api/movies/{film}")).Json.GetProperty("episode").ValueKind);
    }

    [Fact]
    public async Task Episode_OfAPlaceThatIsTaken_OrOfAnothersSeries_IsRefused()
    {
        var editor = await App.SignInAsync("e@example.com", Access.EditorRole);
        var other = await App.SignInAsync("o@example.com", Access.EditorRole);
        var id = await CreateAsync(editor);
        await PlaceAsync(await App.PublishAsync("A", owner: editor), id, 1, 1, editor);
        var second = $"/api/movies/{await App.PublishAsync("B", owner: editor)}/details";
        (await App.EditAsync(HttpMethod.Patch, second, new { episode = new { seriesId = id, season = 1, number = 1 } }, editor.AccessToken, "*"))
            .IsProblem(HttpStatusCode.Conflict, "episode_taken");
        (await App.EditAsync(HttpMethod.Put, $"/api/movies/{AssetId.New(App.Clock.Now)}/details", new { episode = new { seriesId = id, season = 1, number = 1 } }, editor.AccessToken, "new"))
            .IsProblem(HttpStatusCode.Conflict, "episode_taken");
        var others = $"/api/movies/{await App.PublishAsync("C", owner: other)}/details";
        (await App.EditAsync(HttpMethod.Patch, others, new { episode = new { seriesId = id, season = 1, number = 2 } }, other.AccessToken, "*"))
            .NamesFields("episode.seriesId");
    }

    [Fact]
    public async Task Series_ThatIsNotOpen_HidesItsEpisodes()
    {
        var editor = await App.SignInAsync("e@example.com", Access.EditorRole);
        var viewer = await App.SignInAsync("v@example.com");
        var id = await CreateAsync(editor);
        var episode = await App.PublishAsync("A", owner: editor);
        await PlaceAsync(episode, id, 1, 1, editor);
        Assert.Equal(HttpStatusCode.OK, (await App.GetAsync($"/api/movies/{episode}")).Status);

        await App.EditAsync(HttpMethod.Patch, $"/api/series/{id}/details", new { status = "draft" }, editor.AccessToken, "*");
        foreach (var path in (string[])[$"/api/series/{id}", $"/api/series/{id}/episodes", $"/api/movies/{episode}"])
            (await App.GetAsync(path)).IsProblem(HttpStatusCode.NotFound, "not_found");
        Assert.Empty(await PagesAsync("/api/series?limit=9"));
        (await App.PostAsync($"/api/streaming/{episode}/grant", accessToken: viewer.AccessToken)).IsProblem(HttpStatusCode.NotFound, "not_found");
        Assert.Equal(HttpStatusCode.OK, (await App.GetAsync($"/api/series/{id}", editor.AccessToken)).Status);
        Assert.Equal("draft", (await App.GetAsync("/api/series/details", editor.AccessToken)).Json.GetProperty("items")[0].GetProperty("status").GetString());
    }

    [Fact]
    public async Task Delete_ASeriesWithEpisodes_IsRefused_AndWithoutThemGone()
    {
        var editor = await App.SignInAsync("e@example.com", Access.EditorRole);
        var id = await CreateAsync(editor);
        var episode = await App.PublishAsync("A", owner: editor);
        await PlaceAsync(episode, id, 1, 1, editor);
        (await App.EditAsync(HttpMethod.Delete, $"/api/series/{id}/details", null, editor.AccessToken, "*")).IsProblem(HttpStatusCode.Conflict, "has_episodes");
        await App.EditAsync(HttpMethod.Patch, $"/api/movies/{episode}/details", new { episode = (object?)null }, editor.AccessToken, "*");
        Assert.Equal(HttpStatusCode.NoContent, (await App.EditAsync(HttpMethod.Delete, $"/api/series/{id}/details", null, editor.AccessToken, "*")).Status);
        (await App.GetAsync($"/api/series/{id}")).IsProblem(HttpStatusCode.NotFound, "not_found");
        Assert.Equal(["A"], await PagesAsync("/api/movies?limit=9"));
    }

    [Fact]
    public async Task Edit_ASeries_AsksForItsETag_AndTellsWhatIsWrong()
    {
        var editor = await App.SignInAsync("e@example.com", Access.EditorRole);
        var other = await App.SignInAsync("o@example.com", Access.EditorRole);
        var path = $"/api/series/{await CreateAsync(editor)}/details";
        var seen = (await App.GetAsync(path, editor.AccessToken)).ETag;
        (await App.EditAsync(HttpMethod.Put, path, new { title = "B" }, editor.AccessToken, null)).IsProblem((HttpStatusCode)428, "precondition_required");
        Assert.Equal(HttpStatusCode.OK, (await App.EditAsync(HttpMethod.Put, path, new { title = "B" }, editor.AccessToken, seen)).Status);
        (await App.EditAsync(HttpMethod.Patch, path, new { title = "C" }, editor.AccessToken, seen)).IsProblem(HttpStatusCode.PreconditionFailed, "changed");
        (await App.EditAsync(HttpMethod.Patch, path, new { title = (string?)null }, editor.AccessToken, "*")).NamesFields("title");
        (await App.EditAsync(HttpMethod.Patch, path, new { seasons = new object?[] { null, new { number = 3 }, new { number = 3, title = "" } } }, editor.AccessToken, "*"))
            .NamesFields("seasons[0].number", "seasons[2].number", "seasons[2].title");
        (await App.EditAsync(HttpMethod.Patch, path, new { episode = 1 }, editor.AccessToken, "*")).IsProblem(HttpStatusCode.BadRequest, "malformed_json");
        (await App.EditAsync(HttpMethod.Patch, path, new { title = "C" }, other.AccessToken, "*")).IsProblem(HttpStatusCode.NotFound, "not_found");
        (await App.PostAsync("/api/series", new { genres = new[] { "X" } }, editor.AccessToken)).NamesFields("title", "genres[0]");
        (await App.PostAsync("/api/series", new { title = "A" })).IsProblem(HttpStatusCode.Unauthorized, "unauthenticated");
        (await App.GetAsync("/api/series/x/episodes?season=-1&limit=0&language=_")).NamesFields("season", "limit", "language");
        (await App.GetAsync("/api/series/x/episodes")).IsProblem(HttpStatusCode.NotFound, "not_found");
    }

    private async Task<string> CreateAsync(SignedInUser editor) =>
        (await App.PostAsync("/api/series", new { title = "A series" }, editor.AccessToken)).Headers.Location!.ToString().Split('/')[3];

    private async Task PlaceAsync(AssetId film, string series, int season, int number, SignedInUser editor) => Assert.Equal(
        HttpStatusCode.OK,
        (await App.EditAsync(HttpMethod.Patch, $"/api/movies/{film}/details", new { episode = new { seriesId = series, season, number } }, editor.AccessToken, "*")).Status);

    private async Task<List<string>> PagesAsync(string path)
    {
        var titles = new List<string>();
        for (string? after = ""; after is not null;)
        {
            var page = (await App.GetAsync(after.Length > 0 ? $"{path}&after={after}" : path)).Json;
            titles.AddRange(page.GetProperty("items").EnumerateArray().Select(item => item.GetProperty("title").GetString()!));
            after = page.GetProperty("next").GetString();
        }

        return titles;
    }
}
