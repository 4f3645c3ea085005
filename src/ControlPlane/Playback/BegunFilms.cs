using System.Threading.Channels;
using MassTransit;
using Microsoft.Extensions.Hosting;
using Microsoft.Extensions.Logging;
using Movento.Contracts;

namespace Movento.ControlPlane.Playback;

/// <summary>Tells the others that somebody has begun a film, beside the grant: a broker that is away holds nobody up. What cannot be told then is lost.</summary>
internal sealed partial class BegunFilms(IBus bus, ILogger<BegunFilms> logger) : BackgroundService
{
    private const int Waiting = 10_000;

    private static readonly TimeSpan Patience = TimeSpan.FromSeconds(30);

    private readonly Channel<FilmViewed> _begun = Channel.CreateBounded<FilmViewed>(new BoundedChannelOptions(Waiting) { FullMode = BoundedChannelFullMode.DropOldest });

    public void Add(FilmViewed viewed) => _begun.Writer.TryWrite(viewed);

    protected override async Task ExecuteAsync(CancellationToken stoppingToken)
    {
        try
        {
            await foreach (var viewed in _begun.Reader.ReadAllAsync(stoppingToken))
            {
                using var patience = CancellationTokenSource.CreateLinkedTokenSource(stoppingToken);
                patience.CancelAfter(Patience);
                try
                {
                    await bus.Publish(viewed, patience.Token);
                }
#pragma warning disable CA1031 // Whatever the broker's client throws, the next one is tried.
                catch (Exception error) when (!stoppingToken.IsCancellationRequested)
#pragma warning restore CA1031
                {
                    Log.Lost(logger, error);
                }
            }
        }
        catch (OperationCanceledException) when (stoppingToken.IsCancellationRequested)
        {
            // The host stops.
        }
    }

    private static partial class Log
    {
        [LoggerMessage(3041, LogLevel.Warning, "That a film was begun could not be told")]
        public static partial void Lost(ILogger logger, Exception exception);
    }
}
