using System.Net;
using System.Net.Http.Json;
using Movento.Contracts;
using Movento.ControlPlane.Tests.Recommendations;

namespace Movento.ControlPlane.Tests.Catalogue;

public sealed class MaximumAgeTests(ControlPlaneFixture fixture) : RecommendationsTest(fixture)
{
    [Fact]
    public async Task ListsSearchesAndRows_OfAProfileWithAnAge_KeepToIt_WhateverIsAsked()
    {
        var editor = await App.SignInAsync("e@example.com", Access.EditorRole);
        await AddAsync(editor, new { title = "Moon One", ageRating = Rated(6) });
        var adults = await AddAsync(editor, new { title = "Moon Two", ageRating = Rated(18) });
        await AddAsync(editor, new { title = "Moon Three" });
        var series = (await App.PostAsync("/api/series", new { title = "Moon Series", ageRating = Rated(12) }, editor.AccessToken)).Headers.Location!.ToString().Split('/')[3];
        var episode = await AddAsync(editor, new { title = "Moon Begins", episode = new { seriesId = series, season = 1, number = 1 } });
        await AddAsync(editor, new { title = "Moon Ends", ageRating = Rated(16), episode = new { seriesId = series, season = 1, number = 2 } });
        var user = await App.SignInAsync("v@example.com");
        var profile = await App.PostAsync("/api/users/me/profiles", new { name = "Kim", maximumAge = 12 }, user.AccessToken);
        var selected = await App.SendAsync(HttpMethod.Put, "/api/auth/profile", JsonContent.Create(new { profileId = profile.Json.GetProperty("id").GetString() }), user.AccessToken);
        var kim = selected.Json.GetProperty("accessToken").GetString()!;

        Assert.Equal(["Moon One", "Moon Three", "Moon Two"], await TitlesAsync("/api/movies", user.AccessToken));
        Assert.Equal(["Moon One"], await TitlesAsync("/api/movies", kim));
        Assert.Equal(["Moon Begins"], await TitlesAsync($"/api/series/{series}/episodes", kim));
        Assert.Equal(["Moon One", "Moon Series"], await TitlesAsync("/api/search?q=moon&maxAge=18", kim));
        Assert.Equal(["Moon One"], await TitlesAsync("/api/search?q=moon&maxAge=6", kim));

        await LookAsync();
        var rows = (await App.GetAsync("/api/recommendations/home?maxAge=18", kim)).Json.GetProperty("rows").EnumerateArray();
        Assert.Equal(["Moon One"], rows.SelectMany(row => row.GetProperty("films").EnumerateArray()).Select(film => film.GetProperty("title").GetString()!));
        foreach (var film in new[] { adults, episode })
            await App.PostAsync("/api/viewing/heartbeats", new { items = new[] { new { assetId = film, position = 100, duration = 1000 } } }, kim);
        var begun = (await App.GetAsync("/api/viewing/continue", kim)).Json.GetProperty("items").EnumerateArray();
        Assert.Equal([episode], begun.Select(item => item.GetProperty("assetId").GetString()!));

        Assert.Equal(HttpStatusCode.OK, (await App.PostAsync($"/api/streaming/{episode}/grant", accessToken: kim)).Status);
        (await App.PostAsync($"/api/streaming/{adults}/grant", accessToken: kim)).IsProblem(HttpStatusCode.Forbidden, "not_for_profile");
    }

    private static object Rated(int age) => new { label = "X", minimumAge = age };

    private async Task<string> AddAsync(SignedInUser editor, object details)
    {
        var id = await App.PublishAsync("As uploaded", owner: editor);
        Assert.Equal(HttpStatusCode.OK, (await App.EditAsync(HttpMethod.Put, $"/api/movies/{id}/details", details, editor.AccessToken, "*")).Status);
        return id.ToString();
    }

    private async Task<string[]> TitlesAsync(string path, string accessToken) =>
    [
        .. (await App.GetAsync(path, accessToken)).Json.GetProperty("items").EnumerateArray()
            .Select(item => (item.TryGetProperty("kind", out var kind) ? item.GetProperty(kind.GetString()!) : item).GetProperty("title").GetString()!)
            .Order(StringComparer.Ordinal),
    ];
}
