using System.Net;
using System.Security.Claims;
using Movento.Contracts;

namespace Movento.RateLimits;

/// <summary>Which buckets a request is taken out of.</summary>
internal sealed class RequestCallers(RateLimitOptions options)
{
    /// <summary>What the request counts as; null for what is not limited: pages and their files, which come from memory, and what tells of health.</summary>
    public static RequestKind? KindOf(HttpContext context) =>
        context.Request.Path.StartsWithSegments("/api", StringComparison.OrdinalIgnoreCase)
        || context.Request.Path.StartsWithSegments("/.well-known", StringComparison.OrdinalIgnoreCase)
            ? context.GetEndpoint()?.Metadata.GetMetadata<CountedAs>()?.Kind ?? RequestKind.General
            : null;

    /// <summary>The bucket of the address; null where it has none.</summary>
    public (Partition Partition, RequestRate Rate)? AddressOf(HttpContext context, RequestKind kind)
    {
        var rate = options[kind].Address;
        if (!rate.IsAny || context.Connection.RemoteIpAddress is not { } address) return null;
        if (IPAddress.IsLoopback(address.IsIPv4MappedToIPv6 ? address.MapToIPv4() : address) && !options.IncludeLoopback) return null;
        return (new Partition(kind, PartitionOf.Address, NetworkPrefix.OfSubscriber(address).Network), rate);
    }

    /// <summary>The buckets of the key and the account, once it is known who asks. The key's first: what it is refused is not to count for its owner.</summary>
    public IEnumerable<(Partition Partition, RequestRate Rate)> NamedBy(ClaimsPrincipal user, RequestKind kind)
    {
        foreach (var (of, claim) in new[] { (PartitionOf.Key, Access.KeyClaim), (PartitionOf.Account, "sub") })
        {
            if (options[kind][of] is { IsAny: true } rate && Guid.TryParse(user.FindFirst(claim)?.Value, out var id))
                yield return (new Partition(kind, of, NumberOf(id)), rate);
        }
    }

    private static UInt128 NumberOf(Guid id)
    {
        Span<byte> bytes = stackalloc byte[16];
        id.TryWriteBytes(bytes, bigEndian: true, out _);
        return System.Buffers.Binary.BinaryPrimitives.ReadUInt128BigEndian(bytes);
    }
}
