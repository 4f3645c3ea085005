using Microsoft.Extensions.Logging;
using Movento.Storage;

namespace Movento.Edge.Origin;

/// <summary>
/// The object store as the edge asks it: so many reads at a time, each within its time, a transient fault tried once more, and every
/// fault as an outcome instead of an exception.
/// </summary>
internal sealed partial class OriginReader(
    IObjectStore store, EdgeOptions options, EdgeMetrics metrics, TimeProvider time, ILogger<OriginReader> logger) : IDisposable
{
    private readonly SemaphoreSlim _turns = new(options.OriginConcurrency);

    /// <summary>Whether a read could begin at once: reading ahead never stands in the way of what somebody waits for.</summary>
    public bool IsIdle => _turns.CurrentCount > options.OriginConcurrency / 2;

    /// <summary>A turn to read, which the caller disposes; not entered where none came free within the origin's time-out.</summary>
    public async ValueTask<OriginTurn> EnterAsync() =>
        new(await _turns.WaitAsync(options.OriginTimeout) ? _turns : null, metrics, time);

    /// <summary>In the caller's <paramref name="turn"/>, fills <paramref name="destination"/> as <see cref="IObjectStore.ReadAsync"/>
    /// does; the bytes read, or what went wrong (<see cref="EdgeOutcome.NotFound"/> where there is no such object).</summary>
    public async ValueTask<(int Read, EdgeOutcome? Failure)> ReadAsync(OriginTurn turn, string key, long offset, Memory<byte> destination)
    {
        ObjectDisposedException.ThrowIf(!turn.Entered, turn);
        for (var attempt = 1; ; attempt++)
        {
            // The store must honour the cancellation: until it returns, the memory is its own.
            using var limit = new CancellationTokenSource(options.OriginTimeout, time);
            try
            {
                var read = await store.ReadAsync(key, offset, destination, limit.Token);
                if (read < 0) return (0, EdgeOutcome.NotFound);
                metrics.FromOrigin(read);
                return (read, null);
            }
            catch (ObjectStoreException exception) when (exception.IsTransient && attempt == 1)
            {
                Log.TryingAgain(logger, key, offset, exception.Message);
            }
            catch (OperationCanceledException)
            {
                Log.TookTooLong(logger, key, offset, options.OriginTimeout);
                return (0, EdgeOutcome.OriginTimeout);
            }
#pragma warning disable CA1031 // Whatever a store throws is a failure of the origin: waiters must be told, and the process must live.
            catch (Exception exception)
#pragma warning restore CA1031
            {
                Log.Failed(logger, exception, key, offset);
                return (0, EdgeOutcome.OriginUnavailable);
            }
        }
    }

    public void Dispose() => _turns.Dispose();

    private static partial class Log
    {
        [LoggerMessage(3001, LogLevel.Warning, "Reading {Key} from byte {Offset} failed, trying once more: {Reason}")]
        public static partial void TryingAgain(ILogger logger, string key, long offset, string reason);

        [LoggerMessage(3002, LogLevel.Warning, "Reading {Key} from byte {Offset} took more than {Limit}")]
        public static partial void TookTooLong(ILogger logger, string key, long offset, TimeSpan limit);

        [LoggerMessage(3003, LogLevel.Error, "Reading {Key} from byte {Offset} failed")]
        public static partial void Failed(ILogger logger, Exception exception, string key, long offset);
    }
}
