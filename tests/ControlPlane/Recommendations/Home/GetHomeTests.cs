using System.Net;
using Dapper;
using Movento.Contracts;

namespace Movento.ControlPlane.Tests.Recommendations.Home;

public sealed class GetHomeTests(ControlPlaneFixture fixture) : RecommendationsTest(fixture)
{
    private const string Path = "/api/recommendations/home";

    [Fact]
    public async Task Home_IsForWhoIsSignedIn_AndReadsWhatIsAsked()
    {
        (await App.GetAsync(Path)).IsProblem(HttpStatusCode.Unauthorized, "unauthenticated");
        var viewer = await App.SignInAsync("viewer@example.com");
        (await App.GetAsync(Path + "?language=*&maxAge=-1", viewer.AccessToken)).NamesFields("language", "maxAge");
        (await App.GetAsync(Path + "?maxAge=22", viewer.AccessToken)).NamesFields("maxAge");
    }

    [Fact]
    public async Task Home_WithoutAnyViews_HasTheNewFilms()
    {
        var films = await PublishAsync(3);
        await LookAsync();
        var viewer = await App.SignInAsync("viewer@example.com");
        var answer = await App.GetAsync(Path, viewer.AccessToken);
        var row = Assert.Single(answer.Json.GetProperty("rows").EnumerateArray());
        Assert.Equal("new", row.GetProperty("kind").GetString());
        Assert.Equal(films.Reverse().Select(film => film.ToString()), row.GetProperty("films").EnumerateArray().Select(film => film.GetProperty("id").GetString()));
        Assert.Equal("no-store", answer.Headers.CacheControl!.ToString());
    }

    [Fact]
    public async Task ANewView_CountsOnTheNextRequest()
    {
        var films = await PublishAsync(10);
        await CrowdWatchesAsync(films, 40);
        Assert.True(await Refit.RefitAsync(default));
        await LookAsync();
        var viewer = await App.SignInAsync("viewer@example.com");

        await WatchAsync(Guid.Parse(viewer.Id), films[1]);
        Assert.Equal(films[2].ToString(), (await RowAsync(viewer.AccessToken, "for_you"))![0]);
        await WatchAsync(Guid.Parse(viewer.Id), films[5]);
        Assert.Equal(films[6].ToString(), (await RowAsync(viewer.AccessToken, "for_you"))![0]);
    }

    [Fact]
    public async Task Home_ShowsNoFilmTwice_AndNoneThatWasWatched()
    {
        var films = await PublishAsync(30);
        await CrowdWatchesAsync(films, 60);
        await Refit.RefitAsync(default);
        await LookAsync();
        var viewer = await App.SignInAsync("viewer@example.com");
        await WatchAsync(Guid.Parse(viewer.Id), films[3], films[4], films[20]);

        var rows = (await App.GetAsync(Path, viewer.AccessToken)).Json.GetProperty("rows").EnumerateArray().ToArray();
        var shown = rows.SelectMany(row => row.GetProperty("films").EnumerateArray().Select(film => film.GetProperty("id").GetString()!)).ToArray();
        Assert.Equal(shown.Distinct(), shown);
        Assert.DoesNotContain(shown, id => id == films[3].ToString() || id == films[4].ToString() || id == films[20].ToString());
        Assert.Equal("for_you", rows[0].GetProperty("kind").GetString());
        Assert.Contains(rows, row => row.GetProperty("kind").GetString() == "trending");
    }

    [Fact]
    public async Task Because_NamesTheFilmThatWasWatched()
    {
        var films = await PublishAsync(40);
        await CrowdWatchesAsync(films, 80);
        await Refit.RefitAsync(default);
        await LookAsync();
        var viewer = await App.SignInAsync("viewer@example.com");
        // So far apart that the row for the viewer, of all that follows, is not the same as either.
        await WatchAsync(Guid.Parse(viewer.Id), films[10], films[30]);
        await using var connection = await Fixture.Recommendations.OpenConnectionAsync();

        var rows = (await App.GetAsync(Path, viewer.AccessToken)).Json.GetProperty("rows").EnumerateArray()
            .Where(row => row.GetProperty("kind").GetString() == "because").Select(row => row.GetProperty("because").GetProperty("id").GetString());
        Assert.Subset(new HashSet<string?> { films[10].ToString(), films[30].ToString() }, rows.ToHashSet());
    }

    [Fact]
    public async Task AFilmThatNobodyHasWatched_ComesByWhatItIsLike()
    {
        var films = await PublishAsync(12);
        await CrowdWatchesAsync(films[..10], 40);
        await Refit.RefitAsync(default);
        await using var connection = await Fixture.Catalogue.OpenConnectionAsync();
        await connection.ExecuteAsync("UPDATE movies SET genres = '{war}' WHERE id = ANY (@ids)", new { ids = new[] { films[1].Value, films[11].Value } });
        await LookAsync();
        var viewer = await App.SignInAsync("viewer@example.com");
        await WatchAsync(Guid.Parse(viewer.Id), films[1]);
        Assert.Contains(films[11].ToString(), (await RowAsync(viewer.AccessToken, "for_you"))!.Take(10));
        Assert.DoesNotContain(films[10].ToString(), (await RowAsync(viewer.AccessToken, "for_you"))!);
    }

    [Fact]
    public async Task AChildsHome_HasOnlyWhatIsSaidToBeForIt()
    {
        var films = await PublishAsync(4);
        await using var connection = await Fixture.Catalogue.OpenConnectionAsync();
        await connection.ExecuteAsync("UPDATE movies SET age_rating = '6', minimum_age = 6 WHERE id = @id", new { id = films[0].Value });
        await connection.ExecuteAsync("UPDATE movies SET age_rating = '16', minimum_age = 16 WHERE id = @id", new { id = films[1].Value });
        await LookAsync();
        var viewer = await App.SignInAsync("viewer@example.com");
        Assert.Equal<string>([films[0].ToString()], (await RowAsync(viewer.AccessToken, "new", "?maxAge=12"))!);
        Assert.Null(await RowAsync(viewer.AccessToken, "new", "?maxAge=5"));
    }

    [Fact]
    public async Task AFilmThatIsNotOpenHere_IsNotShown()
    {
        var films = await PublishAsync(2);
        await LookAsync();
        await using var connection = await Fixture.Catalogue.OpenConnectionAsync();
        await connection.ExecuteAsync("""UPDATE movies SET windows = '[{"countries":["DE"],"from":null,"until":null}]' WHERE id = @id""", new { id = films[0].Value });
        var viewer = await App.SignInAsync("viewer@example.com");
        Assert.Equal<string>([films[1].ToString()], (await RowAsync(viewer.AccessToken, "new"))!);
    }

    [Fact]
    public async Task Similar_IsForAnybody_AndFirstWhatOthersWatchedNext()
    {
        var films = await PublishAsync(10);
        await CrowdWatchesAsync(films, 40);
        await Refit.RefitAsync(default);
        await LookAsync();
        var answer = await App.GetAsync($"/api/recommendations/similar/{films[4]}");
        Assert.Equal(films[5].ToString(), answer.Json.GetProperty("films")[0].GetProperty("id").GetString());
        (await App.GetAsync($"/api/recommendations/similar/{new AssetId(Guid.NewGuid())}")).IsProblem(HttpStatusCode.NotFound, "not_found");
        (await App.GetAsync("/api/recommendations/similar/none")).IsProblem(HttpStatusCode.NotFound, "not_found");
    }
}
