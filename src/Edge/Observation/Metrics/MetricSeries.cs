namespace Movento.Edge.Observation.Metrics;

/// <summary>One line of figures: the values of an instrument under one set of tags.</summary>
internal sealed class MetricSeries
{
    private readonly KeyValuePair<string, object?>[] _tags;
    private readonly double[] _bounds;
    private readonly long[] _buckets;
    private double _value;

    /// <param name="tags">Copied.</param>
    /// <param name="bounds">Upper bounds of a histogram's buckets, ascending; empty for a single value.</param>
    public MetricSeries(ReadOnlySpan<KeyValuePair<string, object?>> tags, double[] bounds)
    {
        _tags = tags.ToArray();
        _bounds = bounds;
        // The last one is that of +Inf.
        _buckets = bounds.Length == 0 ? [] : new long[bounds.Length + 1];
    }

    public ReadOnlySpan<KeyValuePair<string, object?>> Tags => _tags;

    /// <summary>The value, or the sum of what a histogram took.</summary>
    public double Value => Volatile.Read(ref _value);

    /// <summary>When it was observed last, as a number of the reading.</summary>
    public long ObservedIn { get; set; }

    public int Buckets => _buckets.Length;

    /// <summary>The upper bound of a bucket; infinite for the last.</summary>
    public double BoundOf(int bucket) => bucket < _bounds.Length ? _bounds[bucket] : double.PositiveInfinity;

    public long CountOf(int bucket) => Volatile.Read(ref _buckets[bucket]);

    public bool HasTags(ReadOnlySpan<KeyValuePair<string, object?>> tags)
    {
        if (tags.Length != _tags.Length) return false;
        for (var index = 0; index < tags.Length; index++)
        {
            if (tags[index].Key != _tags[index].Key || !Equals(tags[index].Value, _tags[index].Value)) return false;
        }

        return true;
    }

    public void Set(double value) => Volatile.Write(ref _value, value);

    public void Add(double value)
    {
        for (var seen = Volatile.Read(ref _value); ;)
        {
            var before = Interlocked.CompareExchange(ref _value, seen + value, seen);
            // By bits: a value that is not a number equals nothing.
            if (BitConverter.DoubleToInt64Bits(before) == BitConverter.DoubleToInt64Bits(seen)) return;
            seen = before;
        }
    }

    /// <summary>Takes a value of a histogram.</summary>
    public void Record(double value)
    {
        var bucket = 0;
        while (bucket < _bounds.Length && value > _bounds[bucket]) bucket++;
        Interlocked.Increment(ref _buckets[bucket]);
        Add(value);
    }
}
