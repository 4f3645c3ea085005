using System.Net;
using Microsoft.Extensions.DependencyInjection;
using Movento.Contracts;

namespace Movento.ControlPlane.Tests.Playback;

public sealed class RevokePlaybackTests(ControlPlaneFixture fixture) : ControlPlaneTest(fixture)
{
    private const string Path = "/api/streaming/revocations";

    private RevocationRecorder Edges => (RevocationRecorder)App.Services.GetRequiredService<IPlaybackRevocations>();

    [Fact]
    public async Task Revoke_WithATokenOfTheSession_TellsTheEdges()
    {
        var (token, session, expires) = await GrantAsync();
        Assert.Equal(HttpStatusCode.NoContent, (await App.PostAsync(Path, new { token })).Status);
        Assert.Equal(new PlaybackRevoked(session, expires), Edges.Told.Last());
    }

    [Fact]
    public async Task Revoke_WithAnExpiredToken_HasNothingToDo()
    {
        var (token, _, _) = await GrantAsync();
        var told = Edges.Told.Count;
        App.Clock.Advance(TimeSpan.FromHours(7));
        Assert.Equal(HttpStatusCode.NoContent, (await App.PostAsync(Path, new { token })).Status);
        Assert.Equal(told, Edges.Told.Count);
    }

    [Fact]
    public async Task Revoke_ASessionByName_IsForEditors()
    {
        var (_, session, _) = await GrantAsync();
        var body = new { session = session.ToString("N") };
        (await App.PostAsync(Path, body)).IsProblem(HttpStatusCode.Unauthorized, "unauthenticated");
        (await App.PostAsync(Path, body, (await App.SignInAsync("viewer@example.com")).AccessToken)).IsProblem(HttpStatusCode.Forbidden, "forbidden");

        var editor = (await App.SignInAsync("e@example.com", Access.EditorRole)).AccessToken;
        Assert.Equal(HttpStatusCode.NoContent, (await App.PostAsync(Path, body, editor)).Status);
        Assert.Equal(new PlaybackRevoked(session, App.Clock.Now.AddDays(7)), Edges.Told.Last());
    }

    [Fact]
    public async Task Revoke_WhatNamesNoSession_IsRefused()
    {
        var (token, session, _) = await GrantAsync();
        var editor = (await App.SignInAsync("e@example.com", Access.EditorRole)).AccessToken;
        var picture = new PlaybackTokenSigner(App.PlaybackKeys).Sign(
            new PlaybackClaims(AssetId.New(App.Clock.Now), PlaybackScope.Pictures, App.Clock.Now.AddHours(1), Guid.Empty));
        var told = Edges.Told.Count;
        foreach (object body in new object[]
                 {
                     new { }, new { token = "" }, new { token = token + "A" }, new { token = picture }, new { token, session = session.ToString("N") },
                     new { session = "" }, new { session = session.ToString() }, new { session = Guid.Empty.ToString("N") },
                 })
        {
            (await App.PostAsync(Path, body, editor)).IsProblem(HttpStatusCode.BadRequest, "invalid_request");
        }

        Assert.Equal(told, Edges.Told.Count);
    }

    [Fact]
    public async Task Revoke_WhileTheEdgesCannotBeTold_Is503()
    {
        var (token, _, _) = await GrantAsync();
        Edges.IsReachable = false;
        try
        {
            (await App.PostAsync(Path, new { token })).IsProblem(HttpStatusCode.ServiceUnavailable, "unavailable");
        }
        finally
        {
            Edges.IsReachable = true;
        }
    }

    [Fact]
    public async Task Delete_OfAnAsset_TakesEverySessionOfItBack()
    {
        var id = await App.PublishAsync("A");
        await App.AnnounceAsync(new AssetDeleted(id.Value, App.Clock.Now));
        Assert.Contains(new PlaybackRevoked(id.Value, App.Clock.Now.AddDays(7)), Edges.Told);
    }

    private async Task<(string Token, Guid Session, DateTimeOffset Expires)> GrantAsync()
    {
        var user = await App.SignInAsync("a@example.com");
        var id = await App.PublishAsync("A");
        var grant = await App.PostAsync($"/api/streaming/{id}/grant", accessToken: user.AccessToken);
        return (
            grant.Json.GetProperty("hlsUrl").GetString()!.Split('/')[3], Guid.ParseExact(grant.Json.GetProperty("session").GetString()!, "N"),
            App.Clock.Now.AddHours(6));
    }
}
