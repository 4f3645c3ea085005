using MassTransit;
using Movento.Contracts;
using Movento.ControlPlane.Billing;

namespace Movento.ControlPlane.Playback;

/// <summary>What a user may play has changed: what they may not play any more ends now, and what is more than they may at the same time, the newest first.</summary>
internal sealed class EndUnentitled(PlaybackStreams streams, Entitlements entitlements) : IConsumer<EntitlementChanged>
{
    public async Task Consume(ConsumeContext<EntitlementChanged> context)
    {
        var cancellationToken = context.CancellationToken;
        var going = 0;
        foreach (var stream in await streams.OfAsync(context.Message.UserId, cancellationToken))
        {
            if (stream.IsUnlimited) continue;
            var entitlement = await entitlements.OfAsync(stream.UserId, new AssetId(stream.AssetId), cancellationToken);
            if (entitlement.Outcome == EntitlementOutcome.Entitled && (entitlement.Streams == 0 || going < entitlement.Streams)) going++;
            else await streams.EndAsync(stream.Session, cancellationToken);
        }
    }

    /// <summary>Tried again where the database stumbled, then dropped: heartbeats ask anyway.</summary>
    public sealed class Endpoint() : DroppingEndpoint<EndUnentitled>(4, 100, 500, 2000, 10_000);
}
