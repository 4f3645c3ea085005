using System.Net;
using Microsoft.AspNetCore.Identity;
using Microsoft.Extensions.DependencyInjection;
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
        using var passwords = new PasswordHashing();
        Assert.Equal(PasswordVerificationResult.Failed, await passwords.VerifyAsync(null, ControlPlaneApp.Password, CancellationToken.None));
        // Nobody's hash is one that the hasher reads to the end, so that it costs what any other does.
        Assert.Equal(13 + 16 + 32, Convert.FromBase64String(await passwords.HashAsync("x", CancellationToken.None)).Length);
    }
}
