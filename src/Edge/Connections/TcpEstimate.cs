using System.Net.Sockets;
using System.Runtime.InteropServices;

namespace Movento.Edge.Connections;

/// <summary>What Linux knows of the way to a client (tcp(7), TCP_INFO); default where it knows nothing, or is not Linux.</summary>
/// <param name="KilobitsPerSecond">What the connection carries, or could: 0 where nothing is known yet.</param>
/// <param name="RoundTripMilliseconds">Smoothed; 0 where nothing is known.</param>
internal readonly record struct TcpEstimate(double KilobitsPerSecond, double RoundTripMilliseconds)
{
    // linux/tcp.h: the option, and where the fields of struct tcp_info lie in bytes.
    private const int TcpInfo = 11;
    private const int Flags = 7;
    private const int SenderSegmentSize = 16;
    private const int RoundTrip = 68;
    private const int CongestionWindow = 80;
    private const int DeliveryRate = 160;
    private const int Length = 168;

    /// <summary>One system call, no allocation.</summary>
    public static TcpEstimate Of(Socket socket)
    {
        if (!OperatingSystem.IsLinux()) return default;
        Span<byte> info = stackalloc byte[Length];
        try
        {
            if (socket.GetRawSocketOption((int)SocketOptionLevel.Tcp, TcpInfo, info) < Length) return default;
        }
        catch (SocketException)
        {
            return default;
        }
        catch (ObjectDisposedException)
        {
            return default;
        }

        var roundTrip = Read(info, RoundTrip);
        if (roundTrip == 0) return default;
        var rate = MemoryMarshal.Read<ulong>(info[DeliveryRate..]) * 8d / 1000;

        // delivery_rate_app_limited: what was measured was held up by us. What the window lets through says more then.
        if (rate == 0 || (info[Flags] & 1) != 0)
            rate = Math.Max(rate, Read(info, CongestionWindow) * (double)Read(info, SenderSegmentSize) * 8 * 1000 / roundTrip);
        return new TcpEstimate(rate, roundTrip / 1000d);
    }

    private static uint Read(ReadOnlySpan<byte> info, int offset) => MemoryMarshal.Read<uint>(info[offset..]);
}
