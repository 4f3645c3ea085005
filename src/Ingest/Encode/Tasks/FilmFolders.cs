using Movento.Contracts;
using Movento.Ingest.Jobs;
using Movento.Storage;

namespace Movento.Ingest.Encode.Tasks;

/// <summary>
/// Where this process's encoders work: a folder for each film, with its source in it, brought from the object store once for all of its chunks and kept
/// until nobody has used it for a while.
/// </summary>
internal sealed class FilmFolders(WorkFolder work, IObjectStore store, TimeProvider time)
{
    private readonly Lock _lock = new();
    private readonly Dictionary<AssetId, FilmFolder> _folders = [];

    /// <summary>The folder of a film, to be given back by disposing.</summary>
    /// <exception cref="ObjectStoreException">The store does not have the source, or cannot give it.</exception>
    public async Task<Lease> LeaseAsync(AssetId asset, CancellationToken cancellationToken)
    {
        Lease lease;
        lock (_lock)
        {
            if (!_folders.TryGetValue(asset, out var folder))
            {
                var path = work.Create($"encode-{asset}-{Guid.NewGuid():N}");
                // Not under one caller's cancellation: others wait for the same bytes.
                _folders[asset] = folder = new FilmFolder(path, FetchAsync(asset, Path.Combine(path, EncodePlan.SourceName)));
            }
            folder.Users++;
            lease = new Lease(this, asset, folder);
        }

        try
        {
            await lease.Fetched.WaitAsync(cancellationToken);
            return lease;
        }
        catch
        {
            lease.Dispose();
            throw;
        }
    }

    /// <summary>Deletes the folders that nobody has used for so long.</summary>
    public void Evict(TimeSpan unusedFor)
    {
        List<FilmFolder> evicted = [];
        lock (_lock)
        {
            foreach (var (asset, folder) in _folders)
            {
                if (folder.Users > 0 || time.GetElapsedTime(folder.LastUse) < unusedFor) continue;
                _folders.Remove(asset);
                evicted.Add(folder);
            }
        }
        foreach (var folder in evicted) WorkFolder.Remove(folder.Path);
    }

    private async Task FetchAsync(AssetId asset, string path)
    {
        // In quarantine until it is known to be media; brought out of it between two looks.
        foreach (var key in (string[])[StorageKey.Source(asset), StorageKey.Upload(asset), StorageKey.Source(asset)])
        {
            if (await store.CopyToFileAsync(key, path, CancellationToken.None)) return;
        }
        throw new ObjectStoreException($"The source of {asset} is not in the object store.", isTransient: true);
    }

    private void Return(AssetId asset, FilmFolder folder)
    {
        lock (_lock)
        {
            folder.Users--;
            folder.LastUse = time.GetTimestamp();
            if (folder.Users > 0 || !folder.Fetched.IsFaulted) return;
            // What could not be fetched is fetched anew by the next one.
            if (_folders.GetValueOrDefault(asset) == folder) _folders.Remove(asset);
        }
        WorkFolder.Remove(folder.Path);
    }

    /// <summary>The use of a film's folder.</summary>
    internal sealed class Lease : IDisposable
    {
        private readonly FilmFolders _folders;
        private readonly AssetId _asset;
        private FilmFolder? _folder;

        public Lease(FilmFolders folders, AssetId asset, FilmFolder folder)
        {
            (_folders, _asset, _folder) = (folders, asset, folder);
            (Path, Fetched) = (folder.Path, folder.Fetched);
        }

        /// <summary>The folder.</summary>
        public string Path { get; }

        /// <summary>When the source is in it.</summary>
        public Task Fetched { get; }

        public void Dispose()
        {
            if (Interlocked.Exchange(ref _folder, null) is { } folder) _folders.Return(_asset, folder);
        }
    }

    /// <summary>A film's folder, under the lock.</summary>
    internal sealed class FilmFolder(string path, Task fetched)
    {
        public string Path { get; } = path;
        public Task Fetched { get; } = fetched;
        public int Users { get; set; }
        public long LastUse { get; set; }
    }
}
