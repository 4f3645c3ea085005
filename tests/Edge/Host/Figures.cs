using System.Collections.Concurrent;
using System.Diagnostics.Metrics;

namespace Movento.Edge.Tests.Host;

/// <summary>The figures of one edge, by instrument and tag: <c>movento.edge.requests/Whole</c>.</summary>
internal sealed class Figures : IDisposable
{
    private readonly ConcurrentDictionary<string, long> _values = new();
    private readonly MeterListener _listener = new();

    public Figures(IMeterFactory meters)
    {
        _listener.InstrumentPublished = (instrument, listener) =>
        {
            if (instrument.Meter.Name == "Movento.Edge" && ReferenceEquals(instrument.Meter.Scope, meters)) listener.EnableMeasurementEvents(instrument);
        };
        // What is observed is the sum already.
        _listener.SetMeasurementEventCallback<long>((instrument, value, tags, _) =>
            _values.AddOrUpdate(
                tags.Length == 0 ? instrument.Name : $"{instrument.Name}/{tags[0].Value}", value, (_, sum) => instrument.IsObservable ? value : sum + value));
        _listener.Start();
    }

    public long this[string name]
    {
        get
        {
            _listener.RecordObservableInstruments();
            return _values.GetValueOrDefault(name);
        }
    }

    public long Of(EdgeOutcome outcome) => this[$"movento.edge.requests/{outcome}"];

    public void Dispose() => _listener.Dispose();
}
