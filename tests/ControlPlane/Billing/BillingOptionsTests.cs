using Movento.ControlPlane.Billing;

namespace Movento.ControlPlane.Tests.Billing;

public sealed class BillingOptionsTests
{
    [Theory]
    [InlineData("sk_test_51Abc")]
    [InlineData("sk_live_51Abc")]
    [InlineData("rk_test_51Abc")]
    public void Validate_KeysOfStripe_AreRight(string key) =>
        Assert.Empty(new BillingOptions { SecretKey = key, WebhookSecrets = ["whsec_abc"] }.Validate());

    [Fact]
    public void Validate_NoKey_IsOffAndRight()
    {
        Assert.Empty(new BillingOptions().Validate());
        Assert.False(new BillingOptions().IsOn);
        Assert.False(new BillingOptions { SecretKey = "" }.IsOn);
    }

    [Fact]
    public void Validate_WhatIsWrong_IsNamedWithoutTheKey()
    {
        var wrong = new BillingOptions
        {
            SecretKey = "pk_live_secret\n", ApiUrl = "ftp://x", ReturnUrl = "x", Grace = TimeSpan.FromDays(99), CallAttempts = 0, WebhookSecrets = ["secret"],
        }.Validate().ToArray();
        Assert.Equal(6, wrong.Length);
        Assert.DoesNotContain(wrong, sentence => sentence.Contains("secret\n", StringComparison.Ordinal) || sentence.Contains("pk_live", StringComparison.Ordinal));
    }

    [Fact]
    public void Validate_AKeyWithoutAWebhookSecretOrInTheClear_IsNamed()
    {
        Assert.Contains("WebhookSecrets", Assert.Single(new BillingOptions { SecretKey = "sk_test_a" }.Validate()), StringComparison.Ordinal);
        Assert.Contains("https", Assert.Single(new BillingOptions { SecretKey = "sk_test_a", WebhookSecrets = ["whsec_a"], ApiUrl = "http://stripe.example" }.Validate()), StringComparison.Ordinal);
    }
}
