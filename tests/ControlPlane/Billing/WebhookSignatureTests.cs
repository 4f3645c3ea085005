using System.Security.Cryptography;
using System.Text;
using Movento.ControlPlane.Billing.Webhooks;

namespace Movento.ControlPlane.Tests.Billing;

public sealed class WebhookSignatureTests
{
    private static readonly DateTimeOffset Now = DateTimeOffset.FromUnixTimeSeconds(1_700_000_000);
    private static readonly byte[] Body = "{\"id\":\"evt_1\"}"u8.ToArray();

    [Fact]
    public void Check_SignedNow_IsValid() => Assert.Equal("Valid", Check($"t={At(0)},v1={Sign("whsec_a", 0)}"));

    [Fact]
    public void Check_AnyOfSeveralSignaturesAndSecrets_IsEnough()
    {
        Assert.Equal("Valid", Check($"t={At(0)},v1={new string('0', 64)},v1={Sign("whsec_b", 0)},v0={new string('1', 64)}", "whsec_a", "whsec_b"));
        Assert.Equal("Valid", Check($"t={At(0)}, v1=nonsense, v1={Sign("whsec_a", 0).ToUpperInvariant()}", "whsec_b", "whsec_a"));
    }

    [Theory]
    [InlineData(-300, "Valid")]
    [InlineData(300, "Valid")]
    [InlineData(-301, "Stale")]
    [InlineData(301, "Stale")]
    public void Check_AtTheToleranceAndBehindIt_DiffersByASecond(long offset, string outcome) =>
        Assert.Equal(outcome, Check($"t={At(offset)},v1={Sign("whsec_a", offset)}"));

    [Fact]
    public void Check_AnythingElseThanWhatWasSigned_IsForged()
    {
        var good = Sign("whsec_a", 0);
        Assert.Equal("Forged", Check($"t={At(1)},v1={good}"));
        Assert.Equal("Forged", Check($"t={At(0)},v1={Sign("whsec_other", 0)}"));
        Assert.Equal("Forged", Check($"t={At(0)},v0={good}"));
        Assert.Equal("Forged", Check($"t={At(0)},v1={good[..^1]}"));
        Assert.Equal("Forged", Check($"t={At(0)}"));
        Assert.Equal("Forged", WebhookSignature.Check($"t={At(0)},v1={good}", [.. Body, (byte)' '], ["whsec_a"], Now).ToString());
        Assert.Equal("Forged", WebhookSignature.Check($"t={At(0)},v1={good}", Body, [], Now).ToString());
    }

    [Theory]
    [InlineData(null)]
    [InlineData("")]
    [InlineData("t")]
    [InlineData("v1=00")]
    [InlineData("t=,v1=00")]
    [InlineData("t=-5,v1=00")]
    [InlineData("t=99999999999999999999,v1=00")]
    [InlineData("t=1,t=2,v1=00")]
    public void Check_WhatIsNoSignature_IsMalformed(string? header) => Assert.Equal("Malformed", Check(header));

    [Fact]
    public void Check_HeadersWithoutEnd_AreRefusedBeforeTheyAreWorkedOn()
    {
        Assert.Equal("Malformed", Check($"t={At(0)}," + string.Join(',', Enumerable.Repeat($"v1={Sign("whsec_a", 0)}", 17))));
        Assert.Equal("Malformed", Check(new string('t', 5000)));
    }

    private static string Check(string? header, params string[] secrets) =>
        WebhookSignature.Check(header, Body, secrets.Length == 0 ? ["whsec_a"] : secrets, Now).ToString();

    private static long At(long offset) => Now.ToUnixTimeSeconds() + offset;

    private static string Sign(string secret, long offset) =>
        Convert.ToHexStringLower(HMACSHA256.HashData(Encoding.UTF8.GetBytes(secret), Encoding.UTF8.GetBytes($"{At(offset)}.").Concat(Body).ToArray()));
}
