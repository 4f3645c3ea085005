using System.Diagnostics.Metrics;

namespace Movento.Edge;

/// <summary>The edge's figures: meter <c>Movento.Edge</c>. Free while nobody listens, and without allocation when somebody does.</summary>
internal sealed class EdgeMetrics
{
    /// <summary>The meter's name.</summary>
    public const string MeterName = "Movento.Edge";

    private static readonly KeyValuePair<string, object?>[] OutcomeTags =
        [.. Enum.GetNames<EdgeOutcome>().Select(name => new KeyValuePair<string, object?>("outcome", name))];

    private static readonly KeyValuePair<string, object?> HitTag = new("result", "hit");
    private static readonly KeyValuePair<string, object?> JoinedTag = new("result", "joined");
    private static readonly KeyValuePair<string, object?> MissTag = new("result", "miss");
    private static readonly KeyValuePair<string, object?> SentTag = new("tier", "memory");
    private static readonly KeyValuePair<string, object?> OriginTag = new("tier", "origin");

    private readonly Counter<long> _requests;
    private readonly Counter<long> _bytes;
    private readonly Counter<long> _blocks;
    private readonly Counter<long> _evictions;
    private readonly Counter<long> _stalls;
    private readonly Counter<long> _copied;

    public EdgeMetrics(IMeterFactory meters)
    {
        var meter = meters.Create(MeterName);
        _requests = meter.CreateCounter<long>("movento.edge.requests", "{request}", "Answers by outcome.");
        _bytes = meter.CreateCounter<long>(
            "movento.edge.bytes", "By", "Bytes that each tier gave: memory to clients, the origin to memory.");
        _blocks = meter.CreateCounter<long>(
            "movento.edge.cache.blocks", "{block}", "Blocks looked for: in memory (hit), on their way (joined), fetched (miss).");
        _stalls = meter.CreateCounter<long>("movento.edge.sends.stalled", "{stall}", "Times that a send had to wait for its client.");
        _copied = meter.CreateCounter<long>("movento.edge.sends.copied", "By", "Bytes of bodies that were copied into the server's buffers, for TLS and HTTP/2; the others were sent from where they lie.");
        _evictions = meter.CreateCounter<long>("movento.edge.cache.evictions", "{block}", "Blocks that left to make room.");
    }

    public void Answered(EdgeOutcome outcome) => _requests.Add(1, OutcomeTags[(int)outcome]);

    public void Sent(long bytes) => _bytes.Add(bytes, SentTag);

    public void FromOrigin(long bytes) => _bytes.Add(bytes, OriginTag);

    public void Hit() => _blocks.Add(1, HitTag);

    public void Joined() => _blocks.Add(1, JoinedTag);

    public void Miss() => _blocks.Add(1, MissTag);

    public void SendStalled() => _stalls.Add(1);

    public void Copied(long bytes) => _copied.Add(bytes);

    public void Evicted() => _evictions.Add(1);
}
