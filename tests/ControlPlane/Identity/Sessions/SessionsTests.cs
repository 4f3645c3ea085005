using System.Net;
using Dapper;
using Microsoft.Extensions.DependencyInjection;
using Movento.Contracts;
using Movento.ControlPlane.Identity.Sessions;

namespace Movento.ControlPlane.Tests.Identity.Sessions;

public sealed class SessionsTests(ControlPlaneFixture fixture) : ControlPlaneTest(fixture)
{
    [Fact]
    public async Task List_ShowsEverySignIn_TheYoungestFirst_AndWhichOneAsks()
    {
        var first = await App.SignInAsync("a@example.com");
        App.Clock.Advance(TimeSpan.FromMinutes(1));
        var second = await App.SignInAgainAsync(Guid.Parse(first.Id));
        await App.SignInAsync("b@example.com");

        var list = await ListAsync(first);
        Assert.Equal([false, true], list.Select(session => session.Current));
        Assert.Equal([true, false], (await ListAsync(second)).Select(session => session.Current));
    }

    [Fact]
    public async Task List_APageAtATime_MissesNothing()
    {
        var user = await App.SignInAsync("a@example.com");
        for (var i = 0; i < 4; i++) await App.SignInAgainAsync(Guid.Parse(user.Id));
        var found = new List<string>();
        string? next = null;
        do
        {
            var page = await App.GetAsync($"/api/auth/sessions?limit=2{(next is null ? "" : "&after=" + next)}", user.AccessToken);
            found.AddRange(page.Json.GetProperty("items").EnumerateArray().Select(item => item.GetProperty("id").GetString()!));
            next = page.Json.GetProperty("next").GetString();
        }
        while (next is not null);
        Assert.Equal(5, found.Distinct().Count());
        Assert.Equal(5, found.Count);
        (await App.GetAsync("/api/auth/sessions?limit=0&after=x", user.AccessToken)).NamesFields("limit", "after");
    }

    [Fact]
    public async Task End_OneOfThem_EndsItAndWhatItPlays()
    {
        var here = await App.SignInAsync("a@example.com");
        var there = await App.SignInAgainAsync(Guid.Parse(here.Id));
        var film = await App.PublishAsync("A");
        Assert.Equal(HttpStatusCode.OK, (await App.PostAsync($"/api/streaming/{film}/grant", accessToken: there.AccessToken)).Status);
        var id = (await ListAsync(here)).Single(session => !session.Current).Id;

        Assert.Equal(HttpStatusCode.NoContent, (await App.SendAsync(HttpMethod.Delete, $"/api/auth/sessions/{id}", accessToken: here.AccessToken)).Status);
        Assert.Contains(Edges.Told, told => told.Id == Guid.Parse(id));
        (await App.PostAsync("/api/auth/refresh", cookie: there.RefreshToken)).IsProblem(HttpStatusCode.Unauthorized, "invalid_refresh");
        Assert.Single(await ListAsync(here));
        (await App.SendAsync(HttpMethod.Delete, $"/api/auth/sessions/{id}", accessToken: here.AccessToken)).IsProblem(HttpStatusCode.NotFound, "not_found");
    }

    [Fact]
    public async Task End_AllOthers_LeavesTheOneThatAsks()
    {
        var here = await App.SignInAsync("a@example.com");
        var others = await Task.WhenAll(Enumerable.Range(0, 3).Select(_ => App.SignInAgainAsync(Guid.Parse(here.Id))));
        var stranger = await App.SignInAsync("b@example.com");
        Assert.Equal(HttpStatusCode.NoContent, (await App.SendAsync(HttpMethod.Delete, "/api/auth/sessions", accessToken: here.AccessToken)).Status);
        foreach (var other in others)
            (await App.PostAsync("/api/auth/refresh", cookie: other.RefreshToken)).IsProblem(HttpStatusCode.Unauthorized, "invalid_refresh");
        SignedInUser.Of(await App.PostAsync("/api/auth/refresh", cookie: here.RefreshToken));
        SignedInUser.Of(await App.PostAsync("/api/auth/refresh", cookie: stranger.RefreshToken));
    }

    [Theory]
    [InlineData("x")]
    [InlineData("00000000000000000000000000000000")]
    public async Task End_WhatIsNone_Returns404(string id) =>
        (await App.SendAsync(HttpMethod.Delete, $"/api/auth/sessions/{id}", accessToken: (await App.SignInAsync("a@example.com")).AccessToken))
            .IsProblem(HttpStatusCode.NotFound, "not_found");

    [Fact]
    public async Task Reauthenticate_WithAnotherPassword_IsRefused()
    {
        var user = await App.SignInAsync("a@example.com");
        (await App.PostAsync("/api/auth/reauthenticate", new { password = "not it" }, user.AccessToken, user.RefreshToken))
            .IsProblem(HttpStatusCode.Unauthorized, "invalid_credentials");
    }

    [Fact]
    public async Task Reauthenticate_WithAnothersCookie_IsRefused()
    {
        var user = await App.SignInAsync("a@example.com");
        var other = await App.SignInAsync("b@example.com");
        (await App.PostAsync("/api/auth/reauthenticate", new { password = ControlPlaneApp.Password }, user.AccessToken, other.RefreshToken))
            .IsProblem(HttpStatusCode.Unauthorized, "unauthenticated");
    }

    [Fact]
    public async Task Start_OfOneTooMany_EndsTheOneUsedLongestAgo()
    {
        var user = await App.SignInAsync("a@example.com");
        for (var i = 0; i < SignInSessions.MostSessions; i++)
        {
            App.Clock.Advance(TimeSpan.FromSeconds(1));
            await App.SignInAgainAsync(Guid.Parse(user.Id));
        }

        (await App.PostAsync("/api/auth/refresh", cookie: user.RefreshToken)).IsProblem(HttpStatusCode.Unauthorized, "invalid_refresh");
        await using var connection = await App.Identity.OpenConnectionAsync();
        Assert.Equal(SignInSessions.MostSessions, await connection.QuerySingleAsync<int>("SELECT count(*) FROM sessions WHERE revoked_at IS NULL"));
    }

    private RevocationRecorder Edges => (RevocationRecorder)App.Services.GetRequiredService<IPlaybackRevocations>();

    private async Task<(string Id, bool Current)[]> ListAsync(SignedInUser user)
    {
        var list = await App.GetAsync("/api/auth/sessions", user.AccessToken);
        Assert.Equal(HttpStatusCode.OK, list.Status);
        return [.. list.Json.GetProperty("items").EnumerateArray().Select(item => (item.GetProperty("id").GetString()!, item.GetProperty("isCurrent").GetBoolean()))];
    }
}
