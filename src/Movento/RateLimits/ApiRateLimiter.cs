using System.Diagnostics.CodeAnalysis;
using System.Threading.RateLimiting;

namespace Movento.RateLimits;

/// <summary>
/// Counts the requests of the API: by address before anybody asks who sends them, in this process alone; then by account and key, and all of it together in
/// the Redis that processes share, where there is one. This process counts in any case, so that without Redis the count goes on where it is.
/// </summary>
internal sealed class ApiRateLimiter(RequestCallers callers, LocalBuckets local, SharedBuckets? shared = null) : PartitionedRateLimiter<HttpContext>
{
    /// <summary>Whether the address has requests left in this process: looked at before a token or a key costs anything.</summary>
    public bool TryEnter(HttpContext context, out TimeSpan wait)
    {
        wait = TimeSpan.Zero;
        return RequestCallers.KindOf(context) is not { } kind
            || callers.AddressOf(context, kind) is not { } address
            || local.TryTake(address.Partition, address.Rate, out wait);
    }

    /// <inheritdoc/>
    public override RateLimiterStatistics? GetStatistics(HttpContext resource) => null;

    // The middleware tries this before it waits; only what waits can ask Redis.
    /// <inheritdoc/>
    protected override RateLimitLease AttemptAcquireCore(HttpContext resource, int permitCount) =>
        shared is null ? TakeHere(resource) ?? Lease.Acquired : Lease.Unknown;

    /// <inheritdoc/>
    protected override async ValueTask<RateLimitLease> AcquireAsyncCore(HttpContext context, int permitCount, CancellationToken cancellationToken)
    {
        // Counted a moment ago.
        if (shared is null) return Lease.After(context.Features.Get<Refusal>()?.Wait ?? TimeSpan.Zero);
        if (TakeHere(context) is { } refused) return refused;
        if (RequestCallers.KindOf(context) is not { } kind) return Lease.Acquired;
        var buckets = callers.NamedBy(context.User, kind).ToList();
        if (callers.AddressOf(context, kind) is { } address) buckets.Add(address);
        return buckets.Count > 0 && await shared.TakeAsync(buckets) is { } wait ? Lease.After(wait) : Lease.Acquired;
    }

    // Null where there was enough.
    private Lease? TakeHere(HttpContext context)
    {
        if (RequestCallers.KindOf(context) is not { } kind) return null;
        foreach (var (partition, rate) in callers.NamedBy(context.User, kind))
        {
            if (local.TryTake(partition, rate, out var wait)) continue;
            context.Features.Set(new Refusal(wait));
            return Lease.After(wait);
        }

        return null;
    }

    /// <summary>What the first look at a request found.</summary>
    private sealed record Refusal(TimeSpan Wait);

    private sealed class Lease(bool isAcquired, TimeSpan? wait) : RateLimitLease
    {
        public static readonly Lease Acquired = new(isAcquired: true, null);
        public static readonly Lease Unknown = new(isAcquired: false, null);

        public override bool IsAcquired => isAcquired;

        public override IEnumerable<string> MetadataNames => wait is null ? [] : [MetadataName.RetryAfter.Name];

        public static Lease After(TimeSpan wait) => new(isAcquired: false, wait);

        public override bool TryGetMetadata(string metadataName, [NotNullWhen(true)] out object? metadata)
        {
            metadata = metadataName == MetadataName.RetryAfter.Name ? wait : null;
            return metadata is not null;
        }
    }
}
