using System.Net;
using Dapper;
using MassTransit;
using Microsoft.Extensions.DependencyInjection;
using Movento.Contracts;
using Movento.ControlPlane.Identity;
using Movento.Harness;
using Movento.Servers;

namespace Movento.ControlPlane.Tests.Identity;

/// <summary>What ends with a session: what was granted in it to play, at every edge.</summary>
public sealed class LogoutTests(ControlPlaneFixture fixture) : ControlPlaneTest(fixture)
{
    private readonly ControlPlaneFixture _fixture = fixture;

    private RevocationRecorder Edges => EdgesOf(App);

    [Fact]
    public async Task Logout_AfterGrants_TakesAllOfThemBack()
    {
        var user = await App.SignInAsync("a@example.com");
        var first = await GrantAsync(user);
        App.Clock.Advance(TimeSpan.FromMinutes(5));
        var second = await GrantAsync(user);
        Assert.Equal(first.SignIn, second.SignIn);
        Assert.NotEqual(first.Session, second.Session);

        Assert.Equal(HttpStatusCode.NoContent, (await App.PostAsync("/api/auth/logout", cookie: user.RefreshToken)).Status);

        // With the answer, not some time later; and until the last of them has expired.
        Assert.Equal(new PlaybackRevoked(second.SignIn, second.Expires), Edges.Told.Last());
        Assert.True(second.Expires > first.Expires);
    }

    [Fact]
    public async Task Logout_OfOneSession_LeavesTheUsersOthersAlone()
    {
        var here = await App.SignInAsync("a@example.com");
        var there = await App.SignInAgainAsync(Guid.Parse(here.Id));
        var (ended, other) = (await GrantAsync(here), await GrantAsync(there));
        Assert.NotEqual(ended.SignIn, other.SignIn);
        await App.PostAsync("/api/auth/logout", cookie: here.RefreshToken);
        Assert.DoesNotContain(Edges.Told, told => told.Id == other.SignIn);
        await GrantAsync(there);
    }

    [Fact]
    public async Task Logout_WithoutAGrant_HasNothingToTell()
    {
        var user = await App.SignInAsync("a@example.com");
        var told = Edges.Told.Count;
        await App.PostAsync("/api/auth/logout", cookie: user.RefreshToken);
        Assert.Equal(told, Edges.Told.Count);
    }

    [Fact]
    public async Task Grant_ByARefreshedToken_IsInTheSameSession()
    {
        var user = await App.SignInAsync("a@example.com");
        var before = await GrantAsync(user);
        var refreshed = SignedInUser.Of(await App.PostAsync("/api/auth/refresh", cookie: user.RefreshToken));
        Assert.Equal(before.SignIn, (await GrantAsync(refreshed)).SignIn);
        // And so it is where the answer was lost, and the same token comes again.
        var again = SignedInUser.Of(await App.PostAsync("/api/auth/refresh", cookie: user.RefreshToken));
        Assert.Equal(before.SignIn, (await GrantAsync(again)).SignIn);
    }

    [Fact]
    public async Task Refresh_OfAStolenToken_TakesWhatItPlaysBack()
    {
        var user = await App.SignInAsync("a@example.com");
        var granted = await GrantAsync(user);
        await App.PostAsync("/api/auth/refresh", cookie: user.RefreshToken);
        App.Clock.Advance(TimeSpan.FromSeconds(31));
        await App.PostAsync("/api/auth/refresh", cookie: user.RefreshToken);
        Assert.Equal(granted.SignIn, Edges.Told.Last().Id);
    }

    [Fact]
    public async Task Logout_WhileTheEdgesCannotBeTold_SucceedsAndIsToldLater()
    {
        var user = await App.SignInAsync("a@example.com");
        var granted = await GrantAsync(user);
        Edges.IsReachable = false;
        try
        {
            Assert.Equal(HttpStatusCode.NoContent, (await App.PostAsync("/api/auth/logout", cookie: user.RefreshToken)).Status);
            Assert.DoesNotContain(Edges.Told, told => told.Id == granted.SignIn);
        }
        finally
        {
            Edges.IsReachable = true;
        }

        await Eventually.TrueAsync(() => Edges.Told.Any(told => told.Id == granted.SignIn), "the edges are told");
        await using var connection = await App.Identity.OpenConnectionAsync();
        await Eventually.TrueAsync(
            async () => await connection.QuerySingleAsync<int>("SELECT count(*) FROM sessions WHERE edges_told_at IS NULL") == 0, "nothing is owed any more");
    }

    [Fact]
    public async Task Start_OfAProcess_TellsItsEdgesWhatIsOverAndCouldStillPlay()
    {
        var (over, living) = (await App.SignInAsync("a@example.com"), await App.SignInAsync("b@example.com"));
        var (granted, other) = (await GrantAsync(over), await GrantAsync(living));
        await App.PostAsync("/api/auth/logout", cookie: over.RefreshToken);

        await using var later = await ControlPlaneApp.StartAsync(_fixture.Databases);
        await Eventually.TrueAsync(() => EdgesOf(later).Told.Contains(new PlaybackRevoked(granted.SignIn, granted.Expires)), "the new process knows");
        Assert.DoesNotContain(EdgesOf(later).Told, told => told.Id == other.SignIn);
        (await later.GetAsync("/api/users/me", over.AccessToken)).IsProblem(HttpStatusCode.Unauthorized, "unauthenticated");
        Assert.Equal(HttpStatusCode.OK, (await later.GetAsync("/api/users/me", living.AccessToken)).Status);
    }

    [Fact]
    public async Task Logout_WhileTheBrokerTakesNothing_IsDoneAllTheSame()
    {
        var user = await App.SignInAsync("a@example.com");
        // A line that breaks in the midst of a message is no error of the bus, but of what lies beneath it.
        var broker = new AbsentBroker(typeof(SignInsEnded), new IOException("Broken pipe"));
        using (App.Services.GetRequiredService<IBus>().ConnectPublishObserver(broker))
            Assert.Equal(HttpStatusCode.NoContent, (await App.PostAsync("/api/auth/logout", cookie: user.RefreshToken)).Status);
        Assert.Equal(1, broker.Refused);
        (await App.GetAsync("/api/users/me", user.AccessToken)).IsProblem(HttpStatusCode.Unauthorized, "unauthenticated");
    }

    [Fact]
    public async Task Message_OfAnotherProcess_EndsItsAccessTokens()
    {
        var user = await App.SignInAsync("a@example.com");
        var session = (await GrantAsync(user)).SignIn;
        await App.Services.GetRequiredService<IBus>().Publish(new SignInsEnded([session], App.Clock.Now.AddMinutes(15)));
        await Eventually.TrueAsync(async () => (await App.GetAsync("/api/users/me", user.AccessToken)).Status == HttpStatusCode.Unauthorized, "its access token is refused");
    }

    [Fact]
    public async Task Sweep_KeepsAnEndedSession_AsLongAsItsTokensPlay()
    {
        var user = await App.SignInAsync("a@example.com");
        App.Options.RefreshTokenLifetime = TimeSpan.FromHours(1);
        try
        {
            SignedInUser.Of(await App.PostAsync("/api/auth/refresh", cookie: user.RefreshToken));
            await GrantAsync(user);
        }
        finally
        {
            App.Options.RefreshTokenLifetime = new ControlPlaneOptions().RefreshTokenLifetime;
        }

        var sweep = App.Services.GetRequiredService<IdentitySweep>();
        await using var connection = await App.Identity.OpenConnectionAsync();
        App.Clock.Advance(TimeSpan.FromHours(2));
        await sweep.SweepAsync(CancellationToken.None);
        Assert.Equal(1, await connection.QuerySingleAsync<int>("SELECT count(*) FROM sessions"));
        App.Clock.Advance(TimeSpan.FromHours(5));
        await sweep.SweepAsync(CancellationToken.None);
        Assert.Equal(0, await connection.QuerySingleAsync<int>("SELECT count(*) FROM sessions"));
    }

    private static RevocationRecorder EdgesOf(ControlPlaneApp app) => (RevocationRecorder)app.Services.GetRequiredService<IPlaybackRevocations>();

    private async Task<PlaybackClaims> GrantAsync(SignedInUser user)
    {
        var id = await App.PublishAsync("A");
        var grant = await App.PostAsync($"/api/streaming/{id}/grant", accessToken: user.AccessToken);
        Assert.Equal(HttpStatusCode.OK, grant.Status);
        Assert.Equal(
            PlaybackTokenOutcome.Valid,
            new PlaybackTokenVerifier(App.PlaybackKeys).Verify(grant.Json.GetProperty("hlsUrl").GetString()!.Split('/')[3], App.Clock.Now, out var claims));
        return claims;
    }
}
