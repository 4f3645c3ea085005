using Movento.Edge.Observation;

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
        counters.Add(0, 1);
        var before = GC.GetAllocatedBytesForCurrentThread();
        for (var round = 0; round < 1000; round++) counters.Add(2, round);
        Assert.Equal(0, GC.GetAllocatedBytesForCurrentThread() - before);
    }
}
