namespace Movento.Ingest.Jobs;

/// <summary>So many workers that each claim, work, and claim again; without work one of them waits for the signal, and the others for it.</summary>
internal static class WorkLoop
{
    /// <summary>Runs them until <paramref name="stopping"/>.</summary>
    /// <param name="workers">How many.</param>
    /// <param name="claimAsync">Work that nobody else has now; null where there is none.</param>
    /// <param name="workAsync">Does it.</param>
    /// <param name="onIdle">Where there is none, before the wait.</param>
    /// <param name="onFailure">
    /// The database is out of reach: the lease of what was claimed runs out by itself, and it is claimed again.
    /// </param>
    /// <param name="signal">That there may be work.</param>
    /// <param name="pollInterval">The longest wait for it: a wake-up call may be lost.</param>
    /// <param name="time">The clock of that.</param>
    /// <param name="stopping">Ends the waits; the work ends as it likes.</param>
    public static async Task RunAsync<TWork>(
        int workers, Func<CancellationToken, Task<TWork?>> claimAsync, Func<TWork, CancellationToken, Task> workAsync, Action onIdle,
        Action<Exception> onFailure, Signal signal, TimeSpan pollInterval, TimeProvider time, CancellationToken stopping)
        where TWork : class
    {
        // One of them looks, and looks again at intervals; whoever finds work lets the next one look. So idle workers ask no more often than one would.
        using var lookout = new SemaphoreSlim(1);
        await Task.WhenAll(Enumerable.Range(0, workers).Select(_ => Task.Run(LoopAsync, CancellationToken.None)));

        async Task LoopAsync()
        {
            while (!stopping.IsCancellationRequested)
            {
                try
                {
                    if (await FindAsync() is not { } work) return;
                    await workAsync(work, stopping);
                    // There is a place again, for which work may have waited that the lookout passed by.
                    signal.Set();
                }
                catch (OperationCanceledException) when (stopping.IsCancellationRequested)
                {
                    return;
                }
                catch (Exception exception)
                {
                    onFailure(exception);
                    await signal.WaitAsync(pollInterval, time, CancellationToken.None);
                }
            }
        }

        async Task<TWork?> FindAsync()
        {
            await lookout.WaitAsync(stopping);
            try
            {
                while (!stopping.IsCancellationRequested)
                {
                    if (await claimAsync(stopping) is { } work) return work;
                    onIdle();
                    await signal.WaitAsync(pollInterval, time, stopping);
                }
                return null;
            }
            finally
            {
                lookout.Release();
            }
        }
    }
}
