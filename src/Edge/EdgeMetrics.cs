using System.Diagnostics.Metrics;
using Movento.Edge.Observation;
using Movento.Edge.Origin;

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

    private static readonly KeyValuePair<string, object?>[] TierTags = [new("tier", "memory"), new("tier", "origin"), new("tier", "redis")];
    private static readonly KeyValuePair<string, object?>[] ResultTags = [new("result", "hit"), new("result", "joined"), new("result", "miss")];

    private static readonly KeyValuePair<string, object?> HedgeSentTag = new("result", "sent");
    private static readonly KeyValuePair<string, object?> HedgeWonTag = new("result", "won");

    private static readonly KeyValuePair<string, object?> RenewedTag = new("while", "renewed");
    private static readonly KeyValuePair<string, object?> FailingTag = new("while", "failing");

    private static readonly KeyValuePair<string, object?> PrefetchedTag = new("result", "prefetched");
    private static readonly KeyValuePair<string, object?> PrefetchUsedTag = new("result", "used");

    private static readonly KeyValuePair<string, object?> WarmUpReadTag = new("result", "read");
    private static readonly KeyValuePair<string, object?> WarmUpUsedTag = new("result", "used");
    private static readonly KeyValuePair<string, object?> WarmUpSkippedTag = new("result", "skipped");

    private static readonly KeyValuePair<string, object?> RedisHitTag = new("result", "hit");
    private static readonly KeyValuePair<string, object?> RedisMissTag = new("result", "miss");
    private static readonly KeyValuePair<string, object?> FailedTag = new("result", "failed");
    private static readonly KeyValuePair<string, object?> WrittenTag = new("result", "written");
    private static readonly KeyValuePair<string, object?> DroppedTag = new("result", "dropped");

    private readonly StripedCounters _requests = new(OutcomeTags.Length);
    private readonly StripedCounters _bytes = new(TierTags.Length);
    private readonly StripedCounters _blocks = new(ResultTags.Length);
    private readonly StripedCounters _evictions = new(1);
    private readonly StripedCounters _sends = new(4);
    private readonly StripedCounters _linesDropped = new(1);
    private readonly StripedCounters _playbacks = new(4);
    private readonly Histogram<double> _origin;
    private readonly Meter _meter;
    private readonly Histogram<double> _originFirstByte;
    private readonly Counter<long> _hedges;
    private readonly Counter<long> _stale;
    private readonly Counter<long> _prefetches;
    private readonly Counter<long> _warmUp;
    private readonly Counter<long> _redis;

    public EdgeMetrics(IMeterFactory meters)
    {
        var meter = _meter = meters.Create(MeterName);
        meter.CreateObservableCounter("movento.edge.requests", () => Measure(_requests, OutcomeTags), "{request}", "Answers by outcome.");
        meter.CreateObservableCounter(
            "movento.edge.bytes", () => Measure(_bytes, TierTags), "By", "Bytes that each tier gave: memory to clients, Redis and the origin to memory.");
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
        _originFirstByte = meter.CreateHistogram(
            "movento.edge.origin.firstbyte", "s", "Until the first byte of a read from the object store.",
            advice: new InstrumentAdvice<double> { HistogramBucketBoundaries = OriginBounds });
        _hedges = meter.CreateCounter<long>(
            "movento.edge.origin.hedges", "{read}", "Second reads for slow ones: sent, and those of them that answered first (won).");
        _stale = meter.CreateCounter<long>(
            "movento.edge.manifests.stale", "{version}", "Versions given out past their lifetime: while they are renewed, or while that fails.");
        _prefetches = meter.CreateCounter<long>(
            "movento.edge.cache.prefetches", "{block}", "Blocks of segments that were read before anybody asked (prefetched), and those of them that somebody then did (used).");
        _warmUp = meter.CreateCounter<long>(
            "movento.edge.cache.warmup", "{block}",
            "Blocks of the hot list of the run before: read back (read), those of them that somebody then asked for (used), and those that were not (skipped): gone, failed, here already.");
        _redis = meter.CreateCounter<long>(
            "movento.edge.redis.objects", "{object}", "Objects asked of Redis (hit, miss), given to it (written, dropped), and what it did not answer in time (failed).");
    }

    /// <summary>Reports of playbacks that were dropped so far.</summary>
    public long LostReports => _playbacks.Read(2);

    public void OriginAnswered(TimeSpan latency) => _originFirstByte.Record(latency.TotalSeconds);

    /// <summary>A manifest was given out past its lifetime, while it is made anew, or because that has failed.</summary>
    public void GivenStale(bool hasFailed) => _stale.Add(1, hasFailed ? FailingTag : RenewedTag);

    public void Prefetched(int blocks) => _prefetches.Add(blocks, PrefetchedTag);

    public void PrefetchUsed() => _prefetches.Add(1, PrefetchUsedTag);

    public void WarmUpRead(int blocks) => _warmUp.Add(blocks, WarmUpReadTag);

    public void WarmUpUsed() => _warmUp.Add(1, WarmUpUsedTag);

    public void WarmUpSkipped(int blocks) => _warmUp.Add(blocks, WarmUpSkippedTag);

    public void FromRedis(long bytes)
    {
        _bytes.Add(2, bytes);
        _redis.Add(1, RedisHitTag);
    }

    public void RedisMissed() => _redis.Add(1, RedisMissTag);

    public void RedisFailed() => _redis.Add(1, FailedTag);

    public void RedisWritten() => _redis.Add(1, WrittenTag);

    public void RedisWriteDropped() => _redis.Add(1, DroppedTag);

    public void ObserveRedisCircuit(Func<CircuitState> state) => _meter.CreateObservableGauge(
        "movento.edge.redis.circuit", () => (int)state(), "{state}", "Redis's circuit: 0 closed, 1 half open, 2 open.");

    public void Hedged() => _hedges.Add(1, HedgeSentTag);

    public void HedgeWon() => _hedges.Add(1, HedgeWonTag);

    public void ObserveOriginCircuit(Func<CircuitState> state) => _meter.CreateObservableGauge(
        "movento.edge.origin.circuit", () => (int)state(), "{state}", "The object store's circuit: 0 closed, 1 half open, 2 open.");

    public void ObservePlaybacks(Func<long> count) =>
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
