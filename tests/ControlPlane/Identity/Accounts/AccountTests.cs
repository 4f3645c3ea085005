using System.Net;
using Dapper;
using Microsoft.Extensions.DependencyInjection;
using Movento.Contracts;
using Movento.ControlPlane.Identity.Accounts;
using Movento.Harness;

namespace Movento.ControlPlane.Tests.Identity.Accounts;

public sealed class AccountTests(ControlPlaneFixture fixture) : ControlPlaneTest(fixture)
{
    [Fact]
    public async Task Export_HoldsWhatIsKept_ButNoSecret()
    {
        var user = await App.SignInAsync("a@example.com", "viewer", "editor");
        await App.PostAsync("/api/users/me/profiles", new { name = "Kim" }, user.AccessToken);
        await App.PostAsync("/api/users/me/api-keys", new { name = "Programs", scopes = new[] { "upload" } }, user.AccessToken);
        var export = await App.GetAsync("/api/users/me/export", user.AccessToken);
        Assert.Equal(HttpStatusCode.OK, export.Status);
        Assert.Equal("attachment", export.ContentHeaders.ContentDisposition?.DispositionType);
        Assert.Equal("a@example.com", export.Json.GetProperty("user").GetProperty("email").GetString());
        Assert.Equal("Kim", export.Json.GetProperty("profiles")[0].GetProperty("name").GetString());
        Assert.Equal("Programs", export.Json.GetProperty("apiKeys")[0].GetProperty("name").GetString());
        Assert.Single(export.Json.GetProperty("sessions").EnumerateArray());
        Assert.DoesNotContain("hs384", export.Text, StringComparison.Ordinal);
        App.Clock.Advance(TimeSpan.FromMinutes(11));
        (await App.GetAsync("/api/users/me/export", user.AccessToken)).IsProblem(HttpStatusCode.Forbidden, "reauthentication_required");
    }

    [Fact]
    public async Task Delete_RemovesTheAccountEndsItsPlaybackAndTellsEverybody()
    {
        var user = await App.SignInAsync("a@example.com");
        var film = await App.PublishAsync("A");
        var session = Guid.Parse((await App.GetAsync("/api/auth/sessions", user.AccessToken)).Json.GetProperty("items")[0].GetProperty("id").GetString()!);
        Assert.Equal(HttpStatusCode.OK, (await App.PostAsync($"/api/streaming/{film}/grant", accessToken: user.AccessToken)).Status);

        Assert.Equal(HttpStatusCode.NoContent, (await App.SendAsync(HttpMethod.Delete, "/api/users/me", accessToken: user.AccessToken)).Status);
        Assert.Contains(((RevocationRecorder)App.Services.GetRequiredService<IPlaybackRevocations>()).Told, told => told.Id == session);
        (await App.GetAsync("/api/users/me", user.AccessToken)).IsProblem(HttpStatusCode.Unauthorized, "unauthenticated");
        (await App.PostAsync("/api/auth/refresh", cookie: user.RefreshToken)).IsProblem(HttpStatusCode.Unauthorized, "invalid_refresh");
        (await App.PostAsync("/api/auth/login", new { email = "a@example.com", password = ControlPlaneApp.Password })).IsProblem(HttpStatusCode.Unauthorized, "invalid_credentials");
        var heard = App.Services.GetRequiredService<DeletionRecorder.Heard>().Accounts;
        await Eventually.TrueAsync(() => heard.Contains(Guid.Parse(user.Id)), "everybody is told");

        // Whoever was away hears it later.
        heard.Clear();
        App.Clock.Advance(TimeSpan.FromHours(1));
        await App.Services.GetRequiredService<DeletedAccounts>().AnnounceDueAsync(CancellationToken.None);
        await Eventually.TrueAsync(() => heard.Contains(Guid.Parse(user.Id)), "everybody is told again");
        for (var i = 0; i < 12; i++)
        {
            App.Clock.Advance(TimeSpan.FromHours(1 << i));
            await App.Services.GetRequiredService<DeletedAccounts>().AnnounceDueAsync(CancellationToken.None);
        }

        await using var connection = await App.Identity.OpenConnectionAsync();
        Assert.Equal(0, await connection.QuerySingleAsync<int>("SELECT count(*) FROM deleted_accounts"));
    }

    [Fact]
    public async Task Delete_WhileTheEdgesCannotBeTold_TellsThemLater()
    {
        var edges = (RevocationRecorder)App.Services.GetRequiredService<IPlaybackRevocations>();
        var user = await App.SignInAsync("a@example.com");
        var film = await App.PublishAsync("A");
        var session = Guid.Parse((await App.GetAsync("/api/auth/sessions", user.AccessToken)).Json.GetProperty("items")[0].GetProperty("id").GetString()!);
        await App.PostAsync($"/api/streaming/{film}/grant", accessToken: user.AccessToken);
        edges.IsReachable = false;
        try
        {
            Assert.Equal(HttpStatusCode.NoContent, (await App.SendAsync(HttpMethod.Delete, "/api/users/me", accessToken: user.AccessToken)).Status);
        }
        finally
        {
            edges.IsReachable = true;
        }

        await Eventually.TrueAsync(() => edges.Told.Any(told => told.Id == session), "the edges are told");
    }

    [Fact]
    public async Task Delete_TheOnlyAdmin_IsRefused_AndOneOfTwoIsNot()
    {
        var admin = await App.SignInAsync("a@example.com", "viewer", "admin");
        (await App.SendAsync(HttpMethod.Delete, "/api/users/me", accessToken: admin.AccessToken)).IsProblem(HttpStatusCode.Conflict, "last_admin");
        await App.SignInAsync("b@example.com", "viewer", "admin");
        Assert.Equal(HttpStatusCode.NoContent, (await App.SendAsync(HttpMethod.Delete, "/api/users/me", accessToken: admin.AccessToken)).Status);
    }

    [Fact]
    public async Task Delete_LongAfterTheSignIn_WantsThePasswordAgain()
    {
        var user = await App.SignInAsync("a@example.com");
        App.Clock.Advance(TimeSpan.FromMinutes(11));
        (await App.SendAsync(HttpMethod.Delete, "/api/users/me", accessToken: user.AccessToken)).IsProblem(HttpStatusCode.Forbidden, "reauthentication_required");
    }
}
