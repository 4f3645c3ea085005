using System.Diagnostics.Metrics;

namespace Movento.Edge.Observation.Metrics;

/// <summary>What an instrument has measured, under each set of tags. Taking a measurement under tags that were seen before allocates nothing.</summary>
internal sealed class MetricFamily
{
    // What an instrument of ours has is far below; a tag with endless values must not fill the memory.
    private const int MaxSeries = 512;

    private readonly Lock _lock = new();
    private readonly double[] _bounds;
    private volatile MetricSeries[] _series = [];

    public MetricFamily(Instrument instrument)
    {
        Type = instrument.GetType().GetGenericTypeDefinition() is var kind && (kind == typeof(Counter<>) || kind == typeof(ObservableCounter<>)) ? "counter"
            : kind == typeof(Histogram<>) ? "histogram"
            : "gauge";
        IsAdded = kind == typeof(Counter<>) || kind == typeof(UpDownCounter<>);
        Name = PrometheusText.NameOf(instrument.Name, instrument.Unit, Type);
        Description = instrument.Description ?? "";
        IsObserved = instrument.IsObservable;
        _bounds = Type == "histogram" ? (instrument as Histogram<double>)?.Advice?.HistogramBucketBoundaries?.ToArray() ?? DefaultBounds : [];
    }

    // Seconds, as OpenTelemetry advises for durations.
    private static readonly double[] DefaultBounds = [0.005, 0.01, 0.025, 0.05, 0.075, 0.1, 0.25, 0.5, 0.75, 1, 2.5, 5, 7.5, 10];

    public string Name { get; }

    /// <summary>counter, gauge or histogram.</summary>
    public string Type { get; }

    public string Description { get; }

    /// <summary>Whether measurements come when they are asked for, and not when something happens.</summary>
    public bool IsObserved { get; }

    private bool IsAdded { get; }

    public ReadOnlySpan<MetricSeries> Series => _series;

    /// <param name="value">The measurement.</param>
    /// <param name="tags">Of it.</param>
    /// <param name="reading">The number of the reading in which it was observed.</param>
    public void Take(double value, ReadOnlySpan<KeyValuePair<string, object?>> tags, long reading)
    {
        if (!double.IsFinite(value) || (Find(tags) ?? Make(tags)) is not { } series) return;
        series.ObservedIn = reading;
        if (Type == "histogram") series.Record(value);
        else if (IsAdded) series.Add(value);
        else series.Set(value);
    }

    private MetricSeries? Find(ReadOnlySpan<KeyValuePair<string, object?>> tags)
    {
        foreach (var series in _series)
        {
            if (series.HasTags(tags)) return series;
        }

        return null;
    }

    private MetricSeries? Make(ReadOnlySpan<KeyValuePair<string, object?>> tags)
    {
        lock (_lock)
        {
            if (Find(tags) is { } made) return made;
            if (_series.Length >= MaxSeries) return null;
            made = new MetricSeries(tags, _bounds);
            _series = [.. _series, made];
            return made;
        }
    }
}
