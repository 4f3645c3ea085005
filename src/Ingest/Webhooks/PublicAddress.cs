using System.Net;
using System.Net.Sockets;

namespace Movento.Ingest.Webhooks;

/// <summary>
/// Whether an address is somebody's on the internet: none of a machine's own, a private network's or a special purpose's (the IANA
/// registries of RFC 6890). An address of IPv6 that carries one of IPv4 is judged by that one.
/// </summary>
internal static class PublicAddress
{
    private static readonly IPNetwork[] NotPublic =
    [
        .. new[]
        {
            "0.0.0.0/8",        // this network, RFC 791
            "10.0.0.0/8",       // private, RFC 1918
            "100.64.0.0/10",    // behind a carrier's NAT, RFC 6598
            "127.0.0.0/8",      // loopback, RFC 1122
            "169.254.0.0/16",   // link-local, RFC 3927; metadata of clouds
            "172.16.0.0/12",    // private, RFC 1918
            "192.0.0.0/24",     // protocol assignments, RFC 6890
            "192.0.2.0/24",     // documentation, RFC 5737
            "192.88.99.0/24",   // relays of 6to4, RFC 7526
            "192.168.0.0/16",   // private, RFC 1918
            "198.18.0.0/15",    // benchmarks, RFC 2544
            "198.51.100.0/24",  // documentation, RFC 5737
            "203.0.113.0/24",   // documentation, RFC 5737
            "224.0.0.0/4",      // multicast, RFC 5771
            "240.0.0.0/4",      // reserved, RFC 1112, and broadcast
            "2001::/23",        // protocol assignments, RFC 2928; Teredo
            "2001:db8::/32",    // documentation, RFC 3849
            "3fff::/20",        // documentation, RFC 9637
        }.Select(IPNetwork.Parse),
    ];

    // Global unicast, RFC 4291; whatever is outside is link-local, unique local, multicast or not assigned.
    private static readonly IPNetwork GlobalUnicast = IPNetwork.Parse("2000::/3");

    // Addresses of IPv4 inside those of IPv6: behind a NAT64 (RFC 6052), and 6to4 (RFC 3056).
    private static readonly IPNetwork Nat64 = IPNetwork.Parse("64:ff9b::/96");
    private static readonly IPNetwork SixToFour = IPNetwork.Parse("2002::/16");

    public static bool IsPublic(IPAddress address)
    {
        if (address.IsIPv4MappedToIPv6) address = address.MapToIPv4();
        if (address.AddressFamily == AddressFamily.InterNetworkV6)
        {
            var bytes = address.GetAddressBytes();
            if (Nat64.Contains(address)) return IsPublic(new IPAddress(bytes.AsSpan(12, 4)));
            if (SixToFour.Contains(address)) return IsPublic(new IPAddress(bytes.AsSpan(2, 4)));
            if (!GlobalUnicast.Contains(address)) return false;
        }
        else if (address.AddressFamily != AddressFamily.InterNetwork)
        {
            return false;
        }
        return !NotPublic.Any(network => network.Contains(address));
    }
}
