using MassTransit;

namespace Movento.ControlPlane;

/// <summary>
/// How a message is received whose loss harms nothing, or which is sent again: tried again after pauses where the database stumbled, then dropped. A queue of
/// failures would only grow.
/// </summary>
internal abstract class DroppingEndpoint<TConsumer> : ConsumerDefinition<TConsumer>
    where TConsumer : class, IConsumer
{
    private readonly int[] _pauses;

    /// <param name="atOnce">Messages that are worked on at the same time.</param>
    /// <param name="pauses">Before each further try, in milliseconds; none for a single try.</param>
    protected DroppingEndpoint(int atOnce, params int[] pauses) => (ConcurrentMessageLimit, _pauses) = (atOnce, pauses);

    protected sealed override void ConfigureConsumer(
        IReceiveEndpointConfigurator endpointConfigurator, IConsumerConfigurator<TConsumer> consumerConfigurator, IRegistrationContext context)
    {
        if (_pauses.Length > 0) endpointConfigurator.UseMessageRetry(retry => retry.Intervals(_pauses));
        endpointConfigurator.DiscardFaultedMessages();
        endpointConfigurator.DiscardSkippedMessages();
    }
}
