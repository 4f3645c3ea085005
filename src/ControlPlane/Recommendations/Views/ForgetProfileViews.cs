using MassTransit;
using Movento.Contracts;

namespace Movento.ControlPlane.Recommendations.Views;

/// <summary>A profile is gone: nothing of what it watched or was shown is kept, and no model learns from it any more.</summary>
internal sealed class ForgetProfileViews(ViewingRecords records) : IConsumer<ProfileDeleted>
{
    public Task Consume(ConsumeContext<ProfileDeleted> context) =>
        records.ForgetAsync(context.Message.UserId, context.Message.ProfileId, context.CancellationToken);
}
