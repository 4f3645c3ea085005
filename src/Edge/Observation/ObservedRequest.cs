namespace Movento.Edge.Observation;

/// <summary>
/// What is seen of one request while it is answered. It is used again for another request once this one is over: nobody keeps one.
/// </summary>
internal sealed class ObservedRequest
{
    /// <summary>When its head had been read, in timestamps of the clock.</summary>
    public long StartedAt { get; private set; }

    /// <summary>Bytes of a film that went out.</summary>
    public long BodyBytes { get; private set; }

    /// <summary>Where the first of them came from.</summary>
    public CacheTier Tier { get; private set; }

    /// <summary>How long the first byte was waited for.</summary>
    public TimeSpan Waited { get; private set; }

    public void Begin(long now)
    {
        StartedAt = now;
        BodyBytes = 0;
        Tier = CacheTier.None;
        Waited = TimeSpan.Zero;
    }

    public void FoundIn(CacheTier tier, TimeSpan waited)
    {
        Tier = tier;
        Waited = waited;
    }

    public void End(long sent) => BodyBytes = sent;
}
