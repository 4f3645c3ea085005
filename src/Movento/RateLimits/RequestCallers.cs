using System.Net;
using System.Net.Sockets;
using System.Security.Claims;
using Movento.Contracts;

namespace Movento.RateLimits;

/// <summary>Which buckets a request is taken out of.</summary>
internal sealed class RequestCallers(RateLimitOptions options)
{
    // Whoever has one IPv6 address has its whole /64 (RFC 6177).
    private const int SharedBits = 64;

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
        if (address.IsIPv4MappedToIPv6) address = address.MapToIPv4();
        if (IPAddress.IsLoopback(address) && !options.IncludeLoopback) return null;
        var number = NetworkPrefix.ToNumber(address);
        if (address.AddressFamily == AddressFamily.InterNetworkV6) number = number >> SharedBits << SharedBits;
        return (new Partition(kind, PartitionOf.Address, number), rate);
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
