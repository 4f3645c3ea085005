using Movento.Storage;
using Movento.Storage.Staging;

namespace Movento.Ingest.Tests.Running;

/// <summary>A real store behind a connection that fails: every second call, until it has failed often enough.</summary>
internal sealed class FailingStore(IObjectStore store, int failures) : IObjectStore, IUploadStaging
{
    private int _calls;
    private int _failed;

    public int Failed => _failed;

    public Task<ObjectInfo> PutAsync(string key, Stream content, string contentType, CancellationToken cancellationToken) =>
        Reach().PutAsync(key, content, contentType, cancellationToken);

    public Task<ObjectInfo> PutFileAsync(string key, string path, string contentType, CancellationToken cancellationToken) =>
        Reach().PutFileAsync(key, path, contentType, cancellationToken);

    public Task<ObjectInfo?> HeadAsync(string key, CancellationToken cancellationToken) => Reach().HeadAsync(key, cancellationToken);

    public ValueTask<int> ReadAsync(string key, long offset, Memory<byte> destination, CancellationToken cancellationToken) =>
        Reach().ReadAsync(key, offset, destination, cancellationToken);

    public Task<Stream?> OpenRangeAsync(string key, long offset, long length, CancellationToken cancellationToken) =>
        Reach().OpenRangeAsync(key, offset, length, cancellationToken);

    public Task<Stream?> OpenAsync(string key, CancellationToken cancellationToken) => Reach().OpenAsync(key, cancellationToken);

    public Task<bool> CopyToFileAsync(string key, string path, CancellationToken cancellationToken) =>
        Reach().CopyToFileAsync(key, path, cancellationToken);

    public Task<ObjectInfo?> CopyAsync(string from, string to, CancellationToken cancellationToken) => Reach().CopyAsync(from, to, cancellationToken);

    public Task DeleteAsync(string key, CancellationToken cancellationToken) => Reach().DeleteAsync(key, cancellationToken);

    public IAsyncEnumerable<ObjectInfo> ListAsync(string prefix, CancellationToken cancellationToken) => Reach().ListAsync(prefix, cancellationToken);

    Task<IStagedUpload> IUploadStaging.OpenAsync(string key, StagedBytes staged, CancellationToken cancellationToken) =>
        ((IUploadStaging)Reach()).OpenAsync(key, staged, cancellationToken);

    Task<ObjectInfo> IUploadStaging.CompleteAsync(string key, StagedBytes staged, string contentType, CancellationToken cancellationToken) =>
        ((IUploadStaging)Reach()).CompleteAsync(key, staged, contentType, cancellationToken);

    Task IUploadStaging.RemoveAsync(string key, StagedBytes staged, CancellationToken cancellationToken) =>
        ((IUploadStaging)Reach()).RemoveAsync(key, staged, cancellationToken);

    private IObjectStore Reach()
    {
        if (Interlocked.Increment(ref _calls) % 2 == 1 || _failed >= failures) return store;
        Interlocked.Increment(ref _failed);
        throw new ObjectStoreException("The store is out of reach.", isTransient: true);
    }
}
