using MassTransit;
using Movento.Contracts;

namespace Movento.ControlPlane.Identity.Sessions;

/// <summary>Answers processes that have just begun to hear which sign-ins are over.</summary>
internal sealed class AnswerEndedSignIns(EndedAccess access) : IConsumer<EndedSignInsQuestion>
{
    public async Task Consume(ConsumeContext<EndedSignInsQuestion> context) =>
        await context.RespondAsync(await access.AnswerAsync(context.Message.After, context.CancellationToken));
}
