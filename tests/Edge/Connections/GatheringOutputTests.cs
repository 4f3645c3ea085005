using System.Diagnostics.Metrics;
using System.Net;
using System.Net.Sockets;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Logging.Abstractions;
using Movento.Edge.Connections;

namespace Movento.Edge.Tests.Connections;

public class GatheringOutputTests
{
    /// <summary>Else a connection that once went on by the pool would go on there for as long as its answer is, a change of threads for each piece.</summary>
    [Fact]
    public async Task Flush_FromAnyThread_GoesOnByTheLoop()
    {
        await using var services = new ServiceCollection().AddMetrics().BuildServiceProvider();
        var meters = services.GetRequiredService<IMeterFactory>();
        using var transport = new EventLoopTransport(new PinnedBlockPoolFactory(TimeProvider.System, meters), new EdgeMetrics(meters), TimeProvider.System, NullLogger<EventLoopTransport>.Instance);
        await using var listener = await transport.BindAsync(new IPEndPoint(IPAddress.Loopback, 0));
        using var client = new Socket(AddressFamily.InterNetwork, SocketType.Stream, ProtocolType.Tcp);
        await client.ConnectAsync(listener.EndPoint);
        await using var accepted = await listener.AcceptAsync();
        var connection = Assert.IsType<TransportConnection>(accepted);

        var received = new byte[1000];
        for (var round = 0; round < 100; round++)
        {
            await Task.Run(async () =>
            {
                connection.Output.GetSpan(1000)[..1000].Fill((byte)round);
                connection.Output.Advance(1000);
                Assert.False(connection.Loop.IsCurrent);
                await connection.Output.FlushAsync();
                Assert.True(connection.Loop.IsCurrent, "goes on elsewhere");
            });
            for (var count = 0; count < received.Length;) count += await client.ReceiveAsync(received.AsMemory(count));
            Assert.DoesNotContain(received, value => value != (byte)round);
        }
    }
}
