using MassTransit;

namespace Movento.ControlPlane.Catalogue.Announcements;

/// <summary>How every announcement is received: tried again at once where the database stumbled, then dropped. Ingest sends it again
/// until it is recorded, so a queue of failures would only grow.</summary>
internal sealed class AnnouncementEndpoint<TConsumer>() : DroppingEndpoint<TConsumer>(4, 100, 500, 2000)
    where TConsumer : class, IConsumer;
