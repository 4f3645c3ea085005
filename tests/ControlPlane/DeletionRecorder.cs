using System.Collections.Concurrent;
using MassTransit;
using Movento.Contracts;

namespace Movento.ControlPlane.Tests;

/// <summary>Another area's end of the bus: hears which accounts are gone.</summary>
public sealed class DeletionRecorder(DeletionRecorder.Heard heard) : IConsumer<AccountDeleted>
{
    public Task Consume(ConsumeContext<AccountDeleted> context)
    {
        heard.Accounts.Enqueue(context.Message.UserId);
        return Task.CompletedTask;
    }

    /// <summary>What was heard.</summary>
    public sealed class Heard
    {
        public ConcurrentQueue<Guid> Accounts { get; } = new();
    }
}
