using System.Buffers;
using System.Diagnostics.Metrics;

namespace Movento.Edge.Observation.Metrics;

/// <summary>
/// Listens to the edge's instruments, to Kestrel's of connections and to the runtime's, and tells what they have come to as
/// Prometheus reads it.
/// </summary>
internal sealed class MetricsReader : IDisposable
{
    private const string KestrelName = "Microsoft.AspNetCore.Server.Kestrel";
    private const string RuntimeName = "System.Runtime";

    // Of Kestrel's, what is told for each connection and not for each request.
    private static readonly string[] KestrelInstruments =
        ["kestrel.active_connections", "kestrel.queued_connections", "kestrel.rejected_connections", "kestrel.active_tls_handshakes"];

    private readonly MeterListener _listener = new();
    private readonly Lock _lock = new();
    private readonly SortedDictionary<string, MetricFamily> _families = new(StringComparer.Ordinal);
    private long _reading;

    public MetricsReader(IMeterFactory meters)
    {
        _listener.InstrumentPublished = (instrument, listener) =>
        {
            if (!IsRead(instrument, meters)) return;
            var family = new MetricFamily(instrument);
            lock (_lock)
            {
                // Two instruments of one name would make a text that nobody can read: the first one has it.
                if (!_families.TryAdd(family.Name, family)) return;
            }

            listener.EnableMeasurementEvents(instrument, family);
        };
        _listener.SetMeasurementEventCallback<byte>((_, value, tags, family) => Take(value, tags, family));
        _listener.SetMeasurementEventCallback<short>((_, value, tags, family) => Take(value, tags, family));
        _listener.SetMeasurementEventCallback<int>((_, value, tags, family) => Take(value, tags, family));
        _listener.SetMeasurementEventCallback<long>((_, value, tags, family) => Take(value, tags, family));
        _listener.SetMeasurementEventCallback<float>((_, value, tags, family) => Take(value, tags, family));
        _listener.SetMeasurementEventCallback<double>((_, value, tags, family) => Take(value, tags, family));
        _listener.SetMeasurementEventCallback<decimal>((_, value, tags, family) => Take((double)value, tags, family));
        _listener.Start();
    }

    /// <summary>Writes everything as text of Prometheus's exposition format, version 0.0.4.</summary>
    public void Write(IBufferWriter<byte> output)
    {
        lock (_lock)
        {
            Interlocked.Increment(ref _reading);
            _listener.RecordObservableInstruments();
            foreach (var family in _families.Values) PrometheusText.Write(output, family, _reading);
        }
    }

    public void Dispose() => _listener.Dispose();

    private void Take(double value, ReadOnlySpan<KeyValuePair<string, object?>> tags, object? family) =>
        ((MetricFamily)family!).Take(value, tags, Volatile.Read(ref _reading));

    // Another server of this process has meters of the same names: of those with a scope, ours are the container's.
    private static bool IsRead(Instrument instrument, IMeterFactory meters) => instrument.Meter.Name switch
    {
        EdgeMetrics.MeterName => ReferenceEquals(instrument.Meter.Scope, meters),
        KestrelName => ReferenceEquals(instrument.Meter.Scope, meters) && KestrelInstruments.Contains(instrument.Name),
        RuntimeName => true,
        _ => false,
    };
}
