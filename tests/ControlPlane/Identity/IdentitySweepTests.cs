using Dapper;
using Microsoft.Extensions.DependencyInjection;
using Movento.ControlPlane.Identity;

namespace Movento.ControlPlane.Tests.Identity;

public sealed class IdentitySweepTests(ControlPlaneFixture fixture) : ControlPlaneTest(fixture)
{
    [Fact]
    public async Task Sweep_RemovesWhatExpired_AndNothingElse()
    {
        var user = await App.SignInAsync("a@example.com");
        await App.Services.GetRequiredService<SignInCodes>().CreateAsync(Guid.Parse(user.Id), TimeSpan.FromMinutes(5), CancellationToken.None);
        await App.PostAsync("/api/auth/login", new { email = "b@example.com", password = "wrong" });
        var sweep = App.Services.GetRequiredService<IdentitySweep>();
        Assert.Equal(0, await sweep.SweepAsync(CancellationToken.None));

        App.Clock.Advance(TimeSpan.FromDays(1));
        Assert.Equal(4, await sweep.SweepAsync(CancellationToken.None)); // a code, and three counted attempts
        SignedInUser.Of(await App.PostAsync("/api/auth/refresh", cookie: user.RefreshToken));

        App.Clock.Advance(TimeSpan.FromDays(30));
        await sweep.SweepAsync(CancellationToken.None);
        await using var connection = await App.Identity.OpenConnectionAsync();
        Assert.Equal(0, await connection.QuerySingleAsync<int>("SELECT (SELECT count(*) FROM refresh_tokens) + (SELECT count(*) FROM sessions)"));
        Assert.Equal(1, await connection.QuerySingleAsync<int>("SELECT count(*) FROM users"));
    }
}
