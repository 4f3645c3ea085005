using MassTransit;
using Movento.Contracts;

namespace Movento.ControlPlane.Playback;

/// <summary>An account is gone: what it plays ends, and what it played with is forgotten. Ended streams go with their tokens.</summary>
internal sealed class EndForGood(PlaybackStreams streams) : IConsumer<AccountDeleted>
{
    public async Task Consume(ConsumeContext<AccountDeleted> context)
    {
        foreach (var stream in await streams.OfAsync(context.Message.UserId, context.CancellationToken)) await streams.EndAsync(stream.Session, context.CancellationToken);
        await streams.ForgetDevicesAsync(context.Message.UserId, context.CancellationToken);
    }
}
