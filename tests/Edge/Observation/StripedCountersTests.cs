using Movento.Edge.Observation;
using Movento.Harness;

namespace Movento.Edge.Tests.Observation;

public class StripedCountersTests
{
    [Fact]
    public void Counters_AddedToByManyThreads_HaveEverySum()
    {
        var counters = new StripedCounters(40);
        Parallel.For(0, 16, _ =>
        {
            for (var round = 0; round < 4000; round++) counters.Add(round % 40, round % 40);
        });
        for (var index = 0; index < 40; index++) Assert.Equal(16 * 100 * index, counters.Read(index));
    }

    [Fact]
    public void Add_Always_AllocatesNothing()
    {
        var counters = new StripedCounters(3);
        Assert.Equal(0, Allocations.Of(() => counters.Add(2, 1)));
    }
}
