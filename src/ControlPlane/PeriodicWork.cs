using Microsoft.Extensions.Hosting;
using Npgsql;

namespace Movento.ControlPlane;

/// <summary>Works again and again, beside the requests; a turn that the database fails is told of, and the next one comes all the same.</summary>
/// <param name="interval">From one turn to the next.</param>
/// <param name="time">The clock.</param>
/// <param name="startsAtOnce">Whether the first turn comes at the start; else an interval after it.</param>
internal abstract class PeriodicWork(TimeSpan interval, TimeProvider time, bool startsAtOnce = false) : BackgroundService
{
    protected TimeProvider Time => time;

    /// <summary>One turn.</summary>
    protected abstract Task WorkAsync(CancellationToken cancellationToken);

    /// <summary>Says that a turn failed.</summary>
    protected abstract void Failed(NpgsqlException error);

    protected sealed override async Task ExecuteAsync(CancellationToken stoppingToken)
    {
        using var timer = new PeriodicTimer(interval, time);
        try
        {
            if (!startsAtOnce) await timer.WaitForNextTickAsync(stoppingToken);
            do
            {
                try
                {
                    await WorkAsync(stoppingToken);
                }
                catch (NpgsqlException error)
                {
                    Failed(error);
                }
            }
            while (await timer.WaitForNextTickAsync(stoppingToken));
        }
        catch (OperationCanceledException) when (stoppingToken.IsCancellationRequested)
        {
            // The host stops.
        }
    }
}
