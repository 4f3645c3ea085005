using MassTransit;
using Movento.Contracts;

namespace Movento.ControlPlane.Catalogue.Playability;

/// <summary>Answers other services: does this film exist, and may it be played there now? What fails here is a fault to whoever asked.</summary>
internal sealed class AnswerPlayability(PlayabilityCheck check) : IConsumer<CheckMoviePlayable>
{
    public async Task Consume(ConsumeContext<CheckMoviePlayable> context) =>
        await context.RespondAsync(await check.OfAsync(context.Message, context.CancellationToken));

    /// <summary>A question is not asked again by us: whoever asked waits for it, and no longer than that is it worth an answer.</summary>
    internal sealed class Endpoint() : DroppingEndpoint<AnswerPlayability>(16);
}
