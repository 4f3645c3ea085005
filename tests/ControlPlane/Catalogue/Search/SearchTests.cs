using System.Net;
using Dapper;
using Movento.Contracts;
using Movento.ControlPlane.Catalogue.Search;
using Movento.Database;
using Movento.Servers;
using Npgsql;

namespace Movento.ControlPlane.Tests.Catalogue.Search;

public sealed class SearchTests(ControlPlaneFixture fixture) : ControlPlaneTest(fixture)
{
    [Fact]
    public async Task Search_ByWords_FindsTheBestFirst()
    {
        var editor = await App.SignInAsync("e@example.com", Access.EditorRole);
        await AddAsync(editor, new { title = "A Film about Something Else", description = "In which the matrix is mentioned." });
        await AddAsync(editor, new { title = "Something by Matrix", people = new[] { new { name = "Ada Matrix", role = "director" } } });
        await AddAsync(editor, new { title = "The Matrix Reloaded" });
        await AddAsync(editor, new { title = "Matrix" });
        await AddAsync(editor, new { title = "Matrix Revisited" });
        await AddAsync(editor, new { title = "Nothing of it" });

        var titles = await TitlesAsync("/api/search?q=matrix");
        Assert.Equal(["Matrix", "Matrix Revisited"], titles[..2]);
        Assert.Equal("A Film about Something Else", titles[^1]);
        Assert.Equal(5, titles.Count);
        Assert.Equal(["The Matrix Reloaded"], await TitlesAsync("/api/search?q=the%20MATRIX%20relo"));
        Assert.Equal(["Something by Matrix"], await TitlesAsync("/api/search?q=ada"));
        Assert.Empty(await TitlesAsync("/api/search?q=matrix%20else%20reloaded"));
    }

    [Theory]
    [InlineData("amelie")]
    [InlineData("AMÉLIE")]
    [InlineData("amel")]
    [InlineData("amelei")]
    [InlineData("ameile poulain")]
    [InlineData("die fabelhafte")]
    [InlineData("fabelahfte welt")]
    [InlineData("Tautou")]
    [InlineData("tatou")]
    [InlineData("strasse montmartre")]
    [InlineData("  le, fabuleux... (destin)  ")]
    public async Task Search_ByBeginnings_OtherLanguages_OrWithTypingErrors_FindsTheFilm(string query)
    {
        var editor = await App.SignInAsync("e@example.com", Access.EditorRole);
        await AddAsync(editor, new
        {
            title = "Le Fabuleux Destin d’Amélie Poulain",
            titles = new { de = "Die fabelhafte Welt der Amélie" },
            description = "Die Straße am Montmartre.",
            people = new[] { new { name = "Audrey Tautou", role = "actor" } },
        });
        await AddAsync(editor, new { title = "Metropolis" });
        Assert.Equal(["Le Fabuleux Destin d’Amélie Poulain"], await TitlesAsync($"/api/search?q={Uri.EscapeDataString(query)}"));
    }

    [Fact]
    public async Task Search_OfWhatIsSpelledRight_IsNotCorrected()
    {
        var editor = await App.SignInAsync("e@example.com", Access.EditorRole);
        await AddAsync(editor, new { title = "The Fox" });
        await AddAsync(editor, new { title = "The Box" });
        var exact = (await App.GetAsync("/api/search?q=box")).Json;
        Assert.False(exact.GetProperty("isCorrected").GetBoolean());
        Assert.Equal(1, exact.GetProperty("total").GetInt32());
        var corrected = (await App.GetAsync("/api/search?q=boxx")).Json;
        Assert.True(corrected.GetProperty("isCorrected").GetBoolean());
        Assert.Equal("The Box", corrected.GetProperty("items")[0].GetProperty("movie").GetProperty("title").GetString());
        Assert.Equal(0, (await App.GetAsync("/api/search?q=zzzzzzzz")).Json.GetProperty("total").GetInt32());
    }

    [Fact]
    public async Task Search_OfWordsThatEachExist_ButNotTogether_FindsWhatWasMeant()
    {
        await App.PublishAsync("Star Wars");
        await App.PublishAsync("The Start");
        var answer = (await App.GetAsync("/api/search?q=start%20wars")).Json;
        Assert.True(answer.GetProperty("isCorrected").GetBoolean());
        Assert.Equal("Star Wars", Assert.Single(answer.GetProperty("items").EnumerateArray()).GetProperty("movie").GetProperty("title").GetString());
        // A word that no title has is what is likely to be wrong: the others stay.
        Assert.Equal(["The Start"], await TitlesAsync("/api/search?q=thhe%20start"));
        Assert.Empty(await TitlesAsync("/api/search?q=start%20zzzzzz"));
    }

    [Fact]
    public async Task Search_WithFilters_NarrowsItemsAndFacets()
    {
        var editor = await App.SignInAsync("e@example.com", Access.EditorRole);
        await AddAsync(editor, new { title = "Moon One", genres = new[] { "drama", "science-fiction" }, releaseYear = 1968, ageRating = new { label = "12", minimumAge = 12 } });
        await AddAsync(editor, new { title = "Moon Two", genres = new[] { "drama" }, releaseYear = 1995, ageRating = new { label = "18", minimumAge = 18 } });
        await AddAsync(editor, new { title = "Moon Three", genres = new[] { "comedy" }, releaseYear = 1999 });
        await App.PostAsync("/api/series", new { title = "Moon Series", genres = new[] { "drama" }, releaseYear = 1990 }, editor.AccessToken);

        var all = (await App.GetAsync("/api/search?q=moon")).Json;
        Assert.Equal(4, all.GetProperty("total").GetInt32());
        var facets = all.GetProperty("facets");
        Assert.Equal("""[{"value":"movie","count":3},{"value":"series","count":1}]""", facets.GetProperty("kinds").GetRawText());
        Assert.Equal("""[{"value":"drama","count":3},{"value":"comedy","count":1},{"value":"science-fiction","count":1}]""", facets.GetProperty("genres").GetRawText());
        Assert.Equal("""[{"value":"1990","count":3},{"value":"1960","count":1}]""", facets.GetProperty("decades").GetRawText());
        Assert.Equal("""[{"value":"12","count":1},{"value":"18","count":1}]""", facets.GetProperty("minimumAges").GetRawText());

        Assert.Equal(["Moon Series"], await TitlesAsync("/api/search?q=moon&kind=series"));
        Assert.Equal(["Moon One"], await TitlesAsync("/api/search?q=moon&genre=drama&genre=science-fiction"));
        Assert.Equal(["Moon Three", "Moon Two"], Sorted(await TitlesAsync("/api/search?q=moon&kind=movie&yearFrom=1990&yearTo=1999")));
        Assert.Equal(["Moon One"], await TitlesAsync("/api/search?q=moon&maxAge=16"));
        Assert.Equal(["Moon One", "Moon Two"], Sorted(await TitlesAsync("/api/search?genre=drama&kind=movie")));
    }

    [Fact]
    public async Task Search_InPages_GivesEveryOneOnce()
    {
        for (var i = 0; i < 7; i++) await App.PublishAsync($"Equal title {i % 3}");
        foreach (var query in (string[])["q=equal", "q=equal%20tit", "kind=movie"])
        {
            var seen = new List<string>();
            var pages = 0;
            for (string? after = ""; after is not null; pages++)
            {
                var page = (await App.GetAsync($"/api/search?{query}&limit=3{(after.Length > 0 ? "&after=" + after : "")}")).Json;
                Assert.Equal(7, page.GetProperty("total").GetInt32());
                seen.AddRange(page.GetProperty("items").EnumerateArray().Select(item => item.GetProperty("movie").GetProperty("id").GetString()!));
                after = page.GetProperty("next").GetString();
            }

            Assert.Equal(3, pages);
            Assert.Equal(7, seen.Distinct().Count());
        }
    }

    [Fact]
    public async Task Search_OfTitlesThatBeginWithALetter_FindsThem()
    {
        await App.PublishAsync("X");
        await App.PublishAsync("Xanadu");
        await App.PublishAsync("The X Files");
        await App.PublishAsync("Exit");
        Assert.Equal(["The X Files", "X", "Xanadu"], Sorted(await TitlesAsync("/api/search?q=x")));
        Assert.Equal("X", (await TitlesAsync("/api/search?q=x"))[0]);
        Assert.Equal(["The X Files"], await TitlesAsync("/api/search?q=the%20x"));
        Assert.Empty(await TitlesAsync("/api/search?q=files%20y"));
    }

    [Fact]
    public async Task Search_OfATitle_FindsIt_HoweverManyNewerFilmsOnlyMentionItsWords()
    {
        await App.PublishAsync("Xylophone");
        await App.PublishAsync("The Last of the Xylophones");
        await using var connection = await App.Catalogue.OpenConnectionAsync();
        await connection.ExecuteAsync(
            $"""
            INSERT INTO movies (id, owner_id, team_id, announced_title, version, published_at, description)
            SELECT gen_random_uuid(), gen_random_uuid(), gen_random_uuid(), 'Newer', 1, now() + interval '1 day', 'Of the last xylophone, xylophones and more.'
            FROM generate_series(1, {TitleSearch.MaxDocuments + 50})
            """);
        var answer = (await App.GetAsync("/api/search?q=xylophone")).Json;
        Assert.Equal(["Xylophone", "The Last of the Xylophones", "Newer"], (await TitlesAsync("/api/search?q=xylophone"))[..3]);
        Assert.True(answer.GetProperty("isBounded").GetBoolean());
        Assert.InRange(answer.GetProperty("total").GetInt32(), TitleSearch.MaxDocuments, TitleSearch.MaxDocuments + 2);
        Assert.Equal("The Last of the Xylophones", (await TitlesAsync("/api/search?q=last%20xylophones"))[0]);
        Assert.Equal("The Last of the Xylophones", (await TitlesAsync("/api/search?q=last%20x"))[0]);
        Assert.False((await App.GetAsync("/api/search?q=newer")).Json.GetProperty("isBounded").GetBoolean());
    }

    [Fact]
    public async Task Search_ByBeginnings_IsOfTitlesPeopleAndGenres_OfDescriptionsByWholeWords()
    {
        var editor = await App.SignInAsync("e@example.com", Access.EditorRole);
        await AddAsync(editor, new
        {
            title = "Nosferatu", genres = new[] { "horror" }, description = "A symphony of dread.", people = new[] { new { name = "Max Schreck", role = "actor" } },
        });
        foreach (var found in (string[])["nosf", "schre", "horr", "symphony", "dread schre", "symphony nosf", "max s"])
            Assert.Equal(["Nosferatu"], await TitlesAsync($"/api/search?q={Uri.EscapeDataString(found)}"));
        foreach (var lost in (string[])["symp", "dread symph", "=movie", "@horror nothing"])
            Assert.Empty(await TitlesAsync($"/api/search?q={Uri.EscapeDataString(lost)}"));
    }

    [Fact]
    public async Task Search_AfterAnEdit_IsNewAtOnce_ElseFromTheCache()
    {
        var editor = await App.SignInAsync("e@example.com", Access.EditorRole);
        var id = await App.PublishAsync("Before", owner: editor);
        Assert.Single(await TitlesAsync("/api/search?q=before"));
        Assert.NotNull((await App.GetAsync("/api/search?q=before")).Headers.Age);
        await App.EditAsync(HttpMethod.Patch, $"/api/movies/{id}/details", new { title = "After" }, editor.AccessToken, "*");
        Assert.Empty(await TitlesAsync("/api/search?q=before"));
        Assert.Equal(["After"], await TitlesAsync("/api/search?q=after"));
        await App.EditAsync(HttpMethod.Patch, $"/api/movies/{id}/details", new { status = "draft" }, editor.AccessToken, "*");
        Assert.Empty(await TitlesAsync("/api/search?q=after"));
        await App.EditAsync(HttpMethod.Patch, $"/api/movies/{id}/details", new { status = "published" }, editor.AccessToken, "*");
        Assert.Single(await TitlesAsync("/api/search?q=after"));
        await App.AnnounceAsync(new AssetDeleted(id.Value, App.Clock.Now));
        Assert.Empty(await TitlesAsync("/api/search?q=after"));
        await using var connection = await App.Catalogue.OpenConnectionAsync();
        Assert.Equal(0, await connection.QuerySingleAsync<int>("SELECT count(*)::int FROM search_documents"));
    }

    [Fact]
    public async Task Search_FindsOnlyWhatIsOpenHereAndNow()
    {
        App.Options.CountryHeader = "X-Country";
        var editor = await App.SignInAsync("e@example.com", Access.EditorRole);
        await AddAsync(editor, new { title = "Only there", windows = new[] { new { countries = new[] { "DE" } } } });
        await AddAsync(editor, new { title = "Only later", status = "scheduled", publishAt = "2026-03-01T12:00:00Z" });
        Assert.Empty(await TitlesAsync("/api/search?q=only"));
        var there = (await App.SendAsync(HttpMethod.Get, "/api/search?q=only", headers: ("X-Country", "DE"))).Json;
        Assert.Equal(1, there.GetProperty("total").GetInt32());
    }

    [Theory]
    [InlineData("q=%00", "q")]
    [InlineData("kind=person", "kind")]
    [InlineData("genre=Drama", "genre")]
    [InlineData("genre=a&genre=b&genre=c&genre=d&genre=e&genre=f", "genre")]
    [InlineData("yearFrom=-1", "yearFrom")]
    [InlineData("yearTo=x", "yearTo")]
    [InlineData("maxAge=99999", "maxAge")]
    [InlineData("limit=0", "limit")]
    [InlineData("after=x", "after")]
    [InlineData("language=x", "language")]
    public async Task Search_ParametersThatCannotBe_AreNamed(string query, string field) =>
        (await App.GetAsync($"/api/search?{query}")).NamesFields(field);

    [Theory]
    [InlineData("'); DROP TABLE movies; --")]
    [InlineData("a & b | !c <-> (")]
    [InlineData("%_\\")]
    [InlineData("\"quoted\" -minus")]
    [InlineData("!!!")]
    [InlineData("🎬")]
    [InlineData("’")]
    public async Task Search_WhatMeansSomethingElsewhere_IsOnlyText(string query)
    {
        await App.PublishAsync("Metropolis");
        var answer = await App.GetAsync($"/api/search?q={Uri.EscapeDataString(query)}");
        Assert.Equal(HttpStatusCode.OK, answer.Status);
        Assert.Equal(0, answer.Json.GetProperty("total").GetInt32());
        (await App.GetAsync($"/api/search?q={new string('x', 201)}")).NamesFields("q");
    }

    [Theory]
    [InlineData("", null)]
    [InlineData("CREATE SCHEMA extensions; CREATE EXTENSION pg_trgm SCHEMA extensions; GRANT USAGE ON SCHEMA extensions TO lowly", null)]
    // Whatever stands in its way: here a function that has one of its names.
    [InlineData("CREATE FUNCTION catalogue.similarity(text, text) RETURNS real LANGUAGE sql RETURN 0.5", "function \"similarity\" already exists")]
    public async Task Migration_ByARoleThatIsNoSuperuser_HasTheExtension_OrSaysWhyNot(string before, string? wrong)
    {
        var postgres = new PostgresFixture();
        await postgres.InitializeAsync();
        try
        {
            var superuser = new NpgsqlConnectionStringBuilder(await postgres.CreateDatabaseAsync()) { Pooling = false };
            await using (var connection = new NpgsqlConnection(superuser.ConnectionString))
            {
                await connection.OpenAsync();
                await connection.ExecuteAsync(
                    $"""
                    DO $$ BEGIN CREATE ROLE lowly LOGIN; EXCEPTION WHEN duplicate_object THEN NULL; END $$;
                    GRANT CREATE ON DATABASE {superuser.Database} TO lowly; CREATE SCHEMA catalogue AUTHORIZATION lowly; {before}
                    """);
            }

            await using var source = NpgsqlDataSource.Create(
                new NpgsqlConnectionStringBuilder(superuser.ConnectionString) { Username = "lowly", SearchPath = "catalogue" });
            var migrating = MigrationRunner.ApplyAsync(source, "catalogue", typeof(ControlPlaneOptions).Assembly, CancellationToken.None);
            if (wrong is not null)
            {
                var error = await Assert.ThrowsAsync<MigrationException>(() => migrating);
                Assert.Contains("extension pg_trgm", error.Message, StringComparison.Ordinal);
                Assert.Contains(wrong, error.Message, StringComparison.Ordinal);
                return;
            }

            await migrating;
            await using var own = await source.OpenConnectionAsync();
            await own.ExecuteAsync("INSERT INTO search_words VALUES ('matrix')");
            Assert.Equal("matrix", await own.QuerySingleAsync<string>("SELECT near_words('matrx', 5)"));
        }
        finally
        {
            await postgres.DisposeAsync();
        }
    }

    private static List<string> Sorted(IEnumerable<string> titles) => [.. titles.Order(StringComparer.Ordinal)];

    private async Task AddAsync(SignedInUser editor, object details)
    {
        var id = await App.PublishAsync("As uploaded", owner: editor);
        Assert.Equal(HttpStatusCode.OK, (await App.EditAsync(HttpMethod.Put, $"/api/movies/{id}/details", details, editor.AccessToken, "*")).Status);
    }

    private async Task<List<string>> TitlesAsync(string path)
    {
        var answer = await App.GetAsync(path);
        Assert.Equal(HttpStatusCode.OK, answer.Status);
        return
        [
            .. answer.Json.GetProperty("items").EnumerateArray().Select(item =>
                item.GetProperty(item.GetProperty("kind").GetString()!).GetProperty("title").GetString()!),
        ];
    }
}
