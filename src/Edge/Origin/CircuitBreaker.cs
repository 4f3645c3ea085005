namespace Movento.Edge.Origin;

/// <summary>Whether a circuit lets through.</summary>
internal enum CircuitState
{
    /// <summary>Everything passes.</summary>
    Closed,

    /// <summary>One passes, to see whether it is well again.</summary>
    HalfOpen,

    /// <summary>Nothing passes until a pause is over.</summary>
    Open,
}

/// <summary>
/// Leaves alone what has failed so often in a row: nothing passes for a pause, then one at a time to probe it; the first success closes the circuit, each
/// failure of a probe makes the pause twice as long. Costs two reads of a field while all is well.
/// </summary>
/// <param name="time">The clock of the pauses.</param>
/// <param name="limit">Failures in a row that open it.</param>
/// <param name="pause">The first pause.</param>
/// <param name="longest">The longest.</param>
internal sealed class CircuitBreaker(TimeProvider time, int limit, TimeSpan pause, TimeSpan longest)
{
    private readonly Lock _lock = new();
    private volatile CircuitState _state;
    private volatile int _failures;
    private int _probesFailed;
    private long _openedAt;

    public CircuitState State => _state;

    /// <summary>Whether to try. Whoever is told so says afterwards how it went.</summary>
    public bool TryEnter()
    {
        if (_state == CircuitState.Closed) return true;
        lock (_lock)
        {
            if (_state == CircuitState.Closed) return true;
            if (_state == CircuitState.HalfOpen || time.GetElapsedTime(_openedAt) < Pause()) return false;
            _state = CircuitState.HalfOpen;
            return true;
        }
    }

    public void Succeeded()
    {
        if (_failures == 0 && _state == CircuitState.Closed) return;
        lock (_lock) (_failures, _probesFailed, _state) = (0, 0, CircuitState.Closed);
    }

    /// <summary>True where this failure opened it.</summary>
    public bool Failed()
    {
        lock (_lock)
        {
            _failures++;
            switch (_state)
            {
                case CircuitState.Open: return false; // begun before it opened
                case CircuitState.Closed when _failures < limit: return false;
                case CircuitState.HalfOpen: _probesFailed++; break;
            }

            (_state, _openedAt) = (CircuitState.Open, time.GetTimestamp());
            return true;
        }
    }

    // Doubled ten times, any pause is longer than the longest.
    private TimeSpan Pause() => TimeSpan.FromTicks(Math.Min(pause.Ticks << Math.Min(_probesFailed, 10), longest.Ticks));
}
