using MassTransit;

namespace Movento.ControlPlane;

/// <summary>How every area hears that an account or a profile is gone: tried again for a minute, then dropped, since it is announced again for weeks.</summary>
/// <typeparam name="TConsumer">Of one area; deleting twice does no harm.</typeparam>
internal sealed class ForgetfulEndpoint<TConsumer>() : DroppingEndpoint<TConsumer>(1, 100, 500, 2000, 10_000, 30_000)
    where TConsumer : class, IConsumer;
