using System.Collections.Concurrent;

namespace Movento.Ingest.Encode.Tasks;

/// <summary>Tells who waits for a film's tasks that one of them has moved on in this process. Those of other processes are seen by looking again.</summary>
internal sealed class EncodeTaskChanges
{
    private readonly ConcurrentDictionary<Guid, FilmSignal> _films = new();

    /// <summary>From now on the signal is set whenever a task of the film moves on here.</summary>
    public FilmSignal Subscribe(Guid asset) => _films.GetOrAdd(asset, _ => new FilmSignal());

    /// <summary>Nobody waits any more.</summary>
    public void Unsubscribe(Guid asset) => _films.TryRemove(asset, out _);

    /// <summary>A task of the film has moved on.</summary>
    public void Set(Guid asset)
    {
        if (_films.TryGetValue(asset, out var film)) film.Set();
    }

    /// <summary>Of one film.</summary>
    internal sealed class FilmSignal : Signal;
}
