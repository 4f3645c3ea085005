using Microsoft.AspNetCore.OutputCaching;

namespace Movento.ControlPlane.Catalogue;

/// <summary>
/// The cached pages of the list of films. A change makes a new generation, under whose name pages are kept: a page that was being
/// read from the database while the change was written can then only be kept under the old name, where nobody looks any more.
/// </summary>
internal sealed class MovieListCache(IOutputCacheStore store)
{
    public const string Tag = "movies";

    private long _generation;

    public long Generation => Interlocked.Read(ref _generation);

    /// <summary>To be called once the change is committed: the next request sees it.</summary>
    public async ValueTask ChangedAsync(CancellationToken cancellationToken)
    {
        Interlocked.Increment(ref _generation);
        await store.EvictByTagAsync(Tag, cancellationToken);
    }
}
