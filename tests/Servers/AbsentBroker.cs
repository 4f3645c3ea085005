using MassTransit;

namespace Movento.Servers;

/// <summary>Takes no message of one kind, as where the broker is away: connected to a bus as what sees every message before it goes.</summary>
/// <param name="message">The kind.</param>
/// <param name="error">What the broker's client throws.</param>
public sealed class AbsentBroker(Type message, Exception error) : IPublishObserver
{
    private int _refused;

    /// <summary>How many it has not taken.</summary>
    public int Refused => _refused;

    public Task PrePublish<T>(PublishContext<T> context)
        where T : class
    {
        if (!message.IsInstanceOfType(context.Message)) return Task.CompletedTask;
        Interlocked.Increment(ref _refused);
        return Task.FromException(error);
    }

    public Task PostPublish<T>(PublishContext<T> context)
        where T : class => Task.CompletedTask;

    public Task PublishFault<T>(PublishContext<T> context, Exception exception)
        where T : class => Task.CompletedTask;
}
