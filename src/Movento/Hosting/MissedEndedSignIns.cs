using System.Threading.Channels;
using MassTransit;
using Movento.Contracts;

namespace Movento.Hosting;

/// <summary>
/// Asks identity which sign-ins are over whenever this process begins to hear of them (<see cref="HearEndedSignIns"/>), at its start and after the broker was
/// away: what was told meanwhile went nowhere. Until it is answered it asks again, later and later.
/// </summary>
internal sealed partial class MissedEndedSignIns(IBus bus, EndedSignIns ended, TimeProvider time, ILogger<MissedEndedSignIns> logger)
    : BackgroundService, IReceiveEndpointObserver
{
    private static readonly TimeSpan Patience = TimeSpan.FromSeconds(10);
    private static readonly TimeSpan LongestPause = TimeSpan.FromSeconds(30);

    private ConnectHandle? _connection;

    // Several queues are heard of at the same time; one question after the last of them is enough.
    private readonly Channel<bool> _hearing = Channel.CreateBounded<bool>(new BoundedChannelOptions(1) { FullMode = BoundedChannelFullMode.DropWrite });

    public override Task StartAsync(CancellationToken cancellationToken)
    {
        _connection = bus.ConnectReceiveEndpointObserver(this);
        return base.StartAsync(cancellationToken);
    }

    public override void Dispose()
    {
        _connection?.Disconnect();
        base.Dispose();
    }

    Task IReceiveEndpointObserver.Ready(ReceiveEndpointReady ready)
    {
        _hearing.Writer.TryWrite(true);
        return Task.CompletedTask;
    }

    Task IReceiveEndpointObserver.Stopping(ReceiveEndpointStopping stopping) => Task.CompletedTask;

    Task IReceiveEndpointObserver.Completed(ReceiveEndpointCompleted completed) => Task.CompletedTask;

    Task IReceiveEndpointObserver.Faulted(ReceiveEndpointFaulted faulted) => Task.CompletedTask;

    protected override async Task ExecuteAsync(CancellationToken stoppingToken)
    {
        try
        {
            await foreach (var _ in _hearing.Reader.ReadAllAsync(stoppingToken))
            {
                for (var pause = TimeSpan.FromSeconds(1); !await TryAskAsync(stoppingToken); pause = pause * 2 < LongestPause ? pause * 2 : LongestPause)
                    await Task.Delay(pause, time, stoppingToken);
            }
        }
        catch (OperationCanceledException) when (stoppingToken.IsCancellationRequested)
        {
            // The host stops.
        }
    }

    private async Task<bool> TryAskAsync(CancellationToken cancellationToken)
    {
        try
        {
            var client = bus.CreateRequestClient<EndedSignInsQuestion>(RequestTimeout.After(s: (int)Patience.TotalSeconds));
            await ended.AddAllAsync(async after => (await client.GetResponse<EndedSignInsAnswer>(new EndedSignInsQuestion(after), cancellationToken)).Message);
            return true;
        }
#pragma warning disable CA1031 // Whatever the broker's client throws, it is asked again.
        catch (Exception error) when (!cancellationToken.IsCancellationRequested)
#pragma warning restore CA1031
        {
            Log.Unanswered(logger, error);
            return false;
        }
    }

    private static partial class Log
    {
        [LoggerMessage(16, LogLevel.Warning, "Identity does not say which sign-ins are over; it is asked again")]
        public static partial void Unanswered(ILogger logger, Exception exception);
    }
}
