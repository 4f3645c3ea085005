using Microsoft.Extensions.Hosting;

namespace Movento.Ingest;

/// <summary>Tidies at the start and then again and again; a sweep that fails is told of, and the next one comes all the same.</summary>
internal abstract class PeriodicSweep(TimeSpan interval, TimeProvider time) : BackgroundService
{
    /// <summary>Sweeps once.</summary>
    public abstract Task SweepAsync(CancellationToken cancellationToken);

    /// <summary>Says that a sweep failed.</summary>
    protected abstract void Failed(Exception exception);

    protected sealed override async Task ExecuteAsync(CancellationToken stoppingToken)
    {
        using var timer = new PeriodicTimer(interval, time);
        try
        {
            do
            {
                try
                {
                    await SweepAsync(stoppingToken);
                }
                catch (Exception exception) when (!stoppingToken.IsCancellationRequested)
                {
                    Failed(exception);
                }
            }
            while (await timer.WaitForNextTickAsync(stoppingToken));
        }
        catch (OperationCanceledException) when (stoppingToken.IsCancellationRequested)
        {
        }
    }
}
