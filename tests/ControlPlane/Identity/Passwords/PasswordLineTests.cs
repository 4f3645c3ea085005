using System.Net;
using Microsoft.AspNetCore.Identity;
using Microsoft.Extensions.DependencyInjection;
using Movento.ControlPlane.Identity;
using Movento.ControlPlane.Identity.Passwords;

namespace Movento.ControlPlane.Tests.Identity.Passwords;

public sealed class PasswordLineTests(ControlPlaneFixture fixture) : ControlPlaneTest(fixture)
{
    [Fact]
    public async Task Login_WhileTheLineIsFull_Returns503AndThenGoesOn()
    {
        await App.AddUserAsync("a@example.com");
        var passwords = App.Services.GetRequiredService<PasswordHashing>();
        var places = Enumerable.Range(0, PasswordHashing.AtOnce + PasswordHashing.LongestLine)
            .Select(_ => passwords.TakePlaceAsync(CancellationToken.None))
            .ToArray();

        var refused = await App.PostAsync("/api/auth/login", new { email = "a@example.com", password = ControlPlaneApp.Password });
        foreach (var place in places) (await place).Dispose();

        refused.IsProblem(HttpStatusCode.ServiceUnavailable, "busy");
        Assert.Equal(TimeSpan.FromSeconds(2), refused.Headers.RetryAfter?.Delta);
        SignedInUser.Of(await App.PostAsync("/api/auth/login", new { email = "a@example.com", password = ControlPlaneApp.Password }));
    }

    [Fact]
    public async Task Verify_AgainstNobody_DoesTheWorkAndFails()
    {
        using var passwords = new PasswordHashing(new IdentityKeys(new byte[32]), 10, hasBcrypt: true);
        Assert.Equal(PasswordVerificationResult.Failed, await passwords.VerifyAsync(null, ControlPlaneApp.Password, CancellationToken.None));
        // Nobody's hash is one that crypt(3) takes, of the same cost, so that it costs what any other does.
        var nobodys = new Bcrypt(new byte[48], 10).Nobodys()["hs384".Length..];
        Assert.Equal(nobodys[..29], Crypt.Hash("x", nobodys)[..29]);
        Assert.Equal(60, nobodys.Length);
    }
}
