namespace Movento.Edge.Operation;

/// <summary>
/// Whether this edge is being emptied: it still answers everything, says so of itself on <c>/health/ready</c>, steers its players to the others, and
/// closes each connection after the answer that it is at.
/// </summary>
public sealed class DrainState
{
    private readonly TaskCompletionSource _begun = new(TaskCreationOptions.RunContinuationsAsynchronously);
    private volatile bool _isDraining;

    /// <summary>Whether players should go elsewhere.</summary>
    public bool IsDraining => _isDraining;

    /// <summary>Completes when they should.</summary>
    public Task Begun => _begun.Task;

    /// <summary>From now on they should. There is no way back: a process that drains ends.</summary>
    public void Begin()
    {
        _isDraining = true;
        _begun.TrySetResult();
    }
}
