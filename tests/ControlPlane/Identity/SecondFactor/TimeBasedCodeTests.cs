using System.Text;
using Movento.ControlPlane.Identity.SecondFactor;

namespace Movento.ControlPlane.Tests.Identity.SecondFactor;

public sealed class TimeBasedCodeTests
{
    private static readonly byte[] Secret = Encoding.ASCII.GetBytes("12345678901234567890");

    [Theory]
    // RFC 6238, appendix B, SHA-1; its eight digits end in these six.
    [InlineData(59, "287082")]
    [InlineData(1111111109, "081804")]
    [InlineData(1111111111, "050471")]
    [InlineData(1234567890, "005924")]
    [InlineData(2000000000, "279037")]
    [InlineData(20000000000, "353130")]
    public void Of_TheVectorsOfTheRfc_IsTheirs(long seconds, string code) =>
        Assert.Equal(code, TimeBasedCode.Of(Secret, TimeBasedCode.StepOf(DateTimeOffset.FromUnixTimeSeconds(seconds))));

    [Theory]
    [InlineData(-2, false)]
    [InlineData(-1, true)]
    [InlineData(0, true)]
    [InlineData(1, false)]
    public void StepOf_ACode_IsOfNowOrTheStepBefore(int steps, bool isTaken)
    {
        var now = DateTimeOffset.FromUnixTimeSeconds(1234567890);
        var step = TimeBasedCode.StepOf(now) + steps;
        Assert.Equal(isTaken ? step : null, TimeBasedCode.StepOf(TimeBasedCode.Of(Secret, step), Secret, now));
    }

    [Theory]
    [InlineData("", "")]
    [InlineData("f", "MY")]
    [InlineData("fo", "MZXQ")]
    [InlineData("foo", "MZXW6")]
    [InlineData("foob", "MZXW6YQ")]
    [InlineData("fooba", "MZXW6YTB")]
    [InlineData("foobar", "MZXW6YTBOI")]
    // RFC 4648 §10, without the padding.
    public void Base32_TheVectorsOfTheRfc_AreTheirs(string text, string encoded) => Assert.Equal(encoded, Base32.Encode(Encoding.ASCII.GetBytes(text)));
}
