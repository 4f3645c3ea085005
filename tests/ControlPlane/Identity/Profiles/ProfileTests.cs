using System.Buffers.Text;
using System.Net;
using System.Net.Http.Json;
using System.Text.Json.Nodes;

namespace Movento.ControlPlane.Tests.Identity.Profiles;

public sealed class ProfileTests(ControlPlaneFixture fixture) : ControlPlaneTest(fixture)
{
    private const string Path = "/api/users/me/profiles";

    [Fact]
    public async Task Register_MakesTheFirstProfile()
    {
        await App.PostAsync("/api/auth/register", new { email = "a@example.com", password = ControlPlaneApp.Password, name = "Ada" });
        var user = SignedInUser.Of(await App.PostAsync("/api/auth/login", new { email = "a@example.com", password = ControlPlaneApp.Password }));
        var profile = Assert.Single((await App.GetAsync(Path, user.AccessToken)).Json.GetProperty("items").EnumerateArray());
        Assert.Equal("Ada", profile.GetProperty("name").GetString());
        Assert.False(profile.GetProperty("isKids").GetBoolean());
    }

    [Fact]
    public async Task Profile_IsMadeEditedAndRemoved()
    {
        var user = await App.SignInAsync("a@example.com");
        var id = await AddAsync(user, new { name = " Kim ", isKids = true, language = "pt-BR" });
        var edited = await App.SendAsync(HttpMethod.Patch, $"{Path}/{id}", JsonContent.Create(new { name = "Kim <b>" }), user.AccessToken);
        Assert.Equal("Kim <b>", edited.Json.GetProperty("name").GetString());
        Assert.True(edited.Json.GetProperty("isKids").GetBoolean());
        Assert.Equal("pt-BR", edited.Json.GetProperty("language").GetString());
        Assert.Equal(HttpStatusCode.NoContent, (await App.SendAsync(HttpMethod.Delete, $"{Path}/{id}", accessToken: user.AccessToken)).Status);
        (await App.SendAsync(HttpMethod.Delete, $"{Path}/{id}", accessToken: user.AccessToken)).IsProblem(HttpStatusCode.NotFound, "not_found");
    }

    [Fact]
    public async Task Profiles_ManyAtOnce_StopAtTheBound()
    {
        var user = await App.SignInAsync("a@example.com");
        var answers = await Task.WhenAll(Enumerable.Range(0, 12).Select(i => App.PostAsync(Path, new { name = $"P{i}" }, user.AccessToken)));
        Assert.Equal(8, answers.Count(answer => answer.Status == HttpStatusCode.Created));
        Assert.Equal(4, answers.Count(answer => answer.Status == HttpStatusCode.Conflict && answer.Code == "too_many_profiles"));
    }

    [Theory]
    [InlineData("", "en", "name")]
    [InlineData("two\nlines", "en", "name")]
    [InlineData("A", "english", "language")]
    [InlineData("A", "en_US", "language")]
    [InlineData(null, "x", "name", "language")]
    public async Task Add_WhatCannotBe_IsNamed(string? name, string language, params string[] fields) =>
        (await App.PostAsync(Path, new { name, language }, (await App.SignInAsync("a@example.com")).AccessToken)).NamesFields(fields);

    [Fact]
    public async Task Select_AProfile_IsInTheTokenOfTheSession_AndOfItsRefreshes()
    {
        var user = await App.SignInAsync("a@example.com");
        var id = await AddAsync(user, new { name = "Kim", isKids = true });
        Assert.Null(Claims(user.AccessToken)["profile"]);
        var selected = await App.SendAsync(HttpMethod.Put, "/api/auth/profile", JsonContent.Create(new { profileId = id }), user.AccessToken);
        Assert.Equal(HttpStatusCode.OK, selected.Status);
        AssertKim(selected.Json.GetProperty("accessToken").GetString()!);
        var refreshed = SignedInUser.Of(await App.PostAsync("/api/auth/refresh", cookie: user.RefreshToken));
        AssertKim(refreshed.AccessToken);
        AssertKim(SignedInUser.Of(await App.PostAsync("/api/auth/refresh", cookie: user.RefreshToken)).AccessToken);
        Assert.Null(Claims((await App.SignInAgainAsync(Guid.Parse(user.Id))).AccessToken)["profile"]);

        // Without the profile everything would play there: the session is over.
        await App.SendAsync(HttpMethod.Delete, $"{Path}/{id}", accessToken: (await App.SignInAgainAsync(Guid.Parse(user.Id))).AccessToken);
        (await App.PostAsync("/api/auth/refresh", cookie: refreshed.RefreshToken)).IsProblem(HttpStatusCode.Unauthorized, "invalid_refresh");
        (await App.GetAsync("/api/users/me", refreshed.AccessToken)).IsProblem(HttpStatusCode.Unauthorized, "unauthenticated");

        void AssertKim(string token)
        {
            Assert.Equal(id, (string?)Claims(token)["profile"]);
            Assert.True((bool?)Claims(token)["kids"]);
        }
    }

    [Fact]
    public async Task Remove_AProfileForEverything_LeavesItsSessions_AndOfABoundedOneTheSessionThatAsks()
    {
        var user = await App.SignInAsync("a@example.com");
        var (open, bounded) = (await AddAsync(user, new { name = "Open" }), await AddAsync(user, new { name = "Bounded", maximumAge = 16 }));
        var other = await App.SignInAgainAsync(Guid.Parse(user.Id));
        await App.SendAsync(HttpMethod.Put, "/api/auth/profile", JsonContent.Create(new { profileId = open }), other.AccessToken);
        Assert.Equal(HttpStatusCode.NoContent, (await App.SendAsync(HttpMethod.Delete, $"{Path}/{open}", accessToken: user.AccessToken)).Status);
        Assert.Null(Claims(SignedInUser.Of(await App.PostAsync("/api/auth/refresh", cookie: other.RefreshToken)).AccessToken)["profile"]);

        await App.SendAsync(HttpMethod.Put, "/api/auth/profile", JsonContent.Create(new { profileId = bounded }), user.AccessToken);
        await App.PostAsync("/api/auth/reauthenticate", new { password = ControlPlaneApp.Password }, user.AccessToken, user.RefreshToken);
        Assert.Equal(HttpStatusCode.NoContent, (await App.SendAsync(HttpMethod.Delete, $"{Path}/{bounded}", accessToken: user.AccessToken)).Status);
        Assert.Equal(HttpStatusCode.OK, (await App.GetAsync("/api/users/me", user.AccessToken)).Status);
    }

    [Theory]
    [InlineData(null, 12, true)]
    [InlineData(16, 16, true)]
    [InlineData(12, 16, false)]
    [InlineData(12, null, false)]
    [InlineData(0, 0, true)]
    public async Task Grant_InAProfileWithAnAge_IsForFilmsUpToIt(int? maximumAge, int? minimumAge, bool plays)
    {
        var user = await App.SignInAsync("a@example.com", "viewer", "editor");
        var film = await App.PublishAsync("A", owner: user);
        if (minimumAge is not null)
        {
            var rated = await App.EditAsync(HttpMethod.Patch, $"/api/movies/{film}/details", new { ageRating = new { label = "X", minimumAge } }, user.AccessToken, "*");
            Assert.Equal(HttpStatusCode.OK, rated.Status);
        }

        var id = await AddAsync(user, new { name = "Kim", maximumAge });
        var selected = await App.SendAsync(HttpMethod.Put, "/api/auth/profile", JsonContent.Create(new { profileId = id }), user.AccessToken);
        var grant = await App.PostAsync($"/api/streaming/{film}/grant", accessToken: selected.Json.GetProperty("accessToken").GetString());
        if (plays) Assert.Equal(HttpStatusCode.OK, grant.Status);
        else grant.IsProblem(HttpStatusCode.Forbidden, "not_for_profile");
    }

    [Fact]
    public async Task Kids_AreBoundAtTwelve_HoweverTheyCame()
    {
        var user = await App.SignInAsync("a@example.com");
        (await App.PostAsync(Path, new { name = "Kim", isKids = true, maximumAge = 16 }, user.AccessToken)).NamesFields("maximumAge");
        (await App.PostAsync(Path, new { name = "Kim", maximumAge = 22 }, user.AccessToken)).NamesFields("maximumAge");
        var kid = await AddAsync(user, new { name = "Kim", isKids = true });
        var grown = await AddAsync(user, new { name = "Ada", maximumAge = 16 });
        foreach (var (id, change, age) in new (string, object, int)[] { (kid, new { maximumAge = 6 }, 6), (kid, new { isKids = true, name = "B" }, 6), (grown, new { isKids = true }, 12), (grown, new { isKids = false }, 12) })
        {
            var edited = await App.SendAsync(HttpMethod.Patch, $"{Path}/{id}", JsonContent.Create(change), user.AccessToken);
            Assert.Equal(age, edited.Json.GetProperty("maximumAge").GetInt32());
        }

        // A bound that the flag alone knows of.
        var raised = await App.SendAsync(HttpMethod.Patch, $"{Path}/{kid}", JsonContent.Create(new { maximumAge = 16 }), user.AccessToken);
        Assert.Equal(12, raised.Json.GetProperty("maximumAge").GetInt32());
    }

    [Fact]
    public async Task AProfileWithAnAge_IsNotLeftWithoutThePassword()
    {
        var user = await App.SignInAsync("a@example.com");
        var (kid, younger, grown) = (await AddAsync(user, new { name = "Kim", isKids = true }), await AddAsync(user, new { name = "Bo", maximumAge = 6 }), await AddAsync(user, new { name = "Ada" }));
        foreach (var id in new[] { kid, younger }) Assert.Equal(HttpStatusCode.OK, (await SelectAsync(id)).Status);
        // Just signed in, and yet.
        foreach (var id in new[] { kid, grown, null }) (await SelectAsync(id)).IsProblem(HttpStatusCode.Forbidden, "reauthentication_required");
        var raised = await App.SendAsync(HttpMethod.Patch, $"{Path}/{younger}", JsonContent.Create(new { maximumAge = 21 }), user.AccessToken);
        raised.IsProblem(HttpStatusCode.Forbidden, "reauthentication_required");
        (await App.SendAsync(HttpMethod.Delete, $"{Path}/{younger}", accessToken: user.AccessToken)).IsProblem(HttpStatusCode.Forbidden, "reauthentication_required");

        user = SignedInUser.Of(await App.PostAsync("/api/auth/reauthenticate", new { password = ControlPlaneApp.Password }, user.AccessToken, user.RefreshToken));
        Assert.Equal(HttpStatusCode.OK, (await SelectAsync(grown)).Status);
        Assert.Equal(HttpStatusCode.OK, (await SelectAsync(null)).Status);

        Task<Answer> SelectAsync(string? id) => App.SendAsync(HttpMethod.Put, "/api/auth/profile", JsonContent.Create(new { profileId = id }), user.AccessToken);
    }

    private async Task<string> AddAsync(SignedInUser user, object profile)
    {
        var added = await App.PostAsync(Path, profile, user.AccessToken);
        Assert.Equal(HttpStatusCode.Created, added.Status);
        return added.Json.GetProperty("id").GetString()!;
    }

    private static JsonObject Claims(string token) => JsonNode.Parse(Base64Url.DecodeFromChars(token.Split('.')[1]))!.AsObject();
}
