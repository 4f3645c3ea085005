using Movento.ControlPlane.Quality;

namespace Movento.ControlPlane.Tests.Quality;

public sealed class StartTimesTests
{
    [Fact]
    public void Within_OfManyTimes_IsRightToAQuarter()
    {
        // A fixed seed: a failure repeats itself. Log-normal, as waiting times are, with a median of a second.
        var random = new Random(20261126);
        var times = Enumerable.Range(0, 10_000)
            .Select(_ => Math.Exp(0.8 * Math.Sqrt(-2 * Math.Log(1 - random.NextDouble())) * Math.Cos(2 * Math.PI * random.NextDouble())))
            .Order().ToArray();
        var starts = new long[StartTimes.Count];
        foreach (var time in times) starts[StartTimes.BinOf(time)]++;
        foreach (var part in new[] { 0.05, 0.25, 0.5, 0.75, 0.95, 0.99 })
        {
            var exact = times[(int)(part * times.Length)];
            Assert.InRange(StartTimes.Within(part, starts)!.Value, exact / 1.25, exact * 1.25);
        }
    }

    [Theory]
    [InlineData(0, 0)]
    [InlineData(0.0999, 0)]
    [InlineData(0.1, 1)]
    [InlineData(0.1249, 1)]
    [InlineData(51.69, 28)]
    [InlineData(51.7, 29)]
    [InlineData(86_400, 29)]
    public void BinOf_ATime_IsTheOneThatHoldsIt(double seconds, int bin) => Assert.Equal(bin, StartTimes.BinOf(seconds));

    [Fact]
    public void Within_OfNone_IsNothing() => Assert.Null(StartTimes.Within(0.5, new long[StartTimes.Count]));

    [Fact]
    public void Within_OfTheLastBin_IsWhereItBegins()
    {
        var starts = new long[StartTimes.Count];
        starts[^1] = 3;
        Assert.InRange(StartTimes.Within(0.5, starts)!.Value, 51.69, 51.7);
    }
}
