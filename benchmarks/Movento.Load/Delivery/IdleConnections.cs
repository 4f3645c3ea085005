using System.Globalization;
using System.Net.Sockets;
using System.Text;
using Movento.Load.Measure;

namespace Movento.Load.Delivery;

/// <summary>What ten thousand players that wait cost a server: connections that are kept, each after one answer.</summary>
internal static class IdleConnections
{
    private const int Count = 10_000;

    public static async Task MeasureAsync(IDeliveryServer server, CancellationToken cancellationToken)
    {
        var before = ProcessTree.MemoryBytes(server.Processes);
        var url = server.UrlOf(DeliveredFile.All[0]);
        var request = Encoding.ASCII.GetBytes($"GET {url.PathAndQuery} HTTP/1.1\r\nHost: {url.Authority}\r\n\r\n");
        var idle = new List<Socket>(Count);
        var answer = new byte[8192];
        try
        {
            for (var number = 0; number < Count; number++)
            {
                var socket = new Socket(AddressFamily.InterNetwork, SocketType.Stream, ProtocolType.Tcp);
                idle.Add(socket);
                await socket.ConnectAsync("127.0.0.1", url.Port, cancellationToken);
                await socket.SendAsync(request, cancellationToken);
                if (await socket.ReceiveAsync(answer, cancellationToken) == 0) throw new InvalidOperationException($"{server.Name} closed connection {number}.");
            }

            var after = ProcessTree.MemoryBytes(server.Processes);
            Console.WriteLine(string.Create(
                CultureInfo.InvariantCulture,
                $"\n## {Count} connections that have had an answer and wait: {(after - before) / 1048576.0:0} MiB more than before ({before / 1048576.0:0} MiB)"));
        }
        finally
        {
            foreach (var socket in idle) socket.Dispose();
        }
    }
}
