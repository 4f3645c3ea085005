namespace Movento.Edge.Observation.Playbacks;

/// <summary>What an operator may set about the figures of playbacks (section <c>Movento:Edge:Playback</c>).</summary>
public sealed class PlaybackOptions
{
    /// <summary>Playbacks that are followed at the same time; past it, one that was quiet for longest makes room, and is reported.</summary>
    public int MaxSessions { get; set; } = 20_000;

    /// <summary>How long after its last request a playback counts as over.</summary>
    public TimeSpan IdleLifetime { get; set; } = TimeSpan.FromMinutes(3);

    /// <summary>Reports that wait to be sent; past it, they are dropped and counted.</summary>
    public int MaxWaiting { get; set; } = 10_000;

    /// <summary>Every error in the options, as sentences.</summary>
    public IEnumerable<string> Validate()
    {
        if (MaxSessions is < 1 or > 1_000_000)
            yield return $"Edge: Playback:MaxSessions is {MaxSessions}, but must be 1 to 1000000.";
        if (IdleLifetime < TimeSpan.FromSeconds(10) || IdleLifetime > TimeSpan.FromHours(1))
            yield return $"Edge: Playback:IdleLifetime is {IdleLifetime}, but must be 10 seconds to an hour.";
        if (MaxWaiting is < 1 or > 1_000_000)
            yield return $"Edge: Playback:MaxWaiting is {MaxWaiting}, but must be 1 to 1000000.";
    }
}
