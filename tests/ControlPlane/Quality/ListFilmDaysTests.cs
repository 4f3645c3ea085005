using System.Net;
using System.Text.Json;
using MassTransit;
using Microsoft.Extensions.DependencyInjection;
using Movento.Contracts;
using Movento.ControlPlane.Quality;
using Movento.Harness;

namespace Movento.ControlPlane.Tests.Quality;

public sealed class ListFilmDaysTests(ControlPlaneFixture fixture) : ControlPlaneTest(fixture)
{
    private const string Path = "/api/quality/films";

    [Fact]
    public async Task List_IsForEditors()
    {
        (await App.GetAsync(Path)).IsProblem(HttpStatusCode.Unauthorized, "unauthenticated");
        (await App.GetAsync(Path, (await App.SignInAsync("viewer@example.com")).AccessToken)).IsProblem(HttpStatusCode.Forbidden, "forbidden");
    }

    [Fact]
    public async Task List_OfAMessageFromTheBus_SaysHowTheFilmPlayed()
    {
        var id = await App.PublishAsync("Big Buck Bunny");
        var good = FilmPlayback.Of(id.Value, App.Clock.Now);
        await App.Services.GetRequiredService<IBus>().Publish(new PlaybacksObserved(
            Guid.NewGuid(),
            App.Clock.Now,
            [
                good,
                good with { PlayedSeconds = 30, StalledSeconds = 10, Stalls = 2, StartSeconds = 2, MeanBitrate = 1500, MeanThroughput = 3000, Ending = "failed", Errors = 3, IsEstimated = true },
                // One of which nearly nothing is known.
                good with { PlayedSeconds = 10, StartSeconds = null, MeanBitrate = null, MeanThroughput = null, DroppedFrames = null },
            ],
            0));
        var editor = (await App.SignInAsync("e@example.com", Access.EditorRole)).AccessToken;
        JsonElement[] days = [];
        await Eventually.TrueAsync(async () => (days = await ItemsAsync(Path, editor)).Length > 0, "the message is counted");

        var day = Assert.Single(days);
        Assert.Equal("2026-03-01", day.GetProperty("day").GetString());
        Assert.Equal(id.ToString(), day.GetProperty("assetId").GetString());
        Assert.Equal("Big Buck Bunny", day.GetProperty("title").GetString());
        Assert.Equal((3, 1, 1, 1), (Number("playbacks"), Number("failed"), Number("interrupted"), Number("estimated")));
        Assert.Equal((100, 10, 2, 0.090909091), (Number("playedSeconds"), Number("stalledSeconds"), Number("stalls"), Number("rebufferRatio")));
        Assert.Equal((2500, 6000), (Number("meanBitrate"), Number("meanThroughput")));
        Assert.Equal((4, 3, 3000), (Number("droppedFrames"), Number("errors"), Number("bytes")));
        var startup = day.GetProperty("startup");
        Assert.Equal((2, 1.2), (startup.GetProperty("known").GetInt32(), Math.Round(startup.GetProperty("mean").GetDouble(), 9)));
        Assert.InRange(startup.GetProperty("median").GetDouble(), 0.32, 0.5);
        Assert.InRange(startup.GetProperty("percentile95").GetDouble(), 1.6, 2.5);

        double Number(string name) => Math.Round(day.GetProperty(name).GetDouble(), 9);
    }

    [Fact]
    public async Task List_OfADayOfWhichNothingIsKnown_SaysNothing()
    {
        await RecordAsync(FilmPlayback.Of(Guid.NewGuid(), App.Clock.Now) with { PlayedSeconds = 0, StartSeconds = null, MeanBitrate = null, MeanThroughput = null });
        var day = Assert.Single(await ItemsAsync(Path, (await App.SignInAsync("e@example.com", Access.EditorRole)).AccessToken));
        Assert.Equal(JsonValueKind.Null, day.GetProperty("title").ValueKind);
        Assert.Equal(0, day.GetProperty("rebufferRatio").GetDouble());
        Assert.Equal("""{"known":0,"mean":null,"median":null,"percentile95":null}""", day.GetProperty("startup").GetRawText());
        Assert.Equal(JsonValueKind.Null, day.GetProperty("meanBitrate").ValueKind);
        Assert.Equal(JsonValueKind.Null, day.GetProperty("meanThroughput").ValueKind);
    }

    [Fact]
    public async Task List_InPages_GivesEveryDayOfEveryFilmOnceNewestFirst()
    {
        var films = Enumerable.Range(0, 5).Select(_ => Guid.NewGuid()).ToArray();
        for (var day = 0; day < 4; day++)
        {
            foreach (var film in films) await RecordAsync(FilmPlayback.Of(film, App.Clock.Now.AddDays(-day)));
        }

        var editor = (await App.SignInAsync("e@example.com", Access.EditorRole)).AccessToken;
        var seen = new List<(string Day, Guid Film)>();
        for (string? next = ""; next is not null;)
        {
            var page = (await App.GetAsync($"{Path}?limit=3{(next.Length == 0 ? "" : $"&after={next}")}", editor)).Json;
            Assert.InRange(page.GetProperty("items").GetArrayLength(), 1, 3);
            seen.AddRange(page.GetProperty("items").EnumerateArray().Select(item => (item.GetProperty("day").GetString()!, Guid.Parse(item.GetProperty("assetId").GetString()!))));
            next = page.GetProperty("next").GetString();
            // What plays meanwhile does not move the pages.
            await RecordAsync(FilmPlayback.Of(films[0], App.Clock.Now));
        }

        Assert.Equal(20, seen.Distinct().Count());
        Assert.Equal(20, seen.Count);
        Assert.Equal(seen.Select(row => row.Day).OrderDescending(), seen.Select(row => row.Day));
    }

    [Fact]
    public async Task List_OfSomeDaysOrOneFilm_GivesThoseAlone()
    {
        var (film, other) = (Guid.NewGuid(), Guid.NewGuid());
        for (var day = 0; day < 5; day++)
        {
            await RecordAsync(FilmPlayback.Of(film, App.Clock.Now.AddDays(-day)));
            await RecordAsync(FilmPlayback.Of(other, App.Clock.Now.AddDays(-day)));
        }

        var editor = (await App.SignInAsync("e@example.com", Access.EditorRole)).AccessToken;
        Assert.Equal(4, (await ItemsAsync($"{Path}?from=2026-02-28", editor)).Length);
        Assert.Equal(6, (await ItemsAsync($"{Path}?to=2026-02-27", editor)).Length);
        var two = await ItemsAsync($"{Path}?from=2026-02-26&to=2026-02-27&assetId={film:N}", editor);
        Assert.Equal(["2026-02-27", "2026-02-26"], two.Select(item => item.GetProperty("day").GetString()!));
        Assert.All(two, item => Assert.Equal($"{film:N}", item.GetProperty("assetId").GetString()));
    }

    [Theory]
    [InlineData("from=2026-3-1", "from")]
    [InlineData("from=2026-02-30", "from")]
    [InlineData("to=", "to")]
    [InlineData("to=tomorrow&from=x", "from", "to")]
    [InlineData("assetId=x", "assetId")]
    [InlineData("limit=0", "limit")]
    [InlineData("limit=201", "limit")]
    [InlineData("after=x", "after")]
    [InlineData("after=___________________________", "after")]
    public async Task List_ParametersThatCannotBe_AreNamed(string query, params string[] fields) =>
        (await App.GetAsync($"{Path}?{query}", (await App.SignInAsync("e@example.com", Access.EditorRole)).AccessToken)).NamesFields(fields);

    private Task<bool> RecordAsync(params PlaybackQuality[] playbacks) => App.Services.GetRequiredService<QualityRecords>()
        .RecordAsync(new PlaybacksObserved(Guid.NewGuid(), App.Clock.Now, playbacks, 0), CancellationToken.None);

    private async Task<JsonElement[]> ItemsAsync(string path, string editor)
    {
        var answer = await App.GetAsync(path, editor);
        Assert.Equal(HttpStatusCode.OK, answer.Status);
        return [.. answer.Json.GetProperty("items").EnumerateArray()];
    }
}
