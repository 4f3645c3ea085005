namespace Movento.Edge.Origin;

/// <summary>One of the turns in which the object store is read; disposing gives it to the next, and counts how long it took.</summary>
internal readonly struct OriginTurn(SemaphoreSlim? turns, EdgeMetrics metrics, TimeProvider time) : IDisposable
{
    private readonly long _start = time.GetTimestamp();

    /// <summary>False where no turn came free in time.</summary>
    public bool Entered => turns is not null;

    public void Dispose()
    {
        if (turns is null) return;
        turns.Release();
        metrics.OriginTook(time.GetElapsedTime(_start));
    }
}
