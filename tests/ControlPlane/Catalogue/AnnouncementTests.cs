using System.Net;
using Dapper;
using Movento.Contracts;

namespace Movento.ControlPlane.Tests.Catalogue;

public sealed class AnnouncementTests(ControlPlaneFixture fixture) : ControlPlaneTest(fixture)
{
    private static readonly Guid Owner = Guid.NewGuid();

    [Fact]
    public async Task Announcements_EachIsAnsweredByItsRecord()
    {
        var id = Guid.CreateVersion7();
        Assert.Equal(new AnnouncementRecorded(id, "accepted", 0), await App.AnnounceAsync(Accepted(id)));
        Assert.Equal(new AnnouncementRecorded(id, "published", 2), await App.AnnounceAsync(Published(id, 2)));
        Assert.Equal(new AnnouncementRecorded(id, "rejected", 0), await App.AnnounceAsync(Rejected(id)));
        Assert.Equal(new AnnouncementRecorded(id, "deleted", 0), await App.AnnounceAsync(Deleted(id)));
        Assert.Equal(new AnnouncementRecorded(id, "deleted", 0), await App.AnnounceAsync(Deleted(id)));
        Assert.Equal(new AnnouncementRecorded(id, "published", 2), await App.AnnounceAsync(Published(id, 2)));
    }

    [Fact]
    public async Task Announcements_InEveryOrderAndTwice_LeaveTheSameFilm()
    {
        var films = new List<string>();
        foreach (var order in Orders(4))
        {
            var id = Guid.CreateVersion7();
            object[] announcements = [Accepted(id), Published(id, 1), Published(id, 2), Rejected(id)];
            foreach (var index in order) await App.AnnounceAsync(announcements[index]);
            foreach (var index in order.Reverse()) await App.AnnounceAsync(announcements[index]);
            films.Add((await RowAsync(id)).Replace(id.ToString(), "", StringComparison.Ordinal));
        }

        Assert.Equal(24, films.Count);
        var film = Assert.Single(films.Distinct());
        Assert.Contains("title of version 2", film, StringComparison.Ordinal);
        Assert.Contains("not_media", film, StringComparison.Ordinal);
    }

    [Fact]
    public async Task Announcements_WithADeletionAnywhere_LeaveOnlyATombstone()
    {
        foreach (var order in Orders(4))
        {
            var id = Guid.CreateVersion7();
            object[] announcements = [Accepted(id), Published(id, 1), Rejected(id), Deleted(id)];
            foreach (var index in order) await App.AnnounceAsync(announcements[index]);

            (await App.GetAsync($"/api/movies/{id:N}")).IsProblem(HttpStatusCode.NotFound, "not_found");
            var row = await RowAsync(id);
            Assert.DoesNotContain("title", row, StringComparison.Ordinal);
            Assert.DoesNotContain(Owner.ToString(), row, StringComparison.Ordinal);
            Assert.DoesNotContain("not_media", row, StringComparison.Ordinal);
        }
    }

    [Fact]
    public async Task Accepted_OrRejected_IsNoFilmYet()
    {
        var id = Guid.CreateVersion7();
        await App.AnnounceAsync(Accepted(id));
        (await App.GetAsync($"/api/movies/{id:N}")).IsProblem(HttpStatusCode.NotFound, "not_found");
        await App.AnnounceAsync(Rejected(id));
        (await App.GetAsync($"/api/movies/{id:N}")).IsProblem(HttpStatusCode.NotFound, "not_found");
        Assert.Equal(0, (await App.GetAsync("/api/movies")).Json.GetProperty("items").GetArrayLength());
    }

    [Fact]
    public async Task Playable_InEveryOrderWithItsPublication_LeavesThePublishedFilm()
    {
        foreach (var order in Orders(3))
        {
            var id = Guid.CreateVersion7();
            object[] announcements = [Accepted(id), Playable(id, 1), Published(id, 1)];
            foreach (var index in order) await App.AnnounceAsync(announcements[index]);

            var film = (await App.GetAsync($"/api/movies/{id:N}")).Json;
            Assert.False(film.GetProperty("isGrowing").GetBoolean());
            Assert.Equal(61, film.GetProperty("durationSeconds").GetDouble());
        }
    }

    [Fact]
    public async Task Playable_IsAFilmWithWhatIsExpectedOfIt()
    {
        var id = Guid.CreateVersion7();
        Assert.Equal(new AnnouncementRecorded(id, "playable", 1), await App.AnnounceAsync(Playable(id, 1)));

        var film = Assert.Single((await App.GetAsync("/api/movies")).Json.GetProperty("items").EnumerateArray());
        Assert.Equal(id.ToString("N"), film.GetProperty("id").GetString());
        Assert.True(film.GetProperty("isGrowing").GetBoolean());
        Assert.Equal(600, film.GetProperty("durationSeconds").GetDouble());
        Assert.Equal(360, film.GetProperty("height").GetInt32());
    }

    [Fact]
    public async Task Playable_OfALaterVersion_LeavesTheWholeOnePlaying()
    {
        var id = Guid.CreateVersion7();
        await App.AnnounceAsync(Published(id, 1));
        await App.AnnounceAsync(Playable(id, 2));

        var film = (await App.GetAsync($"/api/movies/{id:N}")).Json;
        Assert.False(film.GetProperty("isGrowing").GetBoolean());
        Assert.Equal("title of version 1", film.GetProperty("title").GetString());
    }

    [Theory]
    [InlineData("rejected")]
    [InlineData("cancelled")]
    [InlineData("deleted")]
    public async Task Playable_ThatEndsOtherwise_IsNoFilmAnyMoreInWhateverOrder(string end)
    {
        foreach (var isLate in (bool[])[false, true])
        {
            var id = Guid.CreateVersion7();
            object ending = end switch { "rejected" => Rejected(id), "deleted" => Deleted(id), _ => new AssetCancelled(id, 1, At(9)) };
            await App.AnnounceAsync(isLate ? ending : Playable(id, 1));
            await App.AnnounceAsync(isLate ? Playable(id, 1) : ending);
            (await App.GetAsync($"/api/movies/{id:N}")).IsProblem(HttpStatusCode.NotFound, "not_found");
        }
    }

    [Theory]
    [InlineData("Robert'); DROP TABLE movies; --")]
    [InlineData("<img src=x onerror=alert(1)>\"'&amp;")]
    [InlineData("two\nlines\tand \u202Eright to left\u202C 😀 名前")]
    public async Task Published_TitleThatMeansSomethingElsewhere_IsReturnedVerbatim(string title)
    {
        var id = await App.PublishAsync(title);
        Assert.Equal(title, (await App.GetAsync($"/api/movies/{id}")).Json.GetProperty("title").GetString());
        var list = await App.GetAsync("/api/movies");
        Assert.Equal(title, list.Json.GetProperty("items")[0].GetProperty("title").GetString());
        // Even where a page would paste the JSON into HTML.
        Assert.DoesNotContain("<img", list.Text, StringComparison.Ordinal);
    }

    [Fact]
    public async Task Published_TitleThatTheDatabaseCannotHold_IsRecordedWithoutTheImpossible()
    {
        var id = await App.PublishAsync("a\0b");
        Assert.Equal("a\uFFFDb", (await App.GetAsync($"/api/movies/{id}")).Json.GetProperty("title").GetString());
    }

    private static AssetAccepted Accepted(Guid id) => new(id, Owner, "title as accepted", At(1));

    private static AssetPlayable Playable(Guid id, int version) => new(id, Owner, "title while it grows", version, 600, 640, 360, At(1));

    private static AssetPublished Published(Guid id, int version) => new(
        id, Owner, $"title of version {version}", version, 60 + version, 1280, 720, HasPoster: version > 1, At(1 + version));

    private static AssetRejected Rejected(Guid id) => new(id, "not_media", "This is no media.", At(9));

    private static AssetDeleted Deleted(Guid id) => new(id, At(10));

    // From another time zone, as a message may be.
    private static DateTimeOffset At(int minute) => new(2026, 2, 1, 12, minute, 0, TimeSpan.FromHours(5));

    private async Task<string> RowAsync(Guid id)
    {
        await using var connection = await App.Catalogue.OpenConnectionAsync();
        return await connection.QuerySingleAsync<string>("SELECT m::text FROM movies m WHERE id = @id", new { id });
    }

    private static IEnumerable<int[]> Orders(int count) => count == 0
        ? [[]]
        : Orders(count - 1).SelectMany(order => Enumerable.Range(0, count).Select(place => (int[])[.. order[..place], count - 1, .. order[place..]]));
}
