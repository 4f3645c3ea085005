namespace Movento.Edge.Admission;

/// <summary>
/// How much one playback session and one address (IPv6: one /64) may take (section <c>Edge:Limits</c>). The defaults are far above what players do,
/// also many of them behind one address; 0 lifts a limit. Each is a bucket that fills at its rate and holds <see cref="Burst"/> of it.
/// </summary>
public sealed class LimitOptions
{
    /// <summary>Requests a second of a session: a player that fills its buffer sends a few.</summary>
    public int SessionRequests { get; set; } = 50;

    /// <summary>Bytes a second of a session: half a gigabit, five times the highest rung's.</summary>
    public long SessionBytes { get; set; } = 64L << 20;

    /// <summary>Requests of a session at the same time: HTTP/1.1 players open six connections, HTTP/2 streams end at 32.</summary>
    public int SessionConcurrency { get; set; } = 64;

    /// <summary>Requests a second of an address: hundreds of viewers may share one (carriers, offices).</summary>
    public int AddressRequests { get; set; } = 2000;

    /// <summary>Bytes a second of an address: ten gigabits.</summary>
    public long AddressBytes { get; set; } = 1250L << 20;

    /// <summary>Requests of an address at the same time.</summary>
    public int AddressConcurrency { get; set; } = 2000;

    /// <summary>How long a rate may be taken at once: a player that begins fills its buffer as fast as it can.</summary>
    public TimeSpan Burst { get; set; } = TimeSpan.FromSeconds(20);

    /// <summary>Sessions and addresses that are kept count of, each; of more, those that have been quiet longest start anew. 48 bytes each.</summary>
    public int Tracked { get; set; } = 65_536;

    /// <summary>Whether the limits hold for this machine itself too: what comes from 127.0.0.0/8 and ::1 is a proxy in front, or a test.</summary>
    public bool IncludeLoopback { get; set; }

    internal IEnumerable<string> Validate()
    {
        foreach (var (name, value) in new (string, long)[]
                 {
                     (nameof(SessionRequests), SessionRequests), (nameof(SessionBytes), SessionBytes), (nameof(SessionConcurrency), SessionConcurrency),
                     (nameof(AddressRequests), AddressRequests), (nameof(AddressBytes), AddressBytes), (nameof(AddressConcurrency), AddressConcurrency),
                 })
        {
            if (value is < 0 or > 1L << 40) yield return $"Edge: Limits:{name} is {value}, but must be 0 to {1L << 40}.";
        }

        if (Burst < TimeSpan.FromSeconds(1) || Burst > TimeSpan.FromMinutes(10))
            yield return $"Edge: Limits:Burst is {Burst}, but must be 1 second to 10 minutes.";
        if (Tracked is < 1024 or > 16 << 20)
            yield return $"Edge: Limits:Tracked is {Tracked}, but must be 1024 to {16 << 20}.";
    }
}
