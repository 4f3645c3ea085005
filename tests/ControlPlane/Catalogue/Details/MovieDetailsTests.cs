using System.Net;
using System.Text;
using System.Text.Json;
using Movento.Contracts;

namespace Movento.ControlPlane.Tests.Catalogue.Details;

public sealed class MovieDetailsTests(ControlPlaneFixture fixture) : ControlPlaneTest(fixture)
{
    private static readonly object Everything = new
    {
        title = " <b>The</b> film's \"name\" ",
        titles = new Dictionary<string, string> { ["de"] = "Der Film", ["pt-BR"] = "O filme" },
        description = "One line.\r\nAnother.",
        releaseYear = 1999,
        ageRating = new { label = "PG-13", minimumAge = 13 },
        genres = new[] { "science-fiction", "drama" },
        people = new object[] { new { name = "Ada", role = "director" }, new { name = "Bob", role = "actor", character = "Himself" } },
        artwork = new[] { new { kind = "backdrop", url = "https://images.example/a.jpg", width = 1920, height = 1080, language = "de" } },
        status = "published",
        windows = new object[] { new { countries = new[] { "de", "AT" }, until = "2026-04-01T00:00:00+02:00" }, new { from = "2026-01-01T00:00:00Z" } },
    };

    [Fact]
    public async Task Put_EverythingThatCanBeSaid_IsReadBackAndSeen()
    {
        var editor = await App.SignInAsync("e@example.com", Access.EditorRole);
        var id = await App.PublishAsync("As uploaded", owner: editor);
        var before = await App.GetAsync($"/api/movies/{id}/details", editor.AccessToken);
        Assert.Equal(JsonValueKind.Null, before.Json.GetProperty("title").ValueKind);
        Assert.Equal("published", before.Json.GetProperty("status").GetString());

        var put = await App.EditAsync(HttpMethod.Put, $"/api/movies/{id}/details", Everything, editor.AccessToken, before.ETag);
        Assert.Equal(HttpStatusCode.OK, put.Status);
        Assert.NotEqual(before.ETag, put.ETag);
        var read = await App.GetAsync($"/api/movies/{id}/details", editor.AccessToken);
        Assert.Equal(put.Text, read.Text);
        Assert.Equal(put.ETag, read.ETag);
        Assert.Equal("<b>The</b> film's \"name\"", read.Json.GetProperty("title").GetString());
        Assert.Equal("One line.\nAnother.", read.Json.GetProperty("description").GetString());
        var window = read.Json.GetProperty("windows")[0];
        Assert.Equal(["DE", "AT"], window.GetProperty("countries").EnumerateArray().Select(country => country.GetString()!));
        Assert.Equal("2026-03-31T22:00:00Z", window.GetProperty("until").GetString());

        // What was read can be sent as it is, and viewers see it.
        using var same = new StringContent(read.Text, Encoding.UTF8, "application/json");
        var again = await App.SendAsync(HttpMethod.Put, $"/api/movies/{id}/details", same, editor.AccessToken, headers: ("If-Match", read.ETag));
        Assert.Equal(read.Text, again.Text);
        var movie = (await App.GetAsync($"/api/movies/{id}")).Json;
        Assert.Equal("<b>The</b> film's \"name\"", movie.GetProperty("title").GetString());
        Assert.Equal(1999, movie.GetProperty("releaseYear").GetInt32());
        Assert.Equal(13, movie.GetProperty("ageRating").GetProperty("minimumAge").GetInt32());
        Assert.Equal("Himself", movie.GetProperty("people")[1].GetProperty("character").GetString());
        Assert.Equal("https://images.example/a.jpg", movie.GetProperty("artwork")[0].GetProperty("url").GetString());
        Assert.False(movie.TryGetProperty("windows", out _));
        Assert.Equal("Der Film", (await App.GetAsync($"/api/movies/{id}?language=de-AT")).Json.GetProperty("title").GetString());
        Assert.Equal("O filme", (await App.GetAsync("/api/movies?language=pt-BR")).Json.GetProperty("items")[0].GetProperty("title").GetString());
        (await App.GetAsync("/api/movies?language=xx_yy")).NamesFields("language");
        (await App.GetAsync($"/api/movies/{id}?language='")).NamesFields("language");
    }

    [Fact]
    public async Task Patch_OneMember_LeavesTheOthers_AndNoAnnouncementTakesItBack()
    {
        var editor = await App.SignInAsync("e@example.com", Access.EditorRole);
        var id = await App.PublishAsync("As uploaded", owner: editor);
        await App.EditAsync(HttpMethod.Put, $"/api/movies/{id}/details", Everything, editor.AccessToken, "*");
        var patched = await App.EditAsync(
            HttpMethod.Patch, $"/api/movies/{id}/details", new { releaseYear = (int?)null, titles = new { de = (string?)null, fr = "Le film" } }, editor.AccessToken, "*");
        Assert.Equal(HttpStatusCode.OK, patched.Status);
        Assert.Equal(JsonValueKind.Null, patched.Json.GetProperty("releaseYear").ValueKind);
        Assert.Equal("""{"fr":"Le film","pt-BR":"O filme"}""", patched.Json.GetProperty("titles").GetRawText());
        Assert.Equal(2, patched.Json.GetProperty("genres").GetArrayLength());

        await App.AnnounceAsync(new AssetPublished(id.Value, Guid.ParseExact(editor.Id, "N"), "As uploaded", 2, 61, 1920, 1080, true, App.Clock.Now));
        var movie = (await App.GetAsync($"/api/movies/{id}")).Json;
        Assert.Equal("<b>The</b> film's \"name\"", movie.GetProperty("title").GetString());
        Assert.Equal(1920, movie.GetProperty("width").GetInt32());
    }

    [Fact]
    public async Task Change_OfWhatSomebodyChangedMeanwhile_Returns412_AndWithoutAWord428()
    {
        var editor = await App.SignInAsync("e@example.com", Access.EditorRole);
        var path = $"/api/movies/{await App.PublishAsync("A", owner: editor)}/details";
        var seen = (await App.GetAsync(path, editor.AccessToken)).ETag;
        var first = await App.EditAsync(HttpMethod.Patch, path, new { title = "First" }, editor.AccessToken, seen);
        Assert.Equal(HttpStatusCode.OK, first.Status);

        foreach (var method in (HttpMethod[])[HttpMethod.Patch, HttpMethod.Put, HttpMethod.Delete])
        {
            var body = method == HttpMethod.Delete ? null : new { title = "Second" };
            (await App.EditAsync(method, path, body, editor.AccessToken, seen)).IsProblem(HttpStatusCode.PreconditionFailed, "changed");
            (await App.EditAsync(method, path, body, editor.AccessToken, "W/" + first.ETag)).IsProblem(HttpStatusCode.PreconditionFailed, "changed");
            (await App.EditAsync(method, path, body, editor.AccessToken, null)).IsProblem((HttpStatusCode)428, "precondition_required");
            (await App.EditAsync(method, path, body, editor.AccessToken, "not quoted")).NamesFields("If-Match");
        }

        (await App.EditAsync(HttpMethod.Put, path, new { title = "Second" }, editor.AccessToken, "new")).IsProblem(HttpStatusCode.PreconditionFailed, "exists");
        Assert.Equal("First", (await App.GetAsync(path, editor.AccessToken)).Json.GetProperty("title").GetString());
        Assert.Equal(HttpStatusCode.OK, (await App.EditAsync(HttpMethod.Patch, path, new { title = "Second" }, editor.AccessToken, $"\"x\", {first.ETag}")).Status);
    }

    [Fact]
    public async Task Change_ManyAtOnceOfTheSame_OneOfThemCounts()
    {
        var editor = await App.SignInAsync("e@example.com", Access.EditorRole);
        var path = $"/api/movies/{await App.PublishAsync("A", owner: editor)}/details";
        var seen = (await App.GetAsync(path, editor.AccessToken)).ETag;
        var answers = await Task.WhenAll(Enumerable.Range(0, 8).Select(i =>
            App.EditAsync(HttpMethod.Patch, path, new { title = $"Title {i}" }, editor.AccessToken, seen)));
        var won = Assert.Single(answers, answer => answer.Status == HttpStatusCode.OK);
        Assert.Equal(7, answers.Count(answer => answer.Status == HttpStatusCode.PreconditionFailed));
        Assert.Equal(won.Text, (await App.GetAsync(path, editor.AccessToken)).Text);
    }

    [Fact]
    public async Task Details_OfAnotherTeam_OrToWhoIsNoEditor_AreNot()
    {
        var owner = await App.SignInAsync("o@example.com", Access.EditorRole);
        var other = await App.SignInAsync("e@example.com", Access.EditorRole);
        var viewer = await App.SignInAsync("v@example.com");
        var id = await App.PublishAsync("A", owner: owner);
        var path = $"/api/movies/{id}/details";
        foreach (var method in (HttpMethod[])[HttpMethod.Get, HttpMethod.Put, HttpMethod.Patch, HttpMethod.Delete])
        {
            var body = method == HttpMethod.Get || method == HttpMethod.Delete ? null : new { title = "B" };
            (await App.EditAsync(method, path, body, other.AccessToken, "*")).IsProblem(HttpStatusCode.NotFound, "not_found");
            (await App.EditAsync(method, path, body, viewer.AccessToken, "*")).IsProblem(HttpStatusCode.Forbidden, "forbidden");
            (await App.EditAsync(method, path, body, null, "*")).IsProblem(HttpStatusCode.Unauthorized, "unauthenticated");
        }

        Assert.Equal("A", (await App.GetAsync($"/api/movies/{id}")).Json.GetProperty("title").GetString());
        Assert.Equal(0, (await App.GetAsync("/api/movies/details", other.AccessToken)).Json.GetProperty("items").GetArrayLength());
    }

    [Fact]
    public async Task Details_ToAnAdminWhoEdits_AreThoseOfEveryTeam_ButNotByAKey()
    {
        var owner = await App.SignInAsync("o@example.com", Access.EditorRole);
        var admin = await App.SignInAsync("a@example.com", Access.EditorRole, Access.AdminRole);
        var id = await App.PublishAsync("A", owner: owner);
        var path = $"/api/movies/{id}/details";
        var key = (await App.PostAsync("/api/users/me/api-keys", new { name = "x", scopes = new[] { "catalogue" } }, admin.AccessToken)).Json.GetProperty("apiKey").GetString();
        (await App.GetAsync(path, key)).IsProblem(HttpStatusCode.NotFound, "not_found");
        (await App.GetAsync(path, (await App.SignInAsync("b@example.com", Access.AdminRole)).AccessToken)).IsProblem(HttpStatusCode.Forbidden, "forbidden");

        var series = (await App.PostAsync("/api/series", new { title = "S" }, owner.AccessToken)).Headers.Location!.ToString().Split('/')[3];
        var foreign = (await App.PostAsync("/api/series", new { title = "Another" }, admin.AccessToken)).Headers.Location!.ToString().Split('/')[3];
        // The film stays its team's, and takes its place among that team's series.
        (await App.EditAsync(HttpMethod.Patch, path, new { episode = new { seriesId = foreign, season = 1, number = 1 } }, admin.AccessToken, "*")).NamesFields("episode.seriesId");
        var edited = await App.EditAsync(HttpMethod.Patch, path, new { title = "B", episode = new { seriesId = series, season = 1, number = 1 } }, admin.AccessToken, "*");
        Assert.Equal(HttpStatusCode.OK, edited.Status);
        Assert.Equal("B", (await App.GetAsync(path, owner.AccessToken)).Json.GetProperty("title").GetString());
        Assert.Equal(HttpStatusCode.OK, (await App.EditAsync(HttpMethod.Patch, $"/api/series/{series}/details", new { title = "T" }, admin.AccessToken, "*")).Status);
        Assert.Equal(0, (await App.GetAsync("/api/movies/details", admin.AccessToken)).Json.GetProperty("items").GetArrayLength());
        Assert.Equal(HttpStatusCode.NoContent, (await App.EditAsync(HttpMethod.Delete, path, null, admin.AccessToken, "*")).Status);
    }

    [Fact]
    public async Task Draft_IsSeenAndPlayedByItsTeamOnly()
    {
        var owner = await App.SignInAsync("o@example.com", Access.EditorRole);
        var viewer = await App.SignInAsync("v@example.com");
        var id = await App.PublishAsync("A", owner: owner);
        await App.GetAsync("/api/movies");
        await App.GetAsync($"/api/movies/{id}");
        Assert.Equal(HttpStatusCode.OK, (await App.EditAsync(HttpMethod.Patch, $"/api/movies/{id}/details", new { status = "draft" }, owner.AccessToken, "*")).Status);

        Assert.Equal(0, (await App.GetAsync("/api/movies")).Json.GetProperty("items").GetArrayLength());
        (await App.GetAsync($"/api/movies/{id}")).IsProblem(HttpStatusCode.NotFound, "not_found");
        (await App.GetAsync($"/api/movies/{id}", viewer.AccessToken)).IsProblem(HttpStatusCode.NotFound, "not_found");
        (await App.PostAsync($"/api/streaming/{id}/grant", accessToken: viewer.AccessToken)).IsProblem(HttpStatusCode.NotFound, "not_found");
        Assert.Equal(HttpStatusCode.OK, (await App.GetAsync($"/api/movies/{id}", owner.AccessToken)).Status);
        Assert.Equal(HttpStatusCode.OK, (await App.PostAsync($"/api/streaming/{id}/grant", accessToken: owner.AccessToken)).Status);
    }

    [Fact]
    public async Task Scheduled_AppearsWhenItsTimeComes_AmongTheNewest()
    {
        var owner = await App.SignInAsync("o@example.com", Access.EditorRole);
        var viewer = await App.SignInAsync("v@example.com");
        var scheduled = await App.PublishAsync("Scheduled", owner: owner);
        App.Clock.Advance(TimeSpan.FromSeconds(1));
        await App.PublishAsync("Later uploaded");
        var path = $"/api/movies/{scheduled}/details";
        (await App.EditAsync(HttpMethod.Patch, path, new { status = "scheduled" }, owner.AccessToken, "*")).NamesFields("publishAt");
        (await App.EditAsync(HttpMethod.Patch, path, new { status = "scheduled", publishAt = "2026-03-01T09:00:00Z" }, owner.AccessToken, "*")).NamesFields("publishAt");
        (await App.EditAsync(HttpMethod.Patch, path, new { publishAt = "2026-03-01T11:00:00Z" }, owner.AccessToken, "*")).NamesFields("publishAt");
        var answer = await App.EditAsync(HttpMethod.Patch, path, new { status = "scheduled", publishAt = "2026-03-01T12:00:00+01:00" }, owner.AccessToken, "*");
        Assert.Equal("2026-03-01T11:00:00Z", answer.Json.GetProperty("publishAt").GetString());
        Assert.Equal(["Later uploaded"], await TitlesAsync());
        Assert.Equal("scheduled", (await App.GetAsync("/api/movies/details?status=scheduled", owner.AccessToken)).Json.GetProperty("items")[0].GetProperty("status").GetString());

        // An access token lives for a quarter of an hour.
        App.Clock.Advance(TimeSpan.FromMinutes(59));
        Assert.Equal(["Later uploaded"], await TitlesAsync());
        App.Clock.Advance(TimeSpan.FromMinutes(1));
        Assert.Equal(["Scheduled", "Later uploaded"], await TitlesAsync());
        owner = await App.SignInAgainAsync(Guid.ParseExact(owner.Id, "N"));
        Assert.Equal("published", (await App.GetAsync(path, owner.AccessToken)).Json.GetProperty("status").GetString());
        Assert.Empty((await App.GetAsync("/api/movies/details?status=scheduled", owner.AccessToken)).Json.GetProperty("items").EnumerateArray());

        async Task<string[]> TitlesAsync()
        {
            // The output cache has a clock of its own: whoever shows a token is answered past it.
            viewer = await App.SignInAgainAsync(Guid.ParseExact(viewer.Id, "N"));
            var list = await App.GetAsync("/api/movies", viewer.AccessToken);
            return [.. list.Json.GetProperty("items").EnumerateArray().Select(movie => movie.GetProperty("title").GetString()!)];
        }
    }

    [Fact]
    public async Task Draft_ThatIsPublished_AppearsNow()
    {
        var owner = await App.SignInAsync("o@example.com", Access.EditorRole);
        var id = await App.PublishAsync("A", owner: owner);
        var path = $"/api/movies/{id}/details";
        await App.EditAsync(HttpMethod.Patch, path, new { status = "draft" }, owner.AccessToken, "*");
        App.Clock.Advance(TimeSpan.FromMinutes(10));
        var published = await App.EditAsync(HttpMethod.Patch, path, new { status = "published" }, owner.AccessToken, "*");
        Assert.Equal("2026-03-01T10:10:00Z", published.Json.GetProperty("publishAt").GetString());
        Assert.Equal("2026-03-01T10:10:00Z", (await App.GetAsync($"/api/movies/{id}")).Json.GetProperty("publishedAt").GetString());
    }

    [Fact]
    public async Task Windows_OpenAFilmThereAndThenOnly()
    {
        App.Options.CountryHeader = "X-Country";
        var owner = await App.SignInAsync("o@example.com", Access.EditorRole);
        var id = await App.PublishAsync("A", owner: owner);
        var windows = new object[]
        {
            new { countries = new[] { "DE" }, until = "2026-03-01T10:05:00Z" },
            new { countries = new[] { "FR" }, from = "2026-03-01T10:05:00Z" },
        };
        await App.EditAsync(HttpMethod.Patch, $"/api/movies/{id}/details", new { windows }, owner.AccessToken, "*");

        // Each country has answers of its own in the cache.
        foreach (var _ in (int[])[1, 2])
        {
            Assert.Equal(HttpStatusCode.OK, await StatusAsync("DE"));
            Assert.Equal(HttpStatusCode.OK, await StatusAsync("de"));
            Assert.Equal(HttpStatusCode.NotFound, await StatusAsync("FR"));
            Assert.Equal(HttpStatusCode.NotFound, await StatusAsync(null));
            Assert.Equal(HttpStatusCode.NotFound, await StatusAsync("DE, FR"));
        }

        var viewer = await App.SignInAsync("v@example.com");
        Assert.Equal(HttpStatusCode.OK, await GrantAsync("DE"));
        Assert.Equal(HttpStatusCode.NotFound, await GrantAsync("FR"));
        App.Clock.Advance(TimeSpan.FromMinutes(5));
        Assert.Equal(HttpStatusCode.NotFound, await GrantAsync("DE"));
        Assert.Equal(HttpStatusCode.OK, await GrantAsync("FR"));

        async Task<HttpStatusCode> StatusAsync(string? country) =>
            (await App.SendAsync(HttpMethod.Get, $"/api/movies/{id}", headers: country is null ? [] : [("X-Country", country)])).Status;
        async Task<HttpStatusCode> GrantAsync(string country) =>
            (await App.SendAsync(HttpMethod.Post, $"/api/streaming/{id}/grant", accessToken: viewer.AccessToken, headers: ("X-Country", country))).Status;
    }

    [Fact]
    public async Task Country_WhereNoHeaderIsTrusted_IsUnknown()
    {
        var owner = await App.SignInAsync("o@example.com", Access.EditorRole);
        var id = await App.PublishAsync("A", owner: owner);
        await App.EditAsync(HttpMethod.Patch, $"/api/movies/{id}/details", new { windows = new[] { new { countries = new[] { "DE" } } } }, owner.AccessToken, "*");
        Assert.Equal(HttpStatusCode.NotFound, (await App.SendAsync(HttpMethod.Get, $"/api/movies/{id}", headers: ("X-Country", "DE"))).Status);
    }

    [Fact]
    public async Task Named_BeforeItsUploadEnds_IsSoOnceItIsAnnounced()
    {
        var owner = await App.SignInAsync("o@example.com", Access.EditorRole);
        var id = AssetId.New(App.Clock.Now);
        var path = $"/api/movies/{id}/details";
        (await App.EditAsync(HttpMethod.Put, path, new { title = "Named" }, owner.AccessToken, "*")).IsProblem(HttpStatusCode.NotFound, "not_found");
        var made = await App.EditAsync(HttpMethod.Put, path, new { title = "Named", genres = new[] { "drama" } }, owner.AccessToken, "new");
        Assert.Equal(HttpStatusCode.Created, made.Status);
        Assert.Equal(path, made.Headers.Location?.ToString());
        (await App.GetAsync($"/api/movies/{id}")).IsProblem(HttpStatusCode.NotFound, "not_found");
        var item = (await App.GetAsync("/api/movies/details", owner.AccessToken)).Json.GetProperty("items")[0];
        Assert.False(item.GetProperty("isAnnounced").GetBoolean());
        Assert.Equal(made.ETag, item.GetProperty("eTag").GetString());

        var user = Guid.ParseExact(owner.Id, "N");
        await App.AnnounceAsync(new AssetAccepted(id.Value, user, "As uploaded", App.Clock.Now));
        await App.AnnounceAsync(new AssetPublished(id.Value, user, "As uploaded", 1, 60, 1280, 720, true, App.Clock.Now));
        var movie = (await App.GetAsync($"/api/movies/{id}")).Json;
        Assert.Equal("Named", movie.GetProperty("title").GetString());
        Assert.Equal("drama", movie.GetProperty("genres")[0].GetString());
        Assert.Equal(made.ETag, (await App.GetAsync(path, owner.AccessToken)).ETag);
    }

    [Fact]
    public async Task Named_ByAStranger_IsNotTheWordOfTheTeamThatUploadsIt()
    {
        var owner = await App.SignInAsync("o@example.com", Access.EditorRole);
        var stranger = await App.SignInAsync("s@example.com", Access.EditorRole);
        var id = AssetId.New(App.Clock.Now);
        Assert.Equal(
            HttpStatusCode.Created,
            (await App.EditAsync(HttpMethod.Put, $"/api/movies/{id}/details", new { title = "Mine", status = "draft" }, stranger.AccessToken, "new")).Status);
        await App.AnnounceAsync(new AssetPublished(id.Value, Guid.ParseExact(owner.Id, "N"), "As uploaded", 1, 60, 1280, 720, true, App.Clock.Now));
        Assert.Equal("As uploaded", (await App.GetAsync($"/api/movies/{id}")).Json.GetProperty("title").GetString());
        Assert.Equal(HttpStatusCode.NotFound, (await App.GetAsync($"/api/movies/{id}/details", stranger.AccessToken)).Status);
        Assert.Equal(HttpStatusCode.OK, (await App.GetAsync($"/api/movies/{id}/details", owner.AccessToken)).Status);
    }

    [Fact]
    public async Task Announced_AsATeams_IsEditedByWhoeverIsInTheTeam()
    {
        var team = Guid.NewGuid();
        var stranger = await App.SignInAsync("s@example.com", Access.EditorRole);
        var id = AssetId.New(App.Clock.Now);
        // The uploader is in a team, which the access token says.
        await App.AnnounceAsync(new AssetPublished(id.Value, Guid.ParseExact(stranger.Id, "N"), "A", 1, 60, 1280, 720, true, App.Clock.Now, team));
        Assert.Equal(HttpStatusCode.NotFound, (await App.GetAsync($"/api/movies/{id}/details", stranger.AccessToken)).Status);
        Assert.Equal(HttpStatusCode.OK, (await App.GetAsync($"/api/movies/{id}/details", App.TokenOfTeam(team))).Status);
    }

    [Fact]
    public async Task Delete_ForgetsWhatWasSaid_AndHidesTheFilm()
    {
        var owner = await App.SignInAsync("o@example.com", Access.EditorRole);
        var id = await App.PublishAsync("As uploaded", owner: owner);
        var path = $"/api/movies/{id}/details";
        await App.EditAsync(HttpMethod.Put, path, Everything, owner.AccessToken, "*");
        Assert.Equal(HttpStatusCode.NoContent, (await App.EditAsync(HttpMethod.Delete, path, null, owner.AccessToken, "*")).Status);
        (await App.GetAsync($"/api/movies/{id}")).IsProblem(HttpStatusCode.NotFound, "not_found");
        var left = (await App.GetAsync(path, owner.AccessToken)).Json;
        Assert.Equal("draft", left.GetProperty("status").GetString());
        Assert.Equal(JsonValueKind.Null, left.GetProperty("description").ValueKind);
        Assert.Equal(0, left.GetProperty("genres").GetArrayLength());

        // One that was only named is gone; one whose asset is deleted, too.
        var named = $"/api/movies/{AssetId.New(App.Clock.Now)}/details";
        await App.EditAsync(HttpMethod.Put, named, new { title = "Named" }, owner.AccessToken, "new");
        Assert.Equal(HttpStatusCode.NoContent, (await App.EditAsync(HttpMethod.Delete, named, null, owner.AccessToken, "*")).Status);
        Assert.Equal(HttpStatusCode.NotFound, (await App.GetAsync(named, owner.AccessToken)).Status);
        Assert.Equal(HttpStatusCode.Created, (await App.EditAsync(HttpMethod.Put, named, new { title = "Named" }, owner.AccessToken, "new")).Status);
        await App.AnnounceAsync(new AssetDeleted(id.Value, App.Clock.Now));
        Assert.Equal(HttpStatusCode.NotFound, (await App.GetAsync(path, owner.AccessToken)).Status);
        (await App.EditAsync(HttpMethod.Put, path, new { title = "Again" }, owner.AccessToken, "new")).IsProblem(HttpStatusCode.PreconditionFailed, "exists");
    }

    [Theory]
    [InlineData("""{"title":"  "}""", "title")]
    [InlineData("""{"title":"two\nlines"}""", "title")]
    [InlineData("""{"titles":{"DE":"x"}}""", "titles")]
    [InlineData("""{"titles":{"de":""}}""", "titles.de")]
    [InlineData("""{"titles":{"de":null}}""", "titles.de")]
    [InlineData("""{"description":"a\u0000b"}""", "description")]
    [InlineData("""{"releaseYear":1000}""", "releaseYear")]
    [InlineData("""{"releaseYear":66999}""", "releaseYear")]
    [InlineData("""{"ageRating":{"label":"18"}}""", "ageRating.minimumAge")]
    [InlineData("""{"ageRating":{"minimumAge":18}}""", "ageRating.label")]
    [InlineData("""{"genres":["Drama",null,"a b"]}""", "genres[0]", "genres[1]", "genres[2]")]
    [InlineData("""{"people":[null]}""", "people[0].name", "people[0].role")]
    [InlineData("""{"people":[{"name":"A","role":"king"}]}""", "people[0].role")]
    [InlineData("""{"artwork":[{"kind":"poster","url":"javascript:alert(1)","width":1,"height":1}]}""", "artwork[0].url")]
    [InlineData("""{"artwork":[{"kind":"x","url":"https://u:p@a/","width":0,"height":90000,"language":"!"}]}""",
        "artwork[0].kind", "artwork[0].url", "artwork[0].width", "artwork[0].height", "artwork[0].language")]
    [InlineData("""{"status":"gone"}""", "status")]
    [InlineData("""{"status":"scheduled","publishAt":"tomorrow"}""", "publishAt")]
    [InlineData("""{"status":"scheduled","publishAt":"2027-01-01T00:00:00"}""", "publishAt")]
    [InlineData("""{"windows":[]}""", "windows")]
    [InlineData("""{"windows":[null]}""", "windows[0]")]
    [InlineData("""{"windows":[{"countries":["Germany"]}]}""", "windows[0].countries")]
    [InlineData("""{"windows":[{"countries":[]}]}""", "windows[0].countries")]
    [InlineData("""{"windows":[{"from":"2026-03-02T00:00:00Z","until":"2026-03-01T00:00:00Z"}]}""", "windows[0].until")]
    [InlineData("""{"windows":[{"from":"x"}]}""", "windows[0].from")]
    [InlineData("""{"episode":{"season":1,"number":1}}""", "episode.seriesId")]
    [InlineData("""{"episode":{"seriesId":"00000000000000000000000000000000","season":-1}}""", "episode.season", "episode.number")]
    [InlineData("""{"episode":{"seriesId":"00000000000000000000000000000000","season":1,"number":1}}""", "episode.seriesId")]
    public async Task Put_WhatCannotBe_IsNamed(string json, params string[] fields)
    {
        var owner = await App.SignInAsync("o@example.com", Access.EditorRole);
        var id = await App.PublishAsync("A", owner: owner);
        foreach (var (method, header) in new[] { (HttpMethod.Put, ("If-Match", "*")), (HttpMethod.Patch, ("If-Match", "*")), (HttpMethod.Put, ("If-None-Match", "*")) })
        {
            // What a merge takes out cannot be wrong.
            if (method == HttpMethod.Patch && json.Contains("null}", StringComparison.Ordinal)) continue;
            using var content = new StringContent(json, Encoding.UTF8, "application/json");
            var path = $"/api/movies/{(header.Item1 == "If-Match" ? id : AssetId.New(App.Clock.Now))}/details";
            (await App.SendAsync(method, path, content, owner.AccessToken, headers: header)).NamesFields(fields);
        }
    }

    [Theory]
    [InlineData("""{"titel":"A"}""")]
    [InlineData("""{"title":5}""")]
    [InlineData("""{"title":"A","title":"B"}""")]
    [InlineData("""{"people":[{"name":"A","name":"B","role":"actor"}]}""")]
    [InlineData("""{"releaseYear":1999.5}""")]
    [InlineData("""{"title":"\ud800"}""")]
    [InlineData("[]")]
    [InlineData("null")]
    [InlineData("{")]
    public async Task Put_JsonThatIsNotWhatIsExpected_Returns400(string json)
    {
        var owner = await App.SignInAsync("o@example.com", Access.EditorRole);
        var path = $"/api/movies/{await App.PublishAsync("A", owner: owner)}/details";
        foreach (var method in (HttpMethod[])[HttpMethod.Put, HttpMethod.Patch])
        {
            using var content = new StringContent(json, Encoding.UTF8, "application/json");
            (await App.SendAsync(method, path, content, owner.AccessToken, headers: ("If-Match", "*"))).IsProblem(HttpStatusCode.BadRequest, "malformed_json");
        }
    }

    [Fact]
    public async Task Put_TheLongestThatMayBe_IsTaken_AndMoreIsNot()
    {
        var owner = await App.SignInAsync("o@example.com", Access.EditorRole);
        var path = $"/api/movies/{await App.PublishAsync("A", owner: owner)}/details";
        var longest = new
        {
            title = new string('ß', 300),
            description = new string('名', 5000),
            people = Enumerable.Range(0, 200).Select(i => new { name = new string('é', 200), role = "actor", character = new string('é', 200) }),
        };
        Assert.Equal(HttpStatusCode.OK, (await App.EditAsync(HttpMethod.Put, path, longest, owner.AccessToken, "*")).Status);
        var longer = new { title = new string('x', 301), description = new string('x', 5001), people = Enumerable.Repeat(new { name = "A", role = "actor" }, 201) };
        (await App.EditAsync(HttpMethod.Put, path, longer, owner.AccessToken, "*")).NamesFields("title", "description", "people");
        (await App.EditAsync(HttpMethod.Put, path, new { description = new string('x', 1_100_000) }, owner.AccessToken, "*"))
            .IsProblem(HttpStatusCode.RequestEntityTooLarge, "too_large");
    }

    [Fact]
    public async Task List_OfTheTeamsFilms_IsWholeInPages()
    {
        var owner = await App.SignInAsync("o@example.com", Access.EditorRole);
        await App.PublishAsync("Another team's");
        var ids = new List<string>();
        for (var i = 0; i < 5; i++)
        {
            App.Clock.Advance(TimeSpan.FromSeconds(1));
            ids.Insert(0, (await App.PublishAsync($"Film {i}", owner: owner)).ToString());
        }

        var seen = new List<string>();
        for (string? after = ""; after is not null;)
        {
            var page = (await App.GetAsync($"/api/movies/details?limit=2{(after.Length > 0 ? "&after=" + after : "")}", owner.AccessToken)).Json;
            seen.AddRange(page.GetProperty("items").EnumerateArray().Select(item => item.GetProperty("id").GetString()!));
            after = page.GetProperty("next").GetString();
        }

        Assert.Equal(ids, seen);
        (await App.GetAsync("/api/movies/details?status=gone&limit=0&after=x", owner.AccessToken)).NamesFields("status", "limit", "after");
    }
}
