using System.Security.Cryptography;
using Microsoft.Extensions.DependencyInjection;
using Npgsql;

namespace Movento.ControlPlane.Tests;

public sealed class ControlPlaneOptionsTests
{
    [Fact]
    public void Validate_DefaultsWithAKey_AreRight() =>
        Assert.Empty(new ControlPlaneOptions { AccessTokenKeys = [ControlPlaneApp.NewKey()] }.Validate());

    [Fact]
    public void Validate_EverythingWrong_SaysEverything()
    {
        var wrong = new ControlPlaneOptions
        {
            AccessTokenLifetime = TimeSpan.Zero,
            RefreshTokenLifetime = TimeSpan.Zero,
            PlaybackTokenLifetime = TimeSpan.FromDays(8),
            SignInWindow = TimeSpan.Zero,
            SignInFailuresPerAccount = 0,
            LongestSession = TimeSpan.FromDays(-1),
            PasswordCost = 4,
            AuditRetention = TimeSpan.FromHours(1),
            UnconfirmedRetention = TimeSpan.FromDays(1),
            EdgeUrl = "edge.example",
            OutputCaching = new() { Timeout = TimeSpan.Zero },
            AccessTokenKeys = [ControlPlaneApp.NewKey(), "not a key"],
        }.Validate().ToArray();
        Assert.Equal(12, wrong.Length);
        Assert.Contains("AccessTokenKeys[1] is not a P-256 private key in PEM.", wrong);
    }

    [Theory]
    [InlineData(-1, false)]
    [InlineData(0, true)]
    [InlineData(0.5, false)]
    [InlineData(1, true)]
    [InlineData(3660, true)]
    [InlineData(3661, false)]
    public void Validate_AuditRetention_IsForEverOrWithinBounds(double days, bool isRight) =>
        Assert.Equal(isRight, !new ControlPlaneOptions { AuditRetention = TimeSpan.FromDays(days) }.Validate().Any());

    [Theory]
    [InlineData("ftp://edge.example")]
    [InlineData("https://user@edge.example")]
    [InlineData("https://edge.example/?x")]
    [InlineData("https://edge.example/#x")]
    [InlineData("/edge")]
    [InlineData("")]
    public void Validate_EdgeUrlThatIsNoBase_IsNamed(string url) =>
        Assert.Contains("EdgeUrl", Assert.Single(new ControlPlaneOptions { AccessTokenKeys = [ControlPlaneApp.NewKey()], EdgeUrl = url }.Validate()), StringComparison.Ordinal);

    [Fact]
    public void Validate_KeysOfAnotherKind_AreNamedButNotShown()
    {
        using var p384 = ECDsa.Create(ECCurve.NamedCurves.nistP384);
        using var p256 = ECDsa.Create(ECCurve.NamedCurves.nistP256);
        using var rsa = RSA.Create(2048);
        foreach (var pem in new[] { p384.ExportPkcs8PrivateKeyPem(), p256.ExportSubjectPublicKeyInfoPem(), rsa.ExportPkcs8PrivateKeyPem(), "" })
            Assert.Equal("AccessTokenKeys[0] is not a P-256 private key in PEM.", Assert.Single(new ControlPlaneOptions { AccessTokenKeys = [pem] }.Validate()));
        Assert.Empty(new ControlPlaneOptions { AccessTokenKeys = [p256.ExportECPrivateKeyPem()] }.Validate());
    }

    [Fact]
    public async Task Registration_WithoutAnyKey_IsRefused()
    {
        // The host hands the keys in after it has validated what an operator wrote.
        Assert.Empty(new ControlPlaneOptions().Validate());
        await using var database = NpgsqlDataSource.Create("Host=unused");
        var services = new ServiceCollection();
        var databases = ControlPlaneDatabases.Of(_ => database);
        foreach (var options in new[] { new ControlPlaneOptions(), new ControlPlaneOptions { AccessTokenKeys = [ControlPlaneApp.NewKey()] } })
            Assert.Throws<ArgumentException>(() => services.AddMoventoControlPlane(options, databases));
    }
}
