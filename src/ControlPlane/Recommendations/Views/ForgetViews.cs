using MassTransit;
using Movento.Contracts;

namespace Movento.ControlPlane.Recommendations.Views;

/// <summary>What somebody had taken out of their history speaks for nothing any more.</summary>
internal sealed class ForgetViews(ViewingRecords records) : IConsumer<HistoryErased>
{
    public Task Consume(ConsumeContext<HistoryErased> context) => records.ForgetAsync(context.Message, context.CancellationToken);

    /// <summary>Tried again for a minute, then dropped, since it is sent again.</summary>
    public sealed class Endpoint() : DroppingEndpoint<ForgetViews>(1, 100, 500, 2000, 10_000, 30_000);
}
