using MassTransit;
using Movento.Contracts;

namespace Movento.ControlPlane.Recommendations.Views;

/// <summary>An account is gone: nothing of what it watched or was shown is kept.</summary>
internal sealed class ForgetViewer(ViewingRecords records) : IConsumer<AccountDeleted>
{
    public Task Consume(ConsumeContext<AccountDeleted> context) => records.ForgetAccountAsync(context.Message.UserId, context.CancellationToken);
}
