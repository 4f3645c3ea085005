using MassTransit;

namespace Movento.ControlPlane.Catalogue.Announcements;

/// <summary>How every announcement is received: tried again at once where the database stumbled, then dropped. Ingest sends it again
/// until it is recorded, so a queue of failures would only grow.</summary>
internal sealed class AnnouncementEndpoint<TConsumer> : ConsumerDefinition<TConsumer>
    where TConsumer : class, IConsumer
{
    private const int AtOnce = 4;

    public AnnouncementEndpoint() => ConcurrentMessageLimit = AtOnce;

    protected override void ConfigureConsumer(
        IReceiveEndpointConfigurator endpointConfigurator,
        IConsumerConfigurator<TConsumer> consumerConfigurator,
        IRegistrationContext context)
    {
        endpointConfigurator.UseMessageRetry(retry => retry.Intervals(100, 500, 2000));
        endpointConfigurator.DiscardFaultedMessages();
        endpointConfigurator.DiscardSkippedMessages();
    }
}
