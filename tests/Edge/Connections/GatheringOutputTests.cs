using System.Diagnostics.Metrics;
using System.Net;
using System.Net.Sockets;
using Microsoft.AspNetCore.Connections;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Logging.Abstractions;
using Movento.Edge.Connections;
using Movento.Harness;

namespace Movento.Edge.Tests.Connections;

public class GatheringOutputTests
{
    /// <summary>Else a connection that once went on by the pool would go on there for as long as its answer is, a change of threads for each piece.</summary>
    [Fact]
    public async Task Flush_FromAnyThread_GoesOnByTheLoop()
    {
        await using var wire = await Wire.OpenAsync();
        var (client, connection) = (wire.Client, wire.Connection);
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

    /// <summary>The records of TLS: they leave from a buffer that is used again as soon as the write has ended, whoever takes them and however slowly.</summary>
    [Theory]
    [InlineData(1)]
    [InlineData(16 << 10)]
    [InlineData(1 << 20)]
    [InlineData(3 << 20)]
    public async Task Write_OfAnySize_HasLeftItsBufferWhenItEnds(int size)
    {
        await using var wire = await Wire.OpenAsync();
        var records = Math.Clamp((8 << 20) / size, 3, 1000);
        var written = Task.Run(async () =>
        {
            var record = new byte[size];
            for (var number = 0; number < records; number++)
            {
                Array.Fill(record, (byte)number);
                Assert.False((await wire.Connection.Output.WriteAsync(record)).IsCompleted);
            }
        });

        // Only when the socket is full, or everything is in it, does the client begin to read.
        await Eventually.TrueAsync(() => written.IsCompleted || wire.Connection.Output.UnflushedBytes > 0, "the client is waited for");
        var received = new byte[size];
        for (var number = 0; number < records; number++)
        {
            for (var count = 0; count < size;) count += await wire.Client.ReceiveAsync(received.AsMemory(count));
            Assert.DoesNotContain(received, value => value != (byte)number);
        }

        await written;
    }

    [Fact]
    public async Task Write_ToAClientThatIsGone_SaysSo()
    {
        await using var wire = await Wire.OpenAsync();
        wire.Client.LingerState = new LingerOption(enable: true, seconds: 0);
        wire.Client.Close();
        var record = new byte[1000];
        await Eventually.TrueAsync(async () => (await wire.Connection.Output.WriteAsync(record)).IsCompleted, "the writer learns that nobody reads");
    }

    private sealed class Wire(ServiceProvider services, EventLoopTransport transport, IConnectionListener listener, Socket client, TransportConnection connection) : IAsyncDisposable
    {
        public Socket Client => client;

        public TransportConnection Connection => connection;

        public static async Task<Wire> OpenAsync()
        {
            var services = new ServiceCollection().AddMetrics().BuildServiceProvider();
            var meters = services.GetRequiredService<IMeterFactory>();
            var transport = new EventLoopTransport(new PinnedBlockPoolFactory(TimeProvider.System, meters), new EdgeMetrics(meters), TimeProvider.System, NullLogger<EventLoopTransport>.Instance);
            var listener = await transport.BindAsync(new IPEndPoint(IPAddress.Loopback, 0));
            var client = new Socket(AddressFamily.InterNetwork, SocketType.Stream, ProtocolType.Tcp);
            await client.ConnectAsync(listener.EndPoint);
            return new Wire(services, transport, listener, client, Assert.IsType<TransportConnection>(await listener.AcceptAsync()));
        }

        public async ValueTask DisposeAsync()
        {
            await connection.DisposeAsync();
            await listener.DisposeAsync();
            client.Dispose();
            transport.Dispose();
            await services.DisposeAsync();
        }
    }
}
