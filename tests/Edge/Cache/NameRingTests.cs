using Movento.Edge.Cache;

namespace Movento.Edge.Tests.Cache;

public class NameRingTests
{
    [Fact]
    public void Add_MoreThanItHolds_ForgetsTheOldest()
    {
        var ring = new NameRing(3);
        for (ulong name = 1; name <= 5; name++) ring.Add(name);
        Assert.Equal([false, false, true, true, true], Enumerable.Range(1, 5).Select(name => ring.Contains((ulong)name)));
    }

    [Fact]
    public void Add_Twice_TakesOnePlace()
    {
        var ring = new NameRing(2);
        foreach (var name in (ulong[])[1, 1, 1, 2]) ring.Add(name);
        Assert.True(ring.Contains(1));
        Assert.True(ring.Contains(2));
    }
}
