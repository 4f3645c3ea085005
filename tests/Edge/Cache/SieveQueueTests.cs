using Movento.Edge.Cache;

namespace Movento.Edge.Tests.Cache;

public class SieveQueueTests
{
    private readonly SieveQueue<Entry> _queue = new();

    [Fact]
    public void Evict_NothingVisited_LeavesInTheOrderOfArrival()
    {
        Add("a", "b", "c");
        Assert.Equal(["a", "b", "c"], Evict(3));
        Assert.Null(_queue.Evict(_ => true));
        Assert.Equal(0, _queue.Count);
    }

    [Fact]
    public void Evict_Visited_IsSparedOnce()
    {
        var entries = Add("a", "b", "c");
        entries[0].Visited = true;
        Assert.Equal(["b", "c", "a"], Evict(3));
    }

    [Fact]
    public void Evict_AfterASurvivor_TheHandGoesOnFromThere()
    {
        // The paper's point: newcomers that nobody visits leave before what survived.
        var entries = Add("popular", "b");
        entries[0].Visited = true;
        Assert.Equal(["b"], Evict(1));
        Add("scan1");
        Assert.Equal(["popular"], Evict(1));
    }

    [Fact]
    public void Evict_PopularAmongAScan_StaysAsLongAsItIsVisited()
    {
        var popular = Add("popular")[0];
        for (var round = 0; round < 100; round++)
        {
            popular.Visited = true;
            Add($"scan{round}");
            if (_queue.Count > 3) Assert.NotEqual("popular", _queue.Evict(_ => true)!.Name);
        }
    }

    [Fact]
    public void Evict_InUse_TakesAnother()
    {
        Add("a", "b");
        Assert.Equal("b", _queue.Evict(entry => entry.Name != "a")!.Name);
        Assert.Null(_queue.Evict(_ => false));
        Assert.Equal(1, _queue.Count);
    }

    [Fact]
    public void Evict_AllVisited_StillFindsOne()
    {
        foreach (var entry in Add("a", "b", "c")) entry.Visited = true;
        Assert.Equal("a", _queue.Evict(_ => true)!.Name);
    }

    [Fact]
    public void Remove_AnyEntry_KeepsTheOthersInOrder()
    {
        var entries = Add("a", "b", "c", "d");
        _queue.Remove(entries[1]);
        _queue.Remove(entries[3]);
        Assert.Equal(["a", "c"], Evict(2));
    }

    [Fact]
    public void Remove_WhereTheHandStands_TheHandMovesOn()
    {
        var entries = Add("a", "b", "c");
        Assert.Equal(["a"], Evict(1));
        _queue.Remove(entries[1]);
        Assert.Equal(["c"], Evict(1));
    }

    private Entry[] Add(params string[] names)
    {
        var entries = names.Select(name => new Entry(name)).ToArray();
        foreach (var entry in entries) _queue.Add(entry);
        return entries;
    }

    private string[] Evict(int count) => [.. Enumerable.Range(0, count).Select(_ => _queue.Evict(_ => true)!.Name)];

    private sealed class Entry(string name) : SieveEntry<Entry>
    {
        public string Name { get; } = name;
    }
}
