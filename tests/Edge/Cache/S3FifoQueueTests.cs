using Movento.Edge.Cache;

namespace Movento.Edge.Tests.Cache;

public class S3FifoQueueTests
{
    private const int Capacity = 100;
    private readonly S3FifoQueue<Entry> _queue = new(Capacity);
    private readonly Dictionary<ulong, Entry> _entries = [];

    [Fact]
    public void Evict_NothingUsed_LeavesInTheOrderOfArrival()
    {
        foreach (var name in (ulong[])[1, 2, 3]) Add(name);
        Assert.Equal([1, 2, 3], Evict(3));
        Assert.Null(_queue.Evict(_ => true));
        Assert.Equal(0, _queue.Count);
    }

    [Fact]
    public void Evict_UsedAgain_IsSpared()
    {
        foreach (var name in (ulong[])[1, 2, 3]) Add(name);
        _entries[1].Use();
        Assert.Equal([2, 3, 1], Evict(3));
    }

    [Fact]
    public void Add_SoonAfterItLeft_IsProvenAtOnce()
    {
        Add(1);
        Evict(1);
        Assert.True(_queue.HasLeft(1));
        Add(1);
        Assert.True(_entries[1].IsProven);
        Add(2);
        Assert.False(_entries[2].IsProven);
    }

    [Fact]
    public void Evict_BeforeAnybodyCameForIt_IsNotRemembered()
    {
        _queue.Add(_entries[1] = new Entry(1, wasAskedFor: false), isProven: false);
        Evict(1);
        Assert.False(_queue.HasLeft(1));
    }

    [Fact]
    public void Evict_InUse_TakesAnother()
    {
        foreach (var name in (ulong[])[1, 2]) Add(name);
        Assert.Equal(2ul, _queue.Evict(entry => entry.Name != 1)!.Name);
        Assert.Null(_queue.Evict(_ => false));
        Assert.Equal(1, _queue.Count);
    }

    [Fact]
    public void Evict_ProvenInUse_TakesAnother()
    {
        foreach (var name in (ulong[])[1, 2, 3])
        {
            Add(name);
            _entries[name].Use();
        }

        Assert.Equal(3ul, _queue.Evict(entry => entry.Name == 3)!.Name);
        Assert.Null(_queue.Evict(_ => false));
        Assert.Equal(2, _queue.Count);
    }

    /// <summary>What the whole policy is for: an archive read through, a hundred times the cache, while nobody asks for the hot set.</summary>
    [Fact]
    public void Scan_OfAnyLength_DoesNotEvictTheHotSet()
    {
        var hot = Enumerable.Range(1, 80).Select(name => (ulong)name).ToArray();
        foreach (var name in hot) Access(name);
        foreach (var name in hot) Access(name);
        for (ulong scanned = 1000; scanned < 1000 + 100 * Capacity; scanned++) Assert.False(Access(scanned));
        Assert.All(hot, name => Assert.True(_entries.ContainsKey(name), $"{name} was evicted"));
        Assert.Equal(Capacity, _entries.Count);
    }

    [Fact]
    public void Set_ThatIsNoLongerAskedFor_MakesRoomForAnother()
    {
        foreach (var round in Enumerable.Range(0, 3))
        {
            for (ulong name = 1; name <= 80; name++) Access(name);
        }

        foreach (var round in Enumerable.Range(0, 10))
        {
            for (ulong name = 501; name <= 580; name++) Access(name);
        }

        Assert.All(Enumerable.Range(501, 80), name => Assert.True(_entries.ContainsKey((ulong)name)));
    }

    private bool Access(ulong name)
    {
        if (_entries.TryGetValue(name, out var entry))
        {
            entry.Use();
            return true;
        }

        if (_entries.Count == Capacity) Evict(1);
        Add(name);
        return false;
    }

    private void Add(ulong name) => _queue.Add(_entries[name] = new Entry(name), _queue.HasLeft(name));

    private ulong[] Evict(int count) => [.. Enumerable.Range(0, count).Select(_ =>
    {
        var evicted = _queue.Evict(_ => true)!;
        _entries.Remove(evicted.Name);
        return evicted.Name;
    })];

    private sealed class Entry(ulong name, bool wasAskedFor = true) : S3FifoEntry<Entry>
    {
        public override ulong Name => name;

        public override bool WasAskedFor => wasAskedFor;
    }
}
