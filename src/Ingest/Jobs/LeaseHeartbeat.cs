using Npgsql;

namespace Movento.Ingest.Jobs;

/// <summary>
/// Keeps what was claimed ours while it is worked on, and writes how far it is, both at a steady pace. When it is not ours any more (it was deleted, or
/// we were out of reach for too long), <see cref="Lost"/> is cancelled.
/// </summary>
internal sealed class LeaseHeartbeat : IAsyncDisposable
{
    // A person who watches a bar wants a second; more often would only write more.
    private static readonly TimeSpan Pace = TimeSpan.FromSeconds(1);

    private readonly CancellationTokenSource _lost = new();
    private readonly CancellationTokenSource _stop = new();
    private readonly BeatSignal _beat = new();
    private readonly Task _renewing;

    /// <summary>Begins.</summary>
    /// <param name="renewAsync">Renews the lease; false where it is not ours any more.</param>
    /// <param name="lease">How long one renewal holds.</param>
    /// <param name="onFailure">The database is out of reach; it is tried again until the lease runs out.</param>
    /// <param name="time">The clock of that.</param>
    public LeaseHeartbeat(Func<CancellationToken, Task<bool>> renewAsync, TimeSpan lease, Action<Exception> onFailure, TimeProvider time) =>
        _renewing = RenewAsync(renewAsync, lease, onFailure, time);

    /// <summary>Cancelled when it is not ours any more.</summary>
    public CancellationToken Lost => _lost.Token;

    /// <summary>Renews now: there is something that others wait to hear of.</summary>
    public void Beat() => _beat.Set();

    /// <summary>Stops renewing; the lease itself is given back by whoever ends the work.</summary>
    public async ValueTask DisposeAsync()
    {
        await _stop.CancelAsync();
        await _renewing;
        _stop.Dispose();
        _lost.Dispose();
    }

    private async Task RenewAsync(Func<CancellationToken, Task<bool>> renewAsync, TimeSpan lease, Action<Exception> onFailure, TimeProvider time)
    {
        var renewed = time.GetTimestamp();
        try
        {
            while (true)
            {
                await _beat.WaitAsync(Pace < lease / 4 ? Pace : lease / 4, time, _stop.Token);
                try
                {
                    if (!await renewAsync(_stop.Token))
                    {
                        await _lost.CancelAsync();
                        return;
                    }
                    renewed = time.GetTimestamp();
                }
                catch (NpgsqlException exception)
                {
                    onFailure(exception);
                    if (time.GetElapsedTime(renewed) < lease) continue;
                    await _lost.CancelAsync();
                    return;
                }
            }
        }
        catch (OperationCanceledException) when (_stop.IsCancellationRequested)
        {
        }
    }

    private sealed class BeatSignal : Signal;
}
