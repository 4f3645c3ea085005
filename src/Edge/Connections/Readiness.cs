namespace Movento.Edge.Connections;

/// <summary>
/// Whether one direction of a socket may be tried, between the loop that hears of it and the one who reads or writes. Edge-triggered
/// events come once, so none may be lost: clear, try, and only then wait.
/// </summary>
internal struct Readiness
{
    private const int Unknown = 0;
    private const int Ready = 1;
    private const int Waiting = 2;

    private int _state;

    /// <summary>Whether an event came since it was cleared.</summary>
    public readonly bool IsReady => Volatile.Read(in _state) == Ready;

    /// <summary>Before the socket is tried: what comes from here on is new.</summary>
    public void Clear() => Interlocked.Exchange(ref _state, Unknown);

    /// <summary>After a try that took all it could, and there may be more.</summary>
    public void MayTryAgain() => Interlocked.Exchange(ref _state, Ready);

    /// <summary>After a try in vain: true where the caller now waits, and <see cref="Signal"/> will say so to the loop; false where an
    /// event came since, so that it should try again.</summary>
    public bool TryWait() => Interlocked.CompareExchange(ref _state, Waiting, Unknown) == Unknown;

    /// <summary>An event came; true where somebody waited, who goes on now: nobody else is told so.</summary>
    public bool Signal() => Interlocked.Exchange(ref _state, Ready) == Waiting;
}
