using System.Collections.Concurrent;
using Movento.Contracts;

namespace Movento.Edge.Admission;

/// <summary>
/// What was taken back before its time: playback sessions, sign-ins, and assets, whose ids are UUIDs too. Kept until every token of it has expired, and no more than
/// <see cref="Capacity"/> of them.
/// </summary>
public sealed class RevokedSessions(TimeProvider time) : IPlaybackRevocations
{
    /// <summary>The most revocations that are remembered: about 25 MB. Past it, those that would expire first are forgotten, and <see cref="Forgotten"/> counts them.</summary>
    public const int Capacity = 262_144;

    private readonly ConcurrentDictionary<Guid, DateTimeOffset> _until = new();
    private readonly Lock _making = new();
    private volatile bool _isAny;

    /// <summary>How many are remembered.</summary>
    public int Count => _until.Count;

    /// <summary>Revocations that were forgotten for want of room.</summary>
    public long Forgotten { get; private set; }

    /// <summary>Whether the session, the sign-in or the asset was taken back. Costs nothing until something was; allocates nothing.</summary>
    public bool Contains(Guid id) => _isAny && id != Guid.Empty && _until.TryGetValue(id, out var until) && time.GetUtcNow() < until;

    /// <summary>Remembers a revocation. The same one twice is once, with the later end.</summary>
    public void Add(PlaybackRevoked revoked)
    {
        if (revoked.Until <= time.GetUtcNow()) return;
        _isAny = true;
        _until.AddOrUpdate(
            revoked.Id, static (_, until) => until, static (_, before, until) => before > until ? before : until, revoked.Until);
        if (_until.Count > Capacity) MakeRoom();
    }

    /// <inheritdoc/>
    public Task RevokeAsync(PlaybackRevoked revoked, CancellationToken cancellationToken)
    {
        Add(revoked);
        return Task.CompletedTask;
    }

    /// <summary>Forgets what no token needs any more.</summary>
    public void Sweep()
    {
        var now = time.GetUtcNow();
        foreach (var entry in _until)
        {
            if (entry.Value <= now) _until.TryRemove(entry);
        }
    }

    private void MakeRoom()
    {
        lock (_making)
        {
            Sweep();
            var excess = _until.Count - Capacity;
            if (excess <= 0) return;

            // A sixteenth at once, so that the next ones do not sort everything again.
            foreach (var entry in _until.OrderBy(entry => entry.Value).Take(excess + Capacity / 16).ToArray()) _until.TryRemove(entry);
            Forgotten += excess + Capacity / 16;
        }
    }
}
