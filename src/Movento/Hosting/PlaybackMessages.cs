using MassTransit;
using Movento.Contracts;
using Movento.Edge.Observation.Playbacks;

namespace Movento.Hosting;

/// <summary>Sends the edge's reports of playbacks through the bus of this process.</summary>
/// <param name="bus">The bus; null while it is not there: the servers of a process start one after the other, the edge first.</param>
internal sealed class PlaybackMessages(Func<IBus?> bus) : IPlaybackReports
{
    public Task SendAsync(PlaybacksObserved message, CancellationToken cancellationToken) =>
        (bus() ?? throw new InvalidOperationException("The bus is not there yet.")).Publish(message, cancellationToken);
}
