using Movento.Contracts;
using Movento.ControlPlane.Redis;
using StackExchange.Redis;

namespace Movento.RateLimits;

/// <summary>
/// How many requests the API takes from one address, one account and one API key (section <c>Movento:Api:Limits</c>). The defaults are far above what
/// pages, players and programs send. Sign-ins, registrations and mails have limits of their own besides (<c>Movento:ControlPlane</c>).
/// </summary>
public sealed class RateLimitOptions
{
    /// <summary>Whatever is no other kind.</summary>
    public KindLimits General { get; set; } = Of(address: (2000, 10), account: (1000, 10), key: (500, 10));

    /// <summary>Searches.</summary>
    public KindLimits Search { get; set; } = Of(address: (500, 10), account: (100, 10), key: (100, 10));

    /// <summary>What players say while they play.</summary>
    public KindLimits Heartbeats { get; set; } = Of(address: (5000, 10), account: (200, 10), key: (200, 10));

    /// <summary>Requests of uploads: clients cut files into pieces, and none is counted by its bytes here.</summary>
    public KindLimits Uploads { get; set; } = Of(address: (20_000, 10), account: (10_000, 10), key: (10_000, 10));

    /// <summary>Pages of the payment provider's.</summary>
    public KindLimits Checkout { get; set; } = Of(address: (100, 600), account: (10, 600), key: (10, 600));

    /// <summary>Webhooks of the payment provider's: it tries again what is refused.</summary>
    public KindLimits Webhooks { get; set; } = Of(address: (2000, 10), account: (2000, 10), key: (2000, 10));

    /// <summary>The Redis in which processes count together, as StackExchange.Redis writes it (version 5 or later); null or nothing counts in each process
    /// alone. The host takes the edge's where nothing is said.</summary>
    public string? Redis { get; set; }

    /// <summary>How long Redis may take; past it, a request is let in by the count of this process alone.</summary>
    public TimeSpan Timeout { get; set; } = TimeSpan.FromMilliseconds(50);

    /// <summary>Addresses, accounts and keys of which a process keeps count, together; of more, those that are nearest to full begin anew. 48 bytes each.</summary>
    public int Tracked { get; set; } = 65_536;

    /// <summary>Whether the limits of addresses hold for this machine itself too: what comes from 127.0.0.0/8 and ::1 is a proxy that is not configured, or a test.</summary>
    public bool IncludeLoopback { get; set; }

    internal bool IsShared => !string.IsNullOrWhiteSpace(Redis);

    internal KindLimits this[RequestKind kind] => kind switch
    {
        RequestKind.Search => Search,
        RequestKind.Heartbeats => Heartbeats,
        RequestKind.Uploads => Uploads,
        RequestKind.Checkout => Checkout,
        RequestKind.Webhooks => Webhooks,
        _ => General,
    };

    internal IEnumerable<string> Validate()
    {
        foreach (var kind in Enum.GetValues<RequestKind>())
            foreach (var sentence in this[kind].Validate(kind.ToString()))
                yield return sentence;
        if (IsShared && RedisSetting.Fault(Redis!) is { } fault)
            yield return $"Redis cannot be read: {fault}";
        if (Timeout <= TimeSpan.Zero || Timeout > TimeSpan.FromSeconds(5))
            yield return $"Timeout must be above zero and at most 5 seconds, not {Timeout}.";
        if (Tracked is < 1024 or > 16 << 20)
            yield return $"Tracked must be 1024 to {16 << 20}, not {Tracked}.";
    }

    internal ConfigurationOptions ReadRedis() => RedisSetting.Read(Redis!, "movento-limits");

    private static KindLimits Of((int Requests, int Seconds) address, (int Requests, int Seconds) account, (int Requests, int Seconds) key)
    {
        return new KindLimits { Address = Rate(address), Account = Rate(account), Key = Rate(key) };

        static RequestRate Rate((int Requests, int Seconds) rate) => new() { Requests = rate.Requests, Period = TimeSpan.FromSeconds(rate.Seconds) };
    }
}
