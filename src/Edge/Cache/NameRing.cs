namespace Movento.Edge.Cache;

/// <summary>The last names that were added, so many of them. Not thread-safe.</summary>
internal sealed class NameRing(int capacity)
{
    private readonly ulong[] _ring = new ulong[Math.Max(capacity, 1)];
    private readonly HashSet<ulong> _names = new(Math.Max(capacity, 1));
    private int _next;
    private int _count;

    public bool Contains(ulong name) => _names.Contains(name);

    /// <summary>Remembers a name, and forgets the oldest if there is no more room. One that is remembered keeps its age.</summary>
    public void Add(ulong name)
    {
        if (_names.Contains(name)) return;
        if (_count == _ring.Length) _names.Remove(_ring[_next]);
        else _count++;
        _ring[_next] = name;
        _names.Add(name);
        _next = (_next + 1) % _ring.Length;
    }
}
