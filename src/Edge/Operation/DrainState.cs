namespace Movento.Edge.Operation;

/// <summary>Whether this edge is being emptied: it finishes what it sends, and steers its players to the others.</summary>
public sealed class DrainState
{
    private volatile bool _isDraining;

    /// <summary>Whether players should go elsewhere.</summary>
    public bool IsDraining => _isDraining;

    /// <summary>From now on they should. There is no way back: a process that drains ends.</summary>
    public void Begin() => _isDraining = true;
}
