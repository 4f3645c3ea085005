using Movento.Edge.Admission;
using Movento.Edge.Cache;
using Movento.Edge.Cache.HotBlocks;
using Movento.Edge.Observation.Playbacks;
using Movento.Edge.Observation.Requests;
using Movento.Edge.Redis;
using Movento.Edge.Steering;

namespace Movento.Edge;

/// <summary>What an operator may set about the edge.</summary>
public sealed class EdgeOptions
{
    /// <summary>Bytes of media kept in memory; never passed. In slabs of 8 MiB.</summary>
    public long CacheBytes { get; set; } = 512L << 20;

    /// <summary>Bytes of rendered manifests and of posters kept in memory, each; never passed.</summary>
    public long DocumentCacheBytes { get; set; } = 64L << 20;

    /// <summary>The most ranges that one request may ask for; more are 416.</summary>
    public int MaxRangesPerRequest { get; set; } = 16;

    /// <summary>Reads from the object store at the same time; the others wait for <see cref="OriginTimeout"/>, then are 503.</summary>
    public int OriginConcurrency { get; set; } = 64;

    /// <summary>How long one read from the object store may take; past it, 504.</summary>
    public TimeSpan OriginTimeout { get; set; } = TimeSpan.FromSeconds(10);

    /// <summary>Whether the next segment of a rendition is read from the object store while one is sent, as far as the store has little to do.</summary>
    public bool PrefetchSegments { get; set; } = true;

    /// <summary>The share of media reads that may be sent a second time because the first is slower than 95 of a hundred; 0 for none.</summary>
    public double HedgeShare { get; set; } = 0.05;

    /// <summary>How long "there is no such thing" is remembered.</summary>
    public TimeSpan MissingLifetime { get; set; } = TimeSpan.FromSeconds(2);

    /// <summary>How long a shared cache may serve a copy before it asks again, and so how much longer than its token a URL can live there.</summary>
    public TimeSpan SharedCacheLifetime { get; set; } = TimeSpan.FromMinutes(1);

    /// <summary>How long what an edge knows of a version that is still made may be used before it looks again; players may keep its manifests as long.</summary>
    public TimeSpan GrowingLifetime { get; set; } = TimeSpan.FromSeconds(1);

    /// <summary>How long past <see cref="GrowingLifetime"/> manifests of a version that is still made are served while the object store fails.</summary>
    public TimeSpan StaleIfError { get; set; } = TimeSpan.FromMinutes(1);

    /// <summary>The origins (<c>https://host[:port]</c>) whose pages may play; empty for every origin.</summary>
    public IList<string> AllowedOrigins { get; init; } = [];

    /// <summary>The ways to the media that players may be steered between (content steering), the better ones first.</summary>
    public IList<EdgePathway> Pathways { get; init; } = [];

    /// <summary>The id of the one of <see cref="Pathways"/> that leads to this edge; null: nobody is steered.</summary>
    public string? Pathway { get; set; }

    /// <summary>How long players keep to a steering manifest (its TTL, in whole seconds), and so how long a drain takes to be noticed.</summary>
    public TimeSpan SteeringLifetime { get; set; } = TimeSpan.FromSeconds(10);

    /// <summary>Connections at the same time; past it, new ones are closed.</summary>
    public int MaxConnections { get; set; } = 20_000;

    /// <summary>Who is let in.</summary>
    public AdmissionOptions Admission { get; init; } = new();

    /// <summary>How much one session and one address may take.</summary>
    public LimitOptions Limits { get; init; } = new();

    /// <summary>Whether answers carry Common Media Server Data (CTA-5006): a system call and some hundred bytes each.</summary>
    public bool Cmsd { get; set; }

    /// <summary>How this edge calls itself in CMSD-Dynamic: up to 64 letters, digits, dots and hyphens.</summary>
    public string CmsdName { get; set; } = "movento";

    /// <summary>The log of requests.</summary>
    public AccessLogOptions AccessLog { get; init; } = new();

    /// <summary>The figures of playbacks, from what players say of themselves.</summary>
    public PlaybackOptions Playback { get; init; } = new();

    /// <summary>What an edge that starts reads back of what its run before found worth keeping.</summary>
    public WarmUpOptions WarmUp { get; init; } = new();

    /// <summary>What edges share through Redis; nothing by default.</summary>
    public EdgeRedisOptions Redis { get; init; } = new();

    /// <summary>Every error in the options, as sentences.</summary>
    public IEnumerable<string> Validate()
    {
        if (OriginConcurrency is < 1 or > 4096)
            yield return $"Edge: OriginConcurrency is {OriginConcurrency}, but must be 1 to 4096.";
        else if (CacheBytes < 2L * OriginConcurrency * BlockCache.ReadSize)
            yield return $"Edge: CacheBytes is {CacheBytes}, but {OriginConcurrency} reads at a time need at least {2L * OriginConcurrency * BlockCache.ReadSize}.";
        if (DocumentCacheBytes < 1 << 20)
            yield return $"Edge: DocumentCacheBytes is {DocumentCacheBytes}, but must be at least {1 << 20}.";
        if (MaxRangesPerRequest is < 1 or > 256)
            yield return $"Edge: MaxRangesPerRequest is {MaxRangesPerRequest}, but must be 1 to 256.";
        if (OriginTimeout <= TimeSpan.Zero || OriginTimeout > TimeSpan.FromMinutes(5))
            yield return $"Edge: OriginTimeout is {OriginTimeout}, but must be above zero and at most 5 minutes.";
        if (HedgeShare is not (>= 0 and <= 0.5))
            yield return $"Edge: HedgeShare is {HedgeShare}, but must be 0 to 0.5.";
        if (MissingLifetime < TimeSpan.Zero || MissingLifetime > TimeSpan.FromMinutes(5))
            yield return $"Edge: MissingLifetime is {MissingLifetime}, but must be zero to 5 minutes.";
        if (SharedCacheLifetime < TimeSpan.Zero || SharedCacheLifetime > TimeSpan.FromDays(365))
            yield return $"Edge: SharedCacheLifetime is {SharedCacheLifetime}, but must be zero to 365 days.";
        if (GrowingLifetime < TimeSpan.FromMilliseconds(100) || GrowingLifetime > TimeSpan.FromSeconds(10))
            yield return $"Edge: GrowingLifetime is {GrowingLifetime}, but must be 0.1 to 10 seconds.";
        if (StaleIfError < TimeSpan.Zero || StaleIfError > TimeSpan.FromHours(1))
            yield return $"Edge: StaleIfError is {StaleIfError}, but must be zero to an hour.";
        if (MaxConnections < 1)
            yield return $"Edge: MaxConnections is {MaxConnections}, but must be at least 1.";
        foreach (var sentence in Admission.Validate().Concat(Limits.Validate()).Concat(AccessLog.Validate()).Concat(Playback.Validate()).Concat(Redis.Validate())
            .Concat(WarmUp.Validate()))
        {
            yield return sentence;
        }

        foreach (var error in SteeringPathways.Validate(this))
            yield return error;
        if (CmsdName.Length is < 1 or > 64 || CmsdName.Any(letter => !char.IsAsciiLetterOrDigit(letter) && letter is not ('.' or '-')))
            yield return $"Edge: CmsdName is '{CmsdName}', but must be 1 to 64 letters, digits, dots and hyphens.";
        foreach (var origin in AllowedOrigins)
        {
            if (!Uri.TryCreate(origin, UriKind.Absolute, out var uri) || uri.Scheme is not ("http" or "https") || uri.GetLeftPart(UriPartial.Authority) != origin)
                yield return $"Edge: AllowedOrigins holds '{origin}', which is not an origin such as https://watch.example.";
        }
    }
}
