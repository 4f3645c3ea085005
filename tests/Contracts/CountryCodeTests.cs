namespace Movento.Contracts.Tests;

public class CountryCodeTests
{
    [Theory]
    [InlineData("DE", "DE")]
    [InlineData("de", "DE")]
    [InlineData("Us", "US")]
    public void TryParse_TwoLetters_AreUpperCase(string text, string code)
    {
        Assert.True(CountryCode.TryParse(text, out var country));
        Assert.Equal(code, country.ToString());
        Assert.Equal(CountryCode.Parse(code), country);
    }

    [Theory]
    [InlineData("")]
    [InlineData("D")]
    [InlineData("DEU")]
    [InlineData("D1")]
    [InlineData("ÄB")]
    [InlineData("{|")]
    public void TryParse_AnythingElse_IsNone(string text) => Assert.False(CountryCode.TryParse(text, out _));
}
