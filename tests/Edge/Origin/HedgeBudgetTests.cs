using Movento.Edge.Origin;

namespace Movento.Edge.Tests.Origin;

public class HedgeBudgetTests
{
    [Fact]
    public void Delay_OfTooFewReads_IsUnknown()
    {
        var budget = new HedgeBudget(0.05);
        for (var read = 0; read < 63; read++) budget.Took(TimeSpan.FromSeconds(1));
        Assert.Null(budget.Delay);
        budget.Took(TimeSpan.FromSeconds(1));
        Assert.Equal(TimeSpan.FromSeconds(1), budget.Delay);
    }

    [Fact]
    public void Delay_IsThe95thPercentileOfTheLatestReads()
    {
        var budget = new HedgeBudget(0.05);
        for (var read = 0; read < 1000; read++) budget.Took(TimeSpan.FromSeconds(5));
        for (var read = 0; read < 256; read++) budget.Took(TimeSpan.FromMilliseconds(read % 256));
        Assert.Equal(TimeSpan.FromMilliseconds(243), budget.Delay);
    }

    [Fact]
    public void Delay_OfAStoreThatIsQuick_IsNotShorterThanWhatGainsAnything()
    {
        var budget = new HedgeBudget(0.05);
        for (var read = 0; read < 64; read++) budget.Took(TimeSpan.Zero);
        Assert.Equal(HedgeBudget.Least, budget.Delay);
    }

    [Fact]
    public void TrySpend_NeverMoreThanTheShare()
    {
        var budget = new HedgeBudget(0.05);
        Assert.False(budget.TrySpend());
        var spent = 0;
        for (var read = 1; read <= 10_000; read++)
        {
            budget.Took(TimeSpan.FromSeconds(1));
            if (budget.TrySpend()) spent++;
            Assert.True(spent <= read * 0.05 + 1e-6, $"{spent} of {read}");
        }

        Assert.InRange(spent, 490, 500);
    }

    [Fact]
    public void TrySpend_AfterALongCalm_IsNoBurst()
    {
        var budget = new HedgeBudget(0.05);
        for (var read = 0; read < 100_000; read++) budget.Took(TimeSpan.FromSeconds(1));
        var spent = 0;
        while (budget.TrySpend()) spent++;
        Assert.Equal(10, spent);
    }

    [Fact]
    public void Share_OfZero_TurnsItOff()
    {
        var budget = new HedgeBudget(0);
        for (var read = 0; read < 1000; read++) budget.Took(TimeSpan.FromSeconds(1));
        Assert.Null(budget.Delay);
        Assert.False(budget.TrySpend());
    }
}
