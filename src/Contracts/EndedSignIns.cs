using System.Collections.Concurrent;

namespace Movento.Contracts;

/// <summary>
/// The sign-ins that are over while access tokens of theirs could still be shown: a token says until when it lives, and nobody takes that back but whoever
/// checks it. Kept in this process alone; each hears of them by <see cref="SignInsEnded"/>.
/// </summary>
public sealed class EndedSignIns(TimeProvider time)
{
    private readonly ConcurrentDictionary<Guid, long> _until = new();
    private long _swept;

    /// <summary>How many are kept.</summary>
    public int Count => _until.Count;

    /// <summary>Notes that these are over; what lies in the past is forgotten.</summary>
    /// <param name="signIns">Their ids, as <see cref="Access.SessionClaim"/> has them.</param>
    /// <param name="until">When every access token of theirs has expired by itself.</param>
    public void Add(IEnumerable<Guid> signIns, DateTimeOffset until)
    {
        foreach (var signIn in signIns) _until[signIn] = until.UtcTicks;
        var now = time.GetUtcNow().UtcTicks;
        var swept = Interlocked.Read(ref _swept);
        if (now - swept < TimeSpan.TicksPerMinute || Interlocked.CompareExchange(ref _swept, now, swept) != swept) return;
        foreach (var entry in _until)
        {
            if (entry.Value <= now) _until.TryRemove(entry);
        }
    }

    /// <summary>Notes all that identity knows of, one answer after another.</summary>
    /// <param name="askAsync">Asks it (<see cref="EndedSignInsQuestion"/>).</param>
    public async Task AddAllAsync(Func<Guid?, Task<EndedSignInsAnswer>> askAsync)
    {
        ArgumentNullException.ThrowIfNull(askAsync);
        EndedSignInsAnswer? answer = null;
        do
        {
            answer = await askAsync(answer?.SignIns[^1]).ConfigureAwait(false);
            Add(answer.SignIns, answer.Until);
        }
        while (!answer.IsLast);
    }

    /// <summary>Whether the sign-in is over.</summary>
    public bool Contains(Guid signIn) => _until.ContainsKey(signIn);
}
