using Movento.Edge.Cache;

namespace Movento.Load.Cache;

/// <summary>A cache of so many blocks that only says what it would have.</summary>
internal interface ICachePolicy
{
    /// <summary>Whether the block is there; afterwards it has been asked for once more.</summary>
    bool Access(ulong block);
}

/// <summary>The edge's own.</summary>
internal sealed class S3FifoPolicy(int capacity) : ICachePolicy
{
    private readonly Dictionary<ulong, Entry> _entries = [];
    private readonly S3FifoQueue<Entry> _queue = new(capacity);

    public bool Access(ulong block)
    {
        if (_entries.TryGetValue(block, out var entry))
        {
            entry.Use();
            return true;
        }

        if (_entries.Count == capacity) _entries.Remove(_queue.Evict(static _ => true)!.Name);
        entry = new Entry(block);
        _entries.Add(block, entry);
        _queue.Add(entry, _queue.HasLeft(block));
        return false;
    }

    private sealed class Entry(ulong name) : S3FifoEntry<Entry>
    {
        public override ulong Name => name;
    }
}

/// <summary>What the edge's documents have, and its media had before.</summary>
internal sealed class SievePolicy(int capacity) : ICachePolicy
{
    private readonly Dictionary<ulong, Entry> _entries = [];
    private readonly SieveQueue<Entry> _queue = new();

    public bool Access(ulong block)
    {
        if (_entries.TryGetValue(block, out var entry)) return entry.Visited = true;
        if (_entries.Count == capacity) _entries.Remove(_queue.Evict(static _ => true)!.Name);
        entry = new Entry(block);
        _entries.Add(block, entry);
        _queue.Add(entry);
        return false;
    }

    private sealed class Entry(ulong name) : SieveEntry<Entry>
    {
        public ulong Name => name;
    }
}

/// <summary>The least recently used leaves: nginx, and most others.</summary>
internal sealed class LruPolicy(int capacity) : ICachePolicy
{
    private readonly Dictionary<ulong, LinkedListNode<ulong>> _nodes = [];
    private readonly LinkedList<ulong> _order = [];

    public bool Access(ulong block)
    {
        if (_nodes.TryGetValue(block, out var node))
        {
            _order.Remove(node);
            _order.AddFirst(node);
            return true;
        }

        if (_nodes.Count == capacity)
        {
            _nodes.Remove(_order.Last!.Value);
            _order.RemoveLast();
        }

        _nodes.Add(block, _order.AddFirst(block));
        return false;
    }
}

/// <summary>
/// W-TinyLFU (Einziger et al., 2017): a window of a hundredth, a main cache in two segments (a fifth on probation), and who is asked for more often by a sketch of
/// counters decides which of the two that meet at the door stays.
/// </summary>
internal sealed class TinyLfuPolicy : ICachePolicy
{
    private readonly int _windowSize;
    private readonly int _protectedSize;
    private readonly int _mainSize;
    private readonly byte[] _counters;
    private readonly Dictionary<ulong, (LinkedListNode<ulong> Node, LinkedList<ulong> List)> _places = [];
    private readonly LinkedList<ulong> _window = [];
    private readonly LinkedList<ulong> _probation = [];
    private readonly LinkedList<ulong> _protected = [];
    private readonly int _sample;
    private int _counted;

    public TinyLfuPolicy(int capacity)
    {
        _windowSize = Math.Max(1, capacity / 100);
        _mainSize = capacity - _windowSize;
        _protectedSize = _mainSize * 4 / 5;
        _counters = new byte[(int)System.Numerics.BitOperations.RoundUpToPowerOf2((uint)capacity * 16)];
        _sample = 10 * capacity;
    }

    public bool Access(ulong block)
    {
        Count(block);
        if (_places.TryGetValue(block, out var place))
        {
            if (place.List == _probation)
            {
                Move(block, place, _protected);
                if (_protected.Count > _protectedSize) Move(_protected.Last!.Value, (_protected.Last!, _protected), _probation);
            }
            else
            {
                Move(block, place, place.List);
            }

            return true;
        }

        _places[block] = (_window.AddFirst(block), _window);
        if (_window.Count <= _windowSize) return false;
        var candidate = _window.Last!.Value;
        if (_probation.Count + _protected.Count < _mainSize)
        {
            Move(candidate, (_window.Last!, _window), _probation);
            return false;
        }

        var victim = _probation.Last!.Value;
        if (Frequency(candidate) > Frequency(victim))
        {
            Remove(victim, _probation);
            Move(candidate, (_window.Last!, _window), _probation);
        }
        else
        {
            Remove(candidate, _window);
        }

        return false;
    }

    private void Move(ulong block, (LinkedListNode<ulong> Node, LinkedList<ulong> List) place, LinkedList<ulong> to)
    {
        place.List.Remove(place.Node);
        to.AddFirst(place.Node);
        _places[block] = (place.Node, to);
    }

    private void Remove(ulong block, LinkedList<ulong> list)
    {
        list.RemoveLast();
        _places.Remove(block);
    }

    private void Count(ulong block)
    {
        for (var row = 0; row < 4; row++)
        {
            ref var counter = ref _counters[Slot(block, row)];
            if (counter < 15) counter++;
        }

        if (++_counted < _sample) return;
        _counted /= 2;
        for (var slot = 0; slot < _counters.Length; slot++) _counters[slot] /= 2;
    }

    private int Frequency(ulong block) => Math.Min(
        Math.Min(_counters[Slot(block, 0)], _counters[Slot(block, 1)]), Math.Min(_counters[Slot(block, 2)], _counters[Slot(block, 3)]));

    private int Slot(ulong block, int row) => (int)(Trace.Mix(block + (ulong)row * 0x9e3779b97f4a7c15) & (ulong)(_counters.Length - 1));
}
