using System.Buffers.Binary;
using System.Globalization;
using System.Net;
using System.Net.Sockets;

namespace Movento.Contracts;

/// <summary>
/// The addresses that begin with the same bits (CIDR, RFC 4632): of IPv6, or of IPv4, which is kept as the IPv4-mapped part of IPv6
/// (RFC 4291 §2.5.5.2), so that one comparison serves both.
/// </summary>
public readonly record struct NetworkPrefix
{
    /// <summary>Bits before the 32 of an IPv4-mapped address.</summary>
    internal const int MappedBits = 96;

    private const int Bits = 128;
    private const int SubscriberBits = 64;

    private static readonly UInt128 Mapped = (UInt128)0xFFFF << 32;

    private readonly UInt128 _network;
    private readonly byte _length;

    private NetworkPrefix(UInt128 network, int length)
    {
        _network = network;
        _length = (byte)length;
    }

    /// <summary>Whether it is of IPv4.</summary>
    public bool IsIPv4 => _length >= MappedBits && _network >> 32 == Mapped >> 32;

    /// <summary>Bits that count: 0 to 32 of IPv4, 0 to 128 of IPv6.</summary>
    public int Length => IsIPv4 ? _length - MappedBits : _length;

    /// <summary>The network's first address, as <see cref="ToNumber"/> has it.</summary>
    public UInt128 Network => _network;

    /// <summary>Whether the address (<see cref="ToNumber"/>) lies in the network. An address that is unknown lies in none.</summary>
    public bool Contains(UInt128 address) => address != 0 && (address & Mask(_length)) == _network;

    /// <summary>An address as a number: IPv6 as its 16 bytes, IPv4 as its IPv4-mapped address; 0, which is nobody's, for null. Allocates nothing.</summary>
    public static UInt128 ToNumber(IPAddress? address)
    {
        if (address is null) return 0;
        Span<byte> bytes = stackalloc byte[16];
        address.TryWriteBytes(bytes, out var length);
        return length == 4 ? Mapped | BinaryPrimitives.ReadUInt32BigEndian(bytes) : BinaryPrimitives.ReadUInt128BigEndian(bytes);
    }

    /// <summary>The network of the first <paramref name="length"/> bits of an address; the others are cleared.</summary>
    /// <exception cref="ArgumentOutOfRangeException">The address does not have so many bits.</exception>
    public static NetworkPrefix Of(IPAddress address, int length)
    {
        ArgumentNullException.ThrowIfNull(address);
        var isIPv4 = address.AddressFamily == AddressFamily.InterNetwork;
        ArgumentOutOfRangeException.ThrowIfNegative(length);
        ArgumentOutOfRangeException.ThrowIfGreaterThan(length, isIPv4 ? Bits - MappedBits : Bits);
        var bits = isIPv4 ? length + MappedBits : length;
        return new NetworkPrefix(ToNumber(address) & Mask(bits), bits);
    }

    /// <summary>The network that one subscriber has: an address of IPv4, also where it is IPv4-mapped; of IPv6 the /64 that it lies in (RFC 6177).</summary>
    public static NetworkPrefix OfSubscriber(IPAddress address)
    {
        ArgumentNullException.ThrowIfNull(address);
        if (address.IsIPv4MappedToIPv6) address = address.MapToIPv4();
        return Of(address, address.AddressFamily == AddressFamily.InterNetworkV6 ? SubscriberBits : Bits - MappedBits);
    }

    /// <summary>A network from its bytes: 4 of IPv4 or 16 of IPv6; false where it has bits beyond its length, or fewer bits than that.</summary>
    public static bool TryRead(ReadOnlySpan<byte> address, int length, out NetworkPrefix prefix)
    {
        prefix = default;
        if (address.Length is not (4 or 16) || length < 0 || length > address.Length * 8) return false;
        var isIPv4 = address.Length == 4;
        var network = isIPv4 ? Mapped | BinaryPrimitives.ReadUInt32BigEndian(address) : BinaryPrimitives.ReadUInt128BigEndian(address);
        var bits = isIPv4 ? length + MappedBits : length;
        if ((network & ~Mask(bits)) != 0) return false;
        prefix = new NetworkPrefix(network, bits);
        return true;
    }

    /// <summary>Reads <c>192.0.2.0/24</c>, <c>2001:db8::/32</c>, or an address alone.</summary>
    public static bool TryParse(ReadOnlySpan<char> text, out NetworkPrefix prefix)
    {
        prefix = default;
        var slash = text.IndexOf('/');
        if (!IPAddress.TryParse(slash < 0 ? text : text[..slash], out var address)) return false;
        var most = address.AddressFamily == AddressFamily.InterNetwork ? Bits - MappedBits : Bits;
        var length = most;
        if (slash >= 0 && !(int.TryParse(text[(slash + 1)..], NumberStyles.None, CultureInfo.InvariantCulture, out length) && length <= most)) return false;
        prefix = Of(address, length);
        return true;
    }

    /// <summary>The network in CIDR notation.</summary>
    public override string ToString()
    {
        Span<byte> bytes = stackalloc byte[16];
        BinaryPrimitives.WriteUInt128BigEndian(bytes, _network);
        return string.Create(CultureInfo.InvariantCulture, $"{new IPAddress(IsIPv4 ? bytes[12..] : bytes)}/{Length}");
    }

    private static UInt128 Mask(int length) => length == 0 ? 0 : UInt128.MaxValue << (Bits - length);
}
