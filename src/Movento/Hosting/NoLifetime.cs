namespace Movento.Hosting;

/// <summary>
/// Two servers share the process, and neither may end it: signals belong to the command that runs them
/// (<see cref="Commands.StopSignal"/>), which stops everything in order.
/// </summary>
internal sealed class NoLifetime : IHostLifetime
{
    public Task WaitForStartAsync(CancellationToken cancellationToken) => Task.CompletedTask;

    public Task StopAsync(CancellationToken cancellationToken) => Task.CompletedTask;
}
