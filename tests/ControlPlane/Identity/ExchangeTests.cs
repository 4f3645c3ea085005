using System.Net;
using Microsoft.Extensions.DependencyInjection;
using Movento.ControlPlane.Identity;

namespace Movento.ControlPlane.Tests.Identity;

public sealed class ExchangeTests(ControlPlaneFixture fixture) : ControlPlaneTest(fixture)
{
    [Fact]
    public async Task Exchange_ACode_SignsInOnce()
    {
        var user = await App.SignInAsync("a@example.com");
        var code = await CodeAsync(user, TimeSpan.FromMinutes(10));

        var signedIn = SignedInUser.Of(await App.PostAsync("/api/auth/exchange", new { code }));
        Assert.Equal(user.Id, signedIn.Id);
        SignedInUser.Of(await App.PostAsync("/api/auth/refresh", cookie: signedIn.RefreshToken));
        (await App.PostAsync("/api/auth/exchange", new { code })).IsProblem(HttpStatusCode.Unauthorized, "invalid_code");
    }

    [Fact]
    public async Task Exchange_TwentyAtOnce_OneWins()
    {
        var code = await CodeAsync(await App.SignInAsync("a@example.com"), TimeSpan.FromMinutes(10));
        var answers = await Task.WhenAll(Enumerable.Range(0, 20).Select(_ => App.PostAsync("/api/auth/exchange", new { code })));
        Assert.Single(answers, answer => answer.Status == HttpStatusCode.OK);
        Assert.Equal(19, answers.Count(answer => answer.Status == HttpStatusCode.Unauthorized));
    }

    [Fact]
    public async Task Exchange_PastItsLifetime_Returns401()
    {
        var code = await CodeAsync(await App.SignInAsync("a@example.com"), TimeSpan.FromMinutes(10));
        App.Clock.Advance(TimeSpan.FromMinutes(10));
        (await App.PostAsync("/api/auth/exchange", new { code })).IsProblem(HttpStatusCode.Unauthorized, "invalid_code");
    }

    [Fact]
    public async Task Exchange_SomethingElse_Returns401() =>
        (await App.PostAsync("/api/auth/exchange", new { code = "' OR 1=1 --" })).IsProblem(HttpStatusCode.Unauthorized, "invalid_code");

    [Fact]
    public async Task Exchange_Nothing_NamesTheField() => (await App.PostAsync("/api/auth/exchange", new { })).NamesFields("code");

    private Task<string> CodeAsync(SignedInUser user, TimeSpan lifetime) =>
        App.Services.GetRequiredService<SignInCodes>().CreateAsync(Guid.Parse(user.Id), lifetime, CancellationToken.None);
}
