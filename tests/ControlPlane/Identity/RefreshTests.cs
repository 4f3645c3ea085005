using System.Net;
using Dapper;

namespace Movento.ControlPlane.Tests.Identity;

public sealed class RefreshTests(ControlPlaneFixture fixture) : ControlPlaneTest(fixture)
{
    private static readonly TimeSpan PastGrace = TimeSpan.FromSeconds(31);

    [Fact]
    public async Task Refresh_ALivingToken_GivesTheNextAndAFreshAccessToken()
    {
        var user = await App.SignInAsync("a@example.com");
        App.Clock.Advance(TimeSpan.FromDays(29));
        var next = SignedInUser.Of(await RefreshAsync(user.RefreshToken));

        Assert.Equal(user.Id, next.Id);
        Assert.NotEqual(user.RefreshToken, next.RefreshToken);
        Assert.Equal(HttpStatusCode.OK, (await App.GetAsync("/api/users/me", next.AccessToken)).Status);
        // Each rotation starts the lifetime anew.
        App.Clock.Advance(TimeSpan.FromDays(29));
        SignedInUser.Of(await RefreshAsync(next.RefreshToken));
    }

    [Fact]
    public async Task Refresh_AHundredAtOnce_AllGoOnWithOneToken()
    {
        var user = await App.SignInAsync("a@example.com");
        var answers = await Task.WhenAll(Enumerable.Range(0, 100).Select(_ => RefreshAsync(user.RefreshToken)));

        var successor = Assert.Single(answers.Select(answer => SignedInUser.Of(answer).RefreshToken).Distinct());
        App.Clock.Advance(PastGrace);
        SignedInUser.Of(await RefreshAsync(successor));
        await using var connection = await App.Identity.OpenConnectionAsync();
        Assert.Equal(1, await connection.QuerySingleAsync<int>("SELECT count(*) FROM sessions"));
        Assert.Equal(3, await connection.QuerySingleAsync<int>("SELECT count(*) FROM refresh_tokens"));
    }

    [Fact]
    public async Task Refresh_AUsedTokenWithinTheGrace_FollowsToTheOneThatLives()
    {
        var first = (await App.SignInAsync("a@example.com")).RefreshToken;
        var second = SignedInUser.Of(await RefreshAsync(first)).RefreshToken;
        var third = SignedInUser.Of(await RefreshAsync(second)).RefreshToken;
        App.Clock.Advance(TimeSpan.FromSeconds(29));

        Assert.Equal(third, SignedInUser.Of(await RefreshAsync(first)).RefreshToken);
        Assert.Equal(third, SignedInUser.Of(await RefreshAsync(second)).RefreshToken);
    }

    [Fact]
    public async Task Refresh_AUsedTokenPastTheGrace_EndsTheWholeFamily()
    {
        var stolen = (await App.SignInAsync("a@example.com")).RefreshToken;
        var next = SignedInUser.Of(await RefreshAsync(stolen)).RefreshToken;
        App.Clock.Advance(PastGrace);

        var reuse = await RefreshAsync(stolen);
        reuse.IsProblem(HttpStatusCode.Unauthorized, "invalid_refresh");
        Assert.Equal("", reuse.RefreshToken);
        Assert.Contains("max-age=0", reuse.SetCookie, StringComparison.Ordinal);
        (await RefreshAsync(next)).IsProblem(HttpStatusCode.Unauthorized, "invalid_refresh");
    }

    [Fact]
    public async Task Refresh_AStolenTokenAfterAHundredAtOnce_IsStillCaught()
    {
        var stolen = (await App.SignInAsync("a@example.com")).RefreshToken;
        var answers = await Task.WhenAll(Enumerable.Range(0, 100).Select(_ => RefreshAsync(stolen)));
        var successor = Assert.Single(answers.Select(answer => SignedInUser.Of(answer).RefreshToken).Distinct());
        App.Clock.Advance(PastGrace);
        (await RefreshAsync(stolen)).IsProblem(HttpStatusCode.Unauthorized, "invalid_refresh");
        (await RefreshAsync(successor)).IsProblem(HttpStatusCode.Unauthorized, "invalid_refresh");
    }

    [Fact]
    public async Task Refresh_AThiefWhoWasQuickerThanTheGrace_IsCaughtWhenBothGoOn()
    {
        // Both hold the same successor: whoever uses it second, later than the grace, shows that there are two.
        var stolen = (await App.SignInAsync("a@example.com")).RefreshToken;
        var owners = SignedInUser.Of(await RefreshAsync(stolen)).RefreshToken;
        var thiefs = SignedInUser.Of(await RefreshAsync(stolen)).RefreshToken;
        Assert.Equal(owners, thiefs);
        App.Clock.Advance(TimeSpan.FromMinutes(15));
        var next = SignedInUser.Of(await RefreshAsync(thiefs)).RefreshToken;
        App.Clock.Advance(PastGrace);
        (await RefreshAsync(owners)).IsProblem(HttpStatusCode.Unauthorized, "invalid_refresh");
        (await RefreshAsync(next)).IsProblem(HttpStatusCode.Unauthorized, "invalid_refresh");
    }

    [Fact]
    public async Task Refresh_ReuseInOneSession_LeavesTheOthersAlone()
    {
        var user = await App.SignInAsync("a@example.com");
        var stolen = user.RefreshToken;
        var elsewhere = (await App.SignInAgainAsync(Guid.Parse(user.Id))).RefreshToken;
        await RefreshAsync(stolen);
        App.Clock.Advance(PastGrace);
        await RefreshAsync(stolen);
        SignedInUser.Of(await RefreshAsync(elsewhere));
    }

    [Theory]
    [InlineData(null)]
    [InlineData("x")]
    [InlineData("' OR 1=1 --")]
    [InlineData("AAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAA")]
    [InlineData("AAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAA")]
    public async Task Refresh_WithoutATokenOfOurs_Returns401(string? cookie) =>
        (await App.PostAsync("/api/auth/refresh", cookie: cookie)).IsProblem(HttpStatusCode.Unauthorized, "invalid_refresh");

    [Fact]
    public async Task Logout_EndsTheSession_ForItsNextTokenToo()
    {
        var first = (await App.SignInAsync("a@example.com")).RefreshToken;
        var second = SignedInUser.Of(await RefreshAsync(first)).RefreshToken;

        var answer = await App.PostAsync("/api/auth/logout", cookie: first);
        Assert.Equal(HttpStatusCode.NoContent, answer.Status);
        Assert.Contains("max-age=0", answer.SetCookie, StringComparison.Ordinal);
        Assert.Contains("path=/", answer.SetCookie, StringComparison.Ordinal);
        (await RefreshAsync(second)).IsProblem(HttpStatusCode.Unauthorized, "invalid_refresh");
        (await RefreshAsync(first)).IsProblem(HttpStatusCode.Unauthorized, "invalid_refresh");
    }

    [Fact]
    public async Task Logout_WithoutACookie_Returns204() =>
        Assert.Equal(HttpStatusCode.NoContent, (await App.PostAsync("/api/auth/logout")).Status);

    private Task<Answer> RefreshAsync(string token) => App.PostAsync("/api/auth/refresh", cookie: token);
}
