using System.Net;
using System.Net.Http.Json;
using System.Text.Json;
using Dapper;
using Microsoft.Extensions.DependencyInjection;
using Movento.Contracts;
using Movento.ControlPlane.Recommendations.Views;
using Movento.ControlPlane.Viewing;
using Movento.Harness;

namespace Movento.ControlPlane.Tests.Viewing;

public sealed class ViewingTests(ControlPlaneFixture fixture) : ControlPlaneTest(fixture)
{
    [Fact]
    public async Task Heartbeats_InWhateverOrderAndTwice_LeaveTheNewestWord()
    {
        var user = await App.SignInAsync("v@example.com");
        var film = await App.PublishAsync("A", durationSeconds: 1000);
        object[] words =
        [
            new { assetId = film.ToString(), position = 10, duration = 1000, watchedAt = "2026-03-01T09:00:10Z" },
            new { assetId = film.ToString(), position = 300.5, duration = 1000, watchedAt = "2026-03-01T09:05:00Z" },
            new { assetId = film.ToString(), position = 20, duration = 1000, watchedAt = "2026-03-01T09:00:20Z" },
        ];
        // By a player whose clock is an hour behind.
        await SayAsync(user, words, sentAt: "2026-03-01T09:10:00Z");
        await SayAsync(user, [words[0]], sentAt: "2026-03-01T09:10:00Z");
        foreach (var word in words) await SayAsync(user, [word], sentAt: "2026-03-01T09:10:00Z");

        var at = (await App.GetAsync($"/api/viewing/history/{film}", user.AccessToken)).Json;
        Assert.Equal(300.5, at.GetProperty("position").GetDouble());
        Assert.Equal("2026-03-01T09:55:00Z", at.GetProperty("watchedAt").GetString());
        Assert.False(at.GetProperty("isCompleted").GetBoolean());
        var item = Assert.Single((await App.GetAsync("/api/viewing/continue", user.AccessToken)).Json.GetProperty("items").EnumerateArray());
        Assert.Equal("A", item.GetProperty("movie").GetProperty("title").GetString());
    }

    [Fact]
    public async Task Film_SeenToItsEnd_IsCompleted_AndBeginsAnew()
    {
        var user = await App.SignInAsync("v@example.com");
        var film = await App.PublishAsync("A", durationSeconds: 1000);
        await SayAsync(user, [new { assetId = film.ToString(), position = 949, duration = 1000 }]);
        Assert.Single((await App.GetAsync("/api/viewing/continue", user.AccessToken)).Json.GetProperty("items").EnumerateArray());
        App.Clock.Advance(TimeSpan.FromSeconds(1));
        await SayAsync(user, [new { assetId = film.ToString(), position = 950, duration = 1000 }]);
        var seen = (await App.GetAsync($"/api/viewing/history/{film}", user.AccessToken)).Json;
        Assert.True(seen.GetProperty("isCompleted").GetBoolean());
        Assert.Equal(0, seen.GetProperty("position").GetDouble());
        Assert.Empty((await App.GetAsync("/api/viewing/continue", user.AccessToken)).Json.GetProperty("items").EnumerateArray());

        App.Clock.Advance(TimeSpan.FromSeconds(1));
        await SayAsync(user, [new { assetId = film.ToString(), position = 60, duration = 1000 }]);
        var again = (await App.GetAsync($"/api/viewing/history/{film}", user.AccessToken)).Json;
        Assert.False(again.GetProperty("isCompleted").GetBoolean());
        Assert.Equal("2026-03-01T10:00:01Z", again.GetProperty("completedAt").GetString());
        Assert.Single((await App.GetAsync("/api/viewing/continue", user.AccessToken)).Json.GetProperty("items").EnumerateArray());
    }

    [Fact]
    public async Task History_InPages_IsTheUsersOwn_AndContinueLeavesOutWhatCannotBeWatched()
    {
        var user = await App.SignInAsync("v@example.com");
        var other = await App.SignInAsync("o@example.com");
        var films = new List<string>();
        for (var i = 0; i < 5; i++)
        {
            var film = await App.PublishAsync($"Film {i}", durationSeconds: 1000);
            films.Insert(0, film.ToString());
            await SayAsync(user, [new { assetId = film.ToString(), position = 100, duration = 1000 }]);
            App.Clock.Advance(TimeSpan.FromSeconds(1));
        }

        await SayAsync(other, [new { assetId = films[0], position = 7, duration = 1000 }]);
        await SayAsync(user, [new { assetId = films[4], position = 4, duration = 1000 }]);
        await App.AnnounceAsync(new AssetDeleted(Guid.ParseExact(films[1], "N"), App.Clock.Now));

        Assert.Equal([films[4], .. films[..4]], await PagesAsync("/api/viewing/history?limit=2", user));
        // Who only looked in does not go on, and what is gone cannot be.
        Assert.Equal([films[0], films[2], films[3]], await PagesAsync("/api/viewing/continue?limit=2", user));
        Assert.Equal([films[0]], await PagesAsync("/api/viewing/history?limit=2", other));
        var export = await App.GetAsync("/api/viewing/export", user.AccessToken);
        Assert.Equal("viewing-history.json", export.ContentHeaders.ContentDisposition?.FileName);
        Assert.Equal(5, export.Json.GetProperty("items").GetArrayLength());
    }

    [Fact]
    public async Task Erased_OneFilmOrAll_DoesNotComeBackByALateWord()
    {
        var user = await App.SignInAsync("v@example.com");
        var (a, b) = (AssetId.New(App.Clock.Now).ToString(), AssetId.New(App.Clock.Now).ToString());
        var before = Watched(a, 100, "2026-03-01T10:00:00Z");
        await SayAsync(user, [before, Watched(b, 100, "2026-03-01T10:00:00Z")], "2026-03-01T10:00:00Z");
        App.Clock.Advance(TimeSpan.FromSeconds(10));
        Assert.Equal(HttpStatusCode.NoContent, (await App.SendAsync(HttpMethod.Delete, $"/api/viewing/history/{a}", accessToken: user.AccessToken)).Status);
        await SayAsync(user, [before], "2026-03-01T10:00:10Z");
        Assert.Equal([b], await PagesAsync("/api/viewing/history?limit=9", user));
        (await App.GetAsync($"/api/viewing/history/{a}", user.AccessToken)).IsProblem(HttpStatusCode.NotFound, "not_found");

        Assert.Equal(HttpStatusCode.NoContent, (await App.SendAsync(HttpMethod.Delete, "/api/viewing/history", accessToken: user.AccessToken)).Status);
        await SayAsync(user, [before, Watched(b, 200, "2026-03-01T10:00:05Z")], "2026-03-01T10:00:10Z");
        Assert.Empty(await PagesAsync("/api/viewing/history?limit=9", user));
        await using (var connection = await App.Viewing.OpenConnectionAsync())
            Assert.Equal(0, await connection.QuerySingleAsync<int>("SELECT count(*)::int FROM watched"));

        // What is watched afterwards counts.
        App.Clock.Advance(TimeSpan.FromSeconds(10));
        await SayAsync(user, [Watched(a, 30, "2026-03-01T10:00:20Z")], "2026-03-01T10:00:20Z");
        Assert.Equal([a], await PagesAsync("/api/viewing/history?limit=9", user));

        static object Watched(string asset, int position, string at) => new { assetId = asset, position, duration = 1000, watchedAt = at };
    }

    [Fact]
    public async Task Profiles_HaveHistoriesOfTheirOwn_BesideTheOneOfNobodyInParticular()
    {
        var nobody = await App.SignInAsync("v@example.com");
        var profile = await App.PostAsync("/api/users/me/profiles", new { name = "Kim" }, nobody.AccessToken);
        var id = profile.Json.GetProperty("id").GetString();
        var selected = await App.SendAsync(HttpMethod.Put, "/api/auth/profile", JsonContent.Create(new { profileId = id }), nobody.AccessToken);
        var kim = nobody with { AccessToken = selected.Json.GetProperty("accessToken").GetString()! };
        var (a, b) = (AssetId.New(App.Clock.Now).ToString(), AssetId.New(App.Clock.Now).ToString());
        await SayAsync(nobody, [new { assetId = a, position = 100, duration = 1000 }, new { assetId = b, position = 100, duration = 1000 }]);
        await SayAsync(kim, [new { assetId = a, position = 200, duration = 1000 }]);
        Assert.Equal(100, (await App.GetAsync($"/api/viewing/history/{a}", nobody.AccessToken)).Json.GetProperty("position").GetDouble());
        Assert.Equal(200, (await App.GetAsync($"/api/viewing/history/{a}", kim.AccessToken)).Json.GetProperty("position").GetDouble());
        Assert.Equal([a], await PagesAsync("/api/viewing/history?limit=9", kim));
        var export = (await App.GetAsync("/api/viewing/export", kim.AccessToken)).Json.GetProperty("items").EnumerateArray().ToArray();
        Assert.Equal(3, export.Length);
        Assert.Equal(id, Assert.Single(export, item => item.TryGetProperty("profileId", out _)).GetProperty("profileId").GetString());

        await App.SendAsync(HttpMethod.Delete, "/api/viewing/history", accessToken: kim.AccessToken);
        Assert.Empty(await PagesAsync("/api/viewing/history?limit=9", kim));
        Assert.Equal(2, (await PagesAsync("/api/viewing/history?limit=9", nobody)).Count);
    }

    [Fact]
    public async Task Erased_LeavesTheRecommendations_WhateverIsHeardOfLater()
    {
        var user = await App.SignInAsync("v@example.com");
        var (viewer, a, b) = (Guid.ParseExact(user.Id, "N"), await App.PublishAsync("A"), await App.PublishAsync("B"));
        var views = App.Services.GetRequiredService<ViewingRecords>();
        foreach (var film in new[] { a, b }) await views.RecordAsync(new FilmViewed(viewer, film.Value, App.Clock.Now), default);
        App.Clock.Advance(TimeSpan.FromSeconds(1));
        await App.SendAsync(HttpMethod.Delete, $"/api/viewing/history/{a}", accessToken: user.AccessToken);
        var erased = App.Services.GetRequiredService<ErasedHistory>();
        await erased.AnnounceDueAsync(default);
        await Eventually.TrueAsync(async () => (await views.HistoryOfAsync(viewer, 9, default)).SequenceEqual([b.Value]), "one film is forgotten");

        await App.SendAsync(HttpMethod.Delete, "/api/viewing/history", accessToken: user.AccessToken);
        await erased.AnnounceDueAsync(default);
        await Eventually.TrueAsync(async () => (await views.HistoryOfAsync(viewer, 9, default)).Length == 0, "all are forgotten");

        // That it was begun is heard of after it was erased: it goes when that is said again. What was begun later stays.
        await views.RecordAsync(new FilmViewed(viewer, a.Value, App.Clock.Now - TimeSpan.FromSeconds(1)), default);
        App.Clock.Advance(TimeSpan.FromMinutes(1));
        await views.RecordAsync(new FilmViewed(viewer, b.Value, App.Clock.Now), default);
        await erased.AnnounceDueAsync(default);
        await Eventually.TrueAsync(async () => (await views.HistoryOfAsync(viewer, 9, default)).SequenceEqual([b.Value]), "what came late is forgotten");

        for (var turn = 0; turn < 8; turn++)
        {
            App.Clock.Advance(TimeSpan.FromDays(3));
            await erased.AnnounceDueAsync(default);
        }

        await using var connection = await App.Viewing.OpenConnectionAsync();
        Assert.Equal(0, await connection.QuerySingleAsync<int>("SELECT count(*)::int FROM announced_erasures"));
    }

    [Fact]
    public async Task Heartbeats_OfManyAtOnce_AreAllThere()
    {
        var users = new List<SignedInUser>();
        for (var i = 0; i < 4; i++) users.Add(await App.SignInAsync($"v{i}@example.com"));
        var films = Enumerable.Range(0, 50).Select(_ => AssetId.New(App.Clock.Now).ToString()).ToArray();
        await Task.WhenAll(users.SelectMany(user => films.Select(film => SayAsync(user, [new { assetId = film, position = 42, duration = 1000 }]))));
        foreach (var user in users) Assert.Equal(50, (await PagesAsync("/api/viewing/history?limit=100", user)).Count);
    }

    [Fact]
    public async Task Heartbeats_ThatTheDatabaseRefuses_AreNotAcknowledged()
    {
        var user = await App.SignInAsync("v@example.com");
        await using var connection = await App.Viewing.OpenConnectionAsync();
        await connection.ExecuteAsync("ALTER TABLE watched ADD CONSTRAINT refused CHECK (position_seconds <> 666)");
        try
        {
            var refused = await App.PostAsync("/api/viewing/heartbeats", Request([new { assetId = new string('a', 32), position = 666, duration = 1000 }], null), user.AccessToken);
            Assert.Equal(HttpStatusCode.InternalServerError, refused.Status);
            await SayAsync(user, [new { assetId = new string('a', 32), position = 665, duration = 1000 }]);
        }
        finally
        {
            await connection.ExecuteAsync("ALTER TABLE watched DROP CONSTRAINT refused");
        }
    }

    [Fact]
    public async Task Sweep_RemovesWhatWasErasedLongAgo_AndTheOldestPastTheBound()
    {
        var user = await App.SignInAsync("v@example.com");
        var id = Guid.ParseExact(user.Id, "N");
        await using var connection = await App.Viewing.OpenConnectionAsync();
        await connection.ExecuteAsync(
            """
            INSERT INTO watched SELECT @id, gen_random_uuid(), 1, 2, @now - make_interval(secs => n), @now, NULL, false FROM generate_series(1, 10003) n;
            INSERT INTO watched VALUES (gen_random_uuid(), gen_random_uuid(), 0, 0, @now - interval '31 days', @now, NULL, true);
            INSERT INTO erasures VALUES (gen_random_uuid(), @now - interval '31 days')
            """,
            new { id, now = App.Clock.Now.UtcDateTime });
        await App.Services.GetRequiredService<ViewingSweep>().SweepAsync(CancellationToken.None);
        Assert.Equal(ViewingSweep.MostFilms, await connection.QuerySingleAsync<int>("SELECT count(*)::int FROM watched"));
        Assert.Equal(App.Clock.Now.UtcDateTime.AddSeconds(-ViewingSweep.MostFilms), await connection.QuerySingleAsync<DateTime>("SELECT min(watched_at) FROM watched"));
        Assert.Equal(0, await connection.QuerySingleAsync<int>("SELECT count(*)::int FROM erasures"));
    }

    [Fact]
    public async Task Heartbeats_ThatCannotBe_AreNamed()
    {
        var user = await App.SignInAsync("v@example.com");
        (await App.PostAsync("/api/viewing/heartbeats", new { }, user.AccessToken)).NamesFields("items");
        (await App.PostAsync("/api/viewing/heartbeats", new { sentAt = "now", items = new object?[] { null } }, user.AccessToken))
            .NamesFields("sentAt", "items[0].assetId", "items[0].position", "items[0].duration");
        var late = new { assetId = new string('a', 32), position = -1, duration = 1e9, watchedAt = "2026-01-01T00:00:00Z" };
        (await App.PostAsync("/api/viewing/heartbeats", new { sentAt = "2026-03-01T10:00:00Z", items = new[] { late } }, user.AccessToken))
            .NamesFields("items[0].position", "items[0].duration", "items[0].watchedAt");
        (await App.PostAsync("/api/viewing/heartbeats", new { items = new[] { late } }, user.AccessToken))
            .NamesFields("sentAt", "items[0].position", "items[0].duration", "items[0].watchedAt");
        (await App.PostAsync("/api/viewing/heartbeats", new { items = Enumerable.Repeat(new { assetId = new string('a', 32), position = 1, duration = 2 }, 101) }, user.AccessToken))
            .NamesFields("items");
        (await App.PostAsync("/api/viewing/heartbeats", new { })).IsProblem(HttpStatusCode.Unauthorized, "unauthenticated");
        foreach (var path in (string[])["history", "continue", "export", "history/x"])
            (await App.GetAsync($"/api/viewing/{path}")).IsProblem(HttpStatusCode.Unauthorized, "unauthenticated");
        (await App.GetAsync("/api/viewing/history?limit=0&after=x", user.AccessToken)).NamesFields("limit", "after");
        (await App.GetAsync("/api/viewing/history/x", user.AccessToken)).IsProblem(HttpStatusCode.NotFound, "not_found");
    }

    private static object Request(object[] items, string? sentAt) => new { sentAt, items };

    private async Task SayAsync(SignedInUser user, object[] items, string? sentAt = null) =>
        Assert.Equal(HttpStatusCode.NoContent, (await App.PostAsync("/api/viewing/heartbeats", Request(items, sentAt), user.AccessToken)).Status);

    private async Task<List<string>> PagesAsync(string path, SignedInUser user)
    {
        var films = new List<string>();
        for (string? after = ""; after is not null;)
        {
            JsonElement page = (await App.GetAsync(after.Length > 0 ? $"{path}&after={after}" : path, user.AccessToken)).Json;
            films.AddRange(page.GetProperty("items").EnumerateArray().Select(item => item.GetProperty("assetId").GetString()!));
            after = page.GetProperty("next").GetString();
        }

        return films;
    }
}
