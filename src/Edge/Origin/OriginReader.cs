using Microsoft.Extensions.Logging;
using Movento.Storage;

namespace Movento.Edge.Origin;

/// <summary>
/// The object store as the edge asks it: so many reads at a time, each within its time, a transient fault tried once more, media that is slow to come asked for
/// twice, a store that fails again and again left alone, and every fault as an outcome instead of an exception.
/// </summary>
internal sealed partial class OriginReader : IDisposable
{
    // Failures in a row: five reads that were tried twice. Any answer in between, were it that there is no such object, begins the count anew.
    private const int FailuresToOpen = 10;

    // A player has some seconds of film before it has to ask again.
    private static readonly TimeSpan Pause = TimeSpan.FromSeconds(1);
    private static readonly TimeSpan LongestPause = TimeSpan.FromSeconds(8);

    private readonly IObjectStore _store;
    private readonly EdgeOptions _options;
    private readonly EdgeMetrics _metrics;
    private readonly TimeProvider _time;
    private readonly ILogger<OriginReader> _logger;
    private readonly SemaphoreSlim _turns;
    private readonly CircuitBreaker _circuit;
    private readonly HedgeBudget _hedges;

    public OriginReader(IObjectStore store, EdgeOptions options, EdgeMetrics metrics, TimeProvider time, ILogger<OriginReader> logger)
    {
        (_store, _options, _metrics, _time, _logger) = (store, options, metrics, time, logger);
        _turns = new SemaphoreSlim(options.OriginConcurrency);
        _circuit = new CircuitBreaker(time, FailuresToOpen, Pause, LongestPause);
        _hedges = new HedgeBudget(options.HedgeShare);
        metrics.ObserveOriginCircuit(() => _circuit.State);
    }

    /// <summary>Whether a read could begin at once: reading ahead never stands in the way of what somebody waits for.</summary>
    public bool IsIdle => _turns.CurrentCount > _options.OriginConcurrency / 2 && _circuit.State == CircuitState.Closed;

    /// <summary>A turn to read, which the caller disposes; not entered where none came free within the origin's time-out.</summary>
    public async ValueTask<OriginTurn> EnterAsync() =>
        new(await _turns.WaitAsync(_options.OriginTimeout) ? _turns : null, _metrics, _time);

    /// <summary>In the caller's <paramref name="turn"/>, reads some bytes of an object as they come; the caller disposes it before the turn.</summary>
    public OriginRead Open(OriginTurn turn, string key, long offset, long length)
    {
        ObjectDisposedException.ThrowIf(!turn.Entered, turn);
        return new OriginRead(this, key, offset, length);
    }

    /// <summary>In the caller's <paramref name="turn"/>, fills <paramref name="destination"/> as <see cref="IObjectStore.ReadAsync"/>
    /// does; the bytes read, or what went wrong (<see cref="EdgeOutcome.NotFound"/> where there is no such object).</summary>
    public async ValueTask<(int Read, EdgeOutcome? Failure)> ReadAsync(OriginTurn turn, string key, long offset, Memory<byte> destination)
    {
        ObjectDisposedException.ThrowIf(!turn.Entered, turn);
        for (var attempt = 1; ; attempt++)
        {
            if (!_circuit.TryEnter()) return (0, EdgeOutcome.OriginCircuitOpen);

            // The store must honour the cancellation: until it returns, the memory is its own.
            using var limit = NewLimit();
            try
            {
                var start = _time.GetTimestamp();
                var read = await _store.ReadAsync(key, offset, destination, limit.Token);
                Answered(start);
                if (read < 0) return (0, EdgeOutcome.NotFound);
                Took(read);
                return (read, null);
            }
#pragma warning disable CA1031 // Whatever a store throws is a failure of the origin: waiters must be told, and the process must live.
            catch (Exception exception)
#pragma warning restore CA1031
            {
                if (Failed(exception, key, offset, isFirst: attempt == 1) is { } failure) return (0, failure);
            }
        }
    }

    public void Dispose() => _turns.Dispose();

    /// <summary>Whether the store may be asked now; whoever is told so calls <see cref="Answered"/> or <see cref="Failed"/> afterwards.</summary>
    internal bool TryPassCircuit() => _circuit.TryEnter();

    /// <summary>A range of an object, asked for a second time where the first is slow; whichever answers first is taken, the other given up.</summary>
    internal async Task<Stream?> OpenRangeAsync(string key, long offset, long length, CancellationToken cancellationToken)
    {
        using var stopFirst = CancellationTokenSource.CreateLinkedTokenSource(cancellationToken);
        var first = _store.OpenRangeAsync(key, offset, length, stopFirst.Token);
        if (first.IsCompleted || _hedges.Delay is not { } delay || !await IsLateAsync(first, delay, cancellationToken)) return await first;
        if (!_turns.Wait(0, CancellationToken.None)) return await first;
        if (!_hedges.TrySpend())
        {
            _turns.Release();
            return await first;
        }

        _metrics.Hedged();
        using var stopSecond = CancellationTokenSource.CreateLinkedTokenSource(cancellationToken);
        var second = _store.OpenRangeAsync(key, offset, length, stopSecond.Token);
        var winner = await Task.WhenAny(first, second);
        // One that failed has not won.
        if (!winner.IsCompletedSuccessfully) winner = winner == first ? second : first;
        try
        {
            var range = await winner;
            if (winner == second) _metrics.HedgeWon();
            return range;
        }
        finally
        {
            var (loser, stop) = winner == first ? (second, stopSecond) : (first, stopFirst);
            await stop.CancelAsync();
            _ = GiveUpAsync(loser);
        }
    }

    internal CancellationTokenSource NewLimit() => new(_options.OriginTimeout, _time);

    /// <summary>The store has answered a read that began at <paramref name="start"/>.</summary>
    internal void Answered(long start)
    {
        _circuit.Succeeded();
        var latency = _time.GetElapsedTime(start);
        _hedges.Took(latency);
        _metrics.OriginAnswered(latency);
    }

    internal long Now => _time.GetTimestamp();

    internal void Took(int bytes) => _metrics.FromOrigin(bytes);

    /// <summary>What a failure comes to; null where it is worth another try.</summary>
    internal EdgeOutcome? Failed(Exception exception, string key, long offset, bool isFirst)
    {
        // A store that refuses is one that answers.
        if (exception is ObjectStoreException { IsTransient: false }) _circuit.Succeeded();
        else if (_circuit.Failed()) Log.CircuitOpened(_logger, _circuit.State);

        if (exception is ObjectStoreException { IsTransient: true } && isFirst)
        {
            Log.TryingAgain(_logger, key, offset, exception.Message);
            return null;
        }

        if (exception is OperationCanceledException)
        {
            Log.TookTooLong(_logger, key, offset, _options.OriginTimeout);
            return EdgeOutcome.OriginTimeout;
        }

        Log.Failed(_logger, exception, key, offset);
        return EdgeOutcome.OriginUnavailable;
    }

    private async Task<bool> IsLateAsync(Task first, TimeSpan delay, CancellationToken cancellationToken)
    {
        using var stop = CancellationTokenSource.CreateLinkedTokenSource(cancellationToken);
        await Task.WhenAny(first, Task.Delay(delay, _time, stop.Token));
        await stop.CancelAsync();
        return !first.IsCompleted && !cancellationToken.IsCancellationRequested;
    }

    // The turn that the second read had is free once nobody reads in it.
    private async Task GiveUpAsync(Task<Stream?> loser)
    {
        try
        {
            if (await loser is { } range) await range.DisposeAsync();
        }
#pragma warning disable CA1031 // Nobody waits for it any more.
        catch (Exception)
#pragma warning restore CA1031
        {
        }
        finally
        {
            _turns.Release();
        }
    }

    private static partial class Log
    {
        [LoggerMessage(3001, LogLevel.Warning, "Reading {Key} from byte {Offset} failed, trying once more: {Reason}")]
        public static partial void TryingAgain(ILogger logger, string key, long offset, string reason);

        [LoggerMessage(3002, LogLevel.Warning, "Reading {Key} from byte {Offset} took more than {Limit}")]
        public static partial void TookTooLong(ILogger logger, string key, long offset, TimeSpan limit);

        [LoggerMessage(3003, LogLevel.Error, "Reading {Key} from byte {Offset} failed")]
        public static partial void Failed(ILogger logger, Exception exception, string key, long offset);

        [LoggerMessage(3004, LogLevel.Error, "The object store fails again and again: it is left alone for a while, and the circuit is {State}")]
        public static partial void CircuitOpened(ILogger logger, CircuitState state);
    }
}
