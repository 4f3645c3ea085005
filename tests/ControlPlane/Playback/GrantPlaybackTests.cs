using System.Net;
using Movento.Contracts;

namespace Movento.ControlPlane.Tests.Playback;

public sealed class GrantPlaybackTests(ControlPlaneFixture fixture) : ControlPlaneTest(fixture)
{
    [Fact]
    public async Task Grant_SignedIn_GivesUrlsThatTheEdgeOpens()
    {
        var user = await App.SignInAsync("a@example.com");
        var id = await App.PublishAsync("A");
        var grant = await App.PostAsync($"/api/streaming/{id}/grant", accessToken: user.AccessToken);

        Assert.Equal(HttpStatusCode.OK, grant.Status);
        Assert.Equal("no-store", grant.Headers.CacheControl?.ToString());
        Assert.Equal(["assetId", "dashUrl", "expiresAt", "heartbeatSeconds", "hlsUrl", "isGrowing", "session", "version"], grant.Json.EnumerateObject().Select(member => member.Name).Order());
        Assert.Equal(id.ToString(), grant.Json.GetProperty("assetId").GetString());
        Assert.Equal(1, grant.Json.GetProperty("version").GetInt32());
        Assert.Equal("2026-03-01T16:00:00Z", grant.Json.GetProperty("expiresAt").GetString());

        var token = grant.Json.GetProperty("hlsUrl").GetString()!.Split('/')[3];
        Assert.Equal($"https://edge.example/{token}/assets/{id}/v1/master.m3u8", grant.Json.GetProperty("hlsUrl").GetString());
        Assert.Equal($"https://edge.example/{token}/assets/{id}/v1/manifest.mpd", grant.Json.GetProperty("dashUrl").GetString());
        var claims = Verify(grant);
        Assert.Equal(new PlaybackClaims(id, PlaybackScope.Presentation, App.Clock.Now.AddHours(6), claims.Session) { SignIn = claims.SignIn }, claims);
        Assert.NotEqual(Guid.Empty, claims.SignIn);
        Assert.NotEqual(Guid.Empty, claims.Session);
        Assert.Equal(claims.Session.ToString("N"), grant.Json.GetProperty("session").GetString());
    }

    [Fact]
    public async Task Grant_OfAFilmThatGrows_NamesItsVersionAndSaysSo()
    {
        var user = await App.SignInAsync("a@example.com");
        var id = Guid.CreateVersion7();
        await App.AnnounceAsync(new AssetPlayable(id, Guid.NewGuid(), "A", 3, TimeSpan.FromHours(9).TotalSeconds, 640, 360, App.Clock.Now));

        var grant = await App.PostAsync($"/api/streaming/{id:N}/grant", accessToken: user.AccessToken);

        Assert.Equal(HttpStatusCode.OK, grant.Status);
        Assert.True(grant.Json.GetProperty("isGrowing").GetBoolean());
        Assert.Equal(3, grant.Json.GetProperty("version").GetInt32());
        Assert.Equal(App.Clock.Now.AddHours(10), Verify(grant).Expires);
    }

    [Theory]
    [InlineData(0, null, 0)]
    [InlineData(0, "720", 720)]
    [InlineData(1080, null, 1080)]
    [InlineData(1080, "2160", 1080)]
    [InlineData(1080, "480", 480)]
    public async Task Grant_WithAHeight_IsTheLowerOfAskedAndAllowed(ushort allowed, string? asked, ushort granted)
    {
        App.Options.MaxPlaybackHeight = allowed;
        try
        {
            var user = await App.SignInAsync("a@example.com");
            var id = await App.PublishAsync("A");
            var grant = await App.PostAsync($"/api/streaming/{id}/grant{(asked is null ? "" : $"?maxHeight={asked}")}", accessToken: user.AccessToken);
            Assert.Equal(granted, Verify(grant).MaxHeight);
        }
        finally
        {
            App.Options.MaxPlaybackHeight = 0;
        }
    }

    [Theory]
    [InlineData("0")]
    [InlineData("-1")]
    [InlineData("65536")]
    [InlineData("x")]
    [InlineData("")]
    public async Task Grant_WithAHeightThatIsNone_IsRefused(string height)
    {
        var user = await App.SignInAsync("a@example.com");
        var id = await App.PublishAsync("A");
        (await App.PostAsync($"/api/streaming/{id}/grant?maxHeight={height}", accessToken: user.AccessToken)).IsProblem(HttpStatusCode.BadRequest, "invalid_request");
    }

    [Fact]
    public async Task Grant_EachTime_IsASessionOfItsOwn()
    {
        var user = await App.SignInAsync("a@example.com");
        var id = await App.PublishAsync("A");
        var sessions = new HashSet<Guid>();
        for (var i = 0; i < 5; i++) sessions.Add(Verify(await App.PostAsync($"/api/streaming/{id}/grant", accessToken: user.AccessToken)).Session);
        Assert.Equal(5, sessions.Count);
    }

    [Fact]
    public async Task Grant_ForALongFilm_OutlivesIt()
    {
        var user = await App.SignInAsync("a@example.com");
        var id = await App.PublishAsync("A very long film", TimeSpan.FromHours(9).TotalSeconds);
        Assert.Equal(App.Clock.Now.AddHours(10), Verify(await App.PostAsync($"/api/streaming/{id}/grant", accessToken: user.AccessToken)).Expires);
    }

    [Fact]
    public async Task Grant_OfANewerVersion_NamesIt()
    {
        var user = await App.SignInAsync("a@example.com");
        var id = await App.PublishAsync("A");
        await App.AnnounceAsync(new AssetPublished(id.Value, Guid.NewGuid(), "A", 12, 60, 1280, 720, true, App.Clock.Now));
        var grant = await App.PostAsync($"/api/streaming/{id}/grant", accessToken: user.AccessToken);
        Assert.Equal(12, grant.Json.GetProperty("version").GetInt32());
        Assert.EndsWith($"/assets/{id}/v12/master.m3u8", grant.Json.GetProperty("hlsUrl").GetString(), StringComparison.Ordinal);
    }

    [Fact]
    public async Task Grant_WithoutSigningIn_Returns401()
    {
        var id = await App.PublishAsync("A");
        (await App.PostAsync($"/api/streaming/{id}/grant")).IsProblem(HttpStatusCode.Unauthorized, "unauthenticated");
    }

    [Fact]
    public async Task Grant_OfWhatIsNotPublished_Returns404()
    {
        var token = (await App.SignInAsync("a@example.com")).AccessToken;
        var accepted = AssetId.New(App.Clock.Now);
        await App.AnnounceAsync(new AssetAccepted(accepted.Value, Guid.NewGuid(), "A", App.Clock.Now));
        var deleted = await App.PublishAsync("B");
        await App.AnnounceAsync(new AssetDeleted(deleted.Value, App.Clock.Now));

        foreach (var id in new[] { accepted.ToString(), deleted.ToString(), AssetId.New(App.Clock.Now).ToString(), "x", "..%2F..", "'%20OR%201=1" })
            (await App.PostAsync($"/api/streaming/{id}/grant", accessToken: token)).IsProblem(HttpStatusCode.NotFound, "not_found");
    }

    private PlaybackClaims Verify(Answer grant)
    {
        var token = grant.Json.GetProperty("hlsUrl").GetString()!.Split('/')[3];
        Assert.Equal(PlaybackTokenOutcome.Valid, new PlaybackTokenVerifier(App.PlaybackKeys).Verify(token, App.Clock.Now, out var claims));
        return claims;
    }
}
