namespace Movento.Edge.Origin;

/// <summary>One of the turns in which the object store is read; disposing gives it to the next.</summary>
internal readonly struct OriginTurn(SemaphoreSlim? turns) : IDisposable
{
    /// <summary>False where no turn came free in time.</summary>
    public bool Entered => turns is not null;

    public void Dispose() => turns?.Release();
}
