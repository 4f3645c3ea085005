using System.Net;
using System.Net.Sockets;

namespace Movento.Harness;

/// <summary>TCP ports on the loopback address that nobody listens on.</summary>
public static class FreePort
{
    /// <summary>
    /// A port that the kernel has just handed out and taken back: it hands out others first before it comes to this one again, so two
    /// test runs side by side get different ones.
    /// </summary>
    public static int Next()
    {
        using var listener = new TcpListener(IPAddress.Loopback, 0);
        listener.Start();
        return ((IPEndPoint)listener.LocalEndpoint).Port;
    }

    /// <summary>Whether somebody listens there now.</summary>
    public static async Task<bool> IsTakenAsync(int port)
    {
        using var client = new TcpClient();
        try
        {
            await client.ConnectAsync(IPAddress.Loopback, port);
            return true;
        }
        catch (SocketException)
        {
            return false;
        }
    }
}
