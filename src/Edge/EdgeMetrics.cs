using System.Diagnostics.Metrics;
using Movento.Edge.Observation;

namespace Movento.Edge;

/// <summary>
/// The edge's figures: meter <c>Movento.Edge</c> (docs/formats/edge.md). What happens for every request is counted by core, without
/// allocation whether anybody listens or not, and summed when somebody asks.
/// </summary>
internal sealed class EdgeMetrics
{
    /// <summary>The meter's name.</summary>
    public const string MeterName = "Movento.Edge";

    /// <summary>A client that takes less than a piece of 128 KB in this time will see its film stop on any rung above 1 Mbit/s.</summary>
    private static readonly TimeSpan StallLimit = TimeSpan.FromSeconds(1);

    // Seconds: from a local disk's to the time-out of the object store (EdgeOptions.OriginTimeout).
    private static readonly double[] OriginBounds = [0.001, 0.0025, 0.005, 0.01, 0.025, 0.05, 0.1, 0.25, 0.5, 1, 2.5, 5, 10];

    private static readonly KeyValuePair<string, object?>[] OutcomeTags =
        [.. Enum.GetNames<EdgeOutcome>().Select(name => new KeyValuePair<string, object?>("outcome", name))];

    private static readonly KeyValuePair<string, object?>[] TierTags = [new("tier", "memory"), new("tier", "origin")];
    private static readonly KeyValuePair<string, object?>[] ResultTags = [new("result", "hit"), new("result", "joined"), new("result", "miss")];

    private readonly StripedCounters _requests = new(OutcomeTags.Length);
    private readonly StripedCounters _bytes = new(TierTags.Length);
    private readonly StripedCounters _blocks = new(ResultTags.Length);
    private readonly StripedCounters _evictions = new(1);
    private readonly StripedCounters _sends = new(4);
    private readonly StripedCounters _linesDropped = new(1);
    private readonly StripedCounters _playbacks = new(4);
    private readonly Histogram<double> _origin;
    private readonly Meter _meter;

    public EdgeMetrics(IMeterFactory meters)
    {
        var meter = _meter = meters.Create(MeterName);
        meter.CreateObservableCounter("movento.edge.requests", () => Measure(_requests, OutcomeTags), "{request}", "Answers by outcome.");
        meter.CreateObservableCounter(
            "movento.edge.bytes", () => Measure(_bytes, TierTags), "By", "Bytes that each tier gave: memory to clients, the origin to memory.");
        meter.CreateObservableCounter(
            "movento.edge.cache.blocks", () => Measure(_blocks, ResultTags), "{block}",
            "Blocks looked for: in memory (hit), on their way (joined), fetched (miss).");
        meter.CreateObservableCounter(
            "movento.edge.cache.evictions", () => _evictions.Read(0), "{block}", "Blocks that left to make room.");
        meter.CreateObservableCounter(
            "movento.edge.sends.stalled", () => _sends.Read(2), "{stall}", "Times that a send had to wait for its client.");
        meter.CreateObservableCounter(
            "movento.edge.sends.slow", () => _sends.Read(0), "{stall}", "Times that a client took longer than a second to take what was sent.");
        meter.CreateObservableCounter(
            "movento.edge.sends.copied", () => _sends.Read(3), "By",
            "Bytes of bodies that were copied into the server's buffers, for TLS and HTTP/2; the others were sent from where they lie.");
        meter.CreateObservableCounter(
            "movento.edge.sends.waited", () => TimeSpan.FromTicks(_sends.Read(1)).TotalSeconds, "s", "Time that answers waited for clients to take what was sent.");
        _origin = meter.CreateHistogram(
            "movento.edge.origin.duration", "s", "How long reads from the object store took.",
            advice: new InstrumentAdvice<double> { HistogramBucketBoundaries = OriginBounds });
        meter.CreateObservableCounter(
            "movento.edge.accesslog.dropped", () => _linesDropped.Read(0), "{line}", "Lines of the access log that were lost: the queue was full, or the disk.");
        meter.CreateObservableCounter(
            "movento.edge.playback.starvations", () => _playbacks.Read(0), "{request}", "Requests of players whose buffer had run dry (CMCD).");
        meter.CreateObservableCounter(
            "movento.edge.playback.observations", () => _playbacks.Read(3), "{request}", "Requests and reports from which something was learnt of a playback (CMCD).");
        meter.CreateObservableCounter(
            "movento.edge.playback.malformed", () => _playbacks.Read(1), "{request}", "Requests and reports with client data that is no CMCD.");
        meter.CreateObservableCounter(
            "movento.edge.playback.reports.lost", () => _playbacks.Read(2), "{playback}", "Playbacks whose report was dropped: too many waited, or it could not be sent.");
    }

    /// <summary>Reports of playbacks that were dropped so far.</summary>
    public long LostReports => _playbacks.Read(2);

    public void ObservePlaybacks(Func<int> count) =>
        _meter.CreateObservableUpDownCounter("movento.edge.playback.sessions", count, "{playback}", "Playbacks that are followed.");

    public void PlaybackObserved() => _playbacks.Add(3, 1);

    public void Starved() => _playbacks.Add(0, 1);

    public void ClientDataMalformed() => _playbacks.Add(1, 1);

    public void ReportsLost(int playbacks) => _playbacks.Add(2, playbacks);

    public void LineDropped(int lines) => _linesDropped.Add(0, lines);

    public void Answered(EdgeOutcome outcome) => _requests.Add((int)outcome, 1);

    public void Sent(long bytes) => _bytes.Add(0, bytes);

    public void FromOrigin(long bytes) => _bytes.Add(1, bytes);

    /// <summary>A client was waited for.</summary>
    public void Waited(TimeSpan time)
    {
        if (time >= StallLimit) _sends.Add(0, 1);
        _sends.Add(1, time.Ticks);
    }

    /// <summary>A turn of reading from the object store is over, well or not.</summary>
    public void OriginTook(TimeSpan time) => _origin.Record(time.TotalSeconds);

    public void Hit() => _blocks.Add(0, 1);

    public void Joined() => _blocks.Add(1, 1);

    public void Miss() => _blocks.Add(2, 1);

    public void SendStalled() => _sends.Add(2, 1);

    public void Copied(long bytes) => _sends.Add(3, bytes);

    public void Evicted() => _evictions.Add(0, 1);

    private static IEnumerable<Measurement<long>> Measure(StripedCounters counters, KeyValuePair<string, object?>[] tags) =>
        tags.Select((tag, index) => new Measurement<long>(counters.Read(index), tag));
}
