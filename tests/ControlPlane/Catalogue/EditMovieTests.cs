using System.Net;
using System.Net.Http.Json;
using Movento.Contracts;

namespace Movento.ControlPlane.Tests.Catalogue;

public sealed class EditMovieTests(ControlPlaneFixture fixture) : ControlPlaneTest(fixture)
{
    [Fact]
    public async Task Edit_ByAnEditor_NamesTheFilmForGood()
    {
        var editor = await App.SignInAsync("e@example.com", Access.EditorRole);
        var id = await App.PublishAsync("As uploaded");
        var edited = await PatchAsync(id.ToString(), "  <b>The</b> film's \"name\" ", editor.AccessToken);
        Assert.Equal(HttpStatusCode.OK, edited.Status);
        Assert.Equal("<b>The</b> film's \"name\"", edited.Json.GetProperty("title").GetString());

        await App.AnnounceAsync(new AssetPublished(id.Value, Guid.NewGuid(), "As uploaded", 2, 61, 1920, 1080, true, App.Clock.Now));
        var movie = (await App.GetAsync($"/api/movies/{id}")).Json;
        Assert.Equal("<b>The</b> film's \"name\"", movie.GetProperty("title").GetString());
        Assert.Equal(1920, movie.GetProperty("width").GetInt32());
    }

    [Fact]
    public async Task Edit_ByAViewer_Returns403()
    {
        var viewer = await App.SignInAsync("v@example.com");
        var id = await App.PublishAsync("A");
        (await PatchAsync(id.ToString(), "B", viewer.AccessToken)).IsProblem(HttpStatusCode.Forbidden, "forbidden");
        (await PatchAsync(id.ToString(), "B", null)).IsProblem(HttpStatusCode.Unauthorized, "unauthenticated");
        Assert.Equal("A", (await App.GetAsync($"/api/movies/{id}")).Json.GetProperty("title").GetString());
    }

    [Fact]
    public async Task Edit_WhatCannotBe_IsNamed()
    {
        var editor = (await App.SignInAsync("e@example.com", Access.EditorRole)).AccessToken;
        var id = (await App.PublishAsync("A")).ToString();
        (await PatchAsync(id, null, editor)).NamesFields("title");
        (await PatchAsync(id, "  ", editor)).NamesFields("title");
        (await PatchAsync(id, "two\nlines", editor)).NamesFields("title");
        (await PatchAsync(id, new string('x', 301), editor)).NamesFields("title");
        (await PatchAsync(new string('0', 32), "B", editor)).IsProblem(HttpStatusCode.NotFound, "not_found");
        (await PatchAsync("x", "B", editor)).IsProblem(HttpStatusCode.NotFound, "not_found");
    }

    private async Task<Answer> PatchAsync(string id, string? title, string? accessToken)
    {
        using var content = JsonContent.Create(new { title });
        return await App.SendAsync(HttpMethod.Patch, $"/api/movies/{id}", content, accessToken);
    }
}
