namespace Movento.Ingest.Encode.Tasks;

/// <summary>
/// The places of a process's encodes, each with the memory of one (<see cref="IngestOptions.EncodeMemoryBytes"/>). A task that takes more of it takes several; one
/// that takes more than there are has all of them to itself.
/// </summary>
internal sealed class EncodePlaces(int count) : IDisposable
{
    // One claim at a time: the next one must know what this one has taken.
    private readonly SemaphoreSlim _turn = new(1);
    private int _taken;

    /// <summary>Claims a task that there is room for.</summary>
    /// <param name="claimAsync">Claims one that takes so many places at most; null where there is none.</param>
    /// <param name="cancellationToken">Stops it.</param>
    /// <returns>The task, whose places are taken until <see cref="Leave"/>; null for none.</returns>
    public async Task<EncodeTask?> ClaimAsync(Func<int, CancellationToken, Task<EncodeTask?>> claimAsync, CancellationToken cancellationToken)
    {
        await _turn.WaitAsync(cancellationToken);
        try
        {
            var taken = Volatile.Read(ref _taken);
            if (taken >= count) return null;
            var task = await claimAsync(taken == 0 ? int.MaxValue : count - taken, cancellationToken);
            if (task is not null) Interlocked.Add(ref _taken, PlacesOf(task));
            return task;
        }
        finally
        {
            _turn.Release();
        }
    }

    /// <summary>A claimed task has ended.</summary>
    public void Leave(EncodeTask task) => Interlocked.Add(ref _taken, -PlacesOf(task));

    public void Dispose() => _turn.Dispose();

    // Those that a version before this one has left in the queue do not say it.
    private static int PlacesOf(EncodeTask task) => Math.Max(1, task.Spec.Places);
}
