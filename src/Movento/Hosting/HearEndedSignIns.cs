using MassTransit;
using Movento.Contracts;

namespace Movento.Hosting;

/// <summary>Hears in every process that checks access tokens which sign-ins are over.</summary>
internal sealed class HearEndedSignIns(EndedSignIns ended) : IConsumer<SignInsEnded>
{
    public Task Consume(ConsumeContext<SignInsEnded> context)
    {
        ended.Add(context.Message.SignIns, context.Message.Until);
        return Task.CompletedTask;
    }
}
