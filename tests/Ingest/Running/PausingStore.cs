using Movento.Storage;
using Movento.Storage.Staging;

namespace Movento.Ingest.Tests.Running;

/// <summary>A real store in which one call hangs, until whoever made it gives up: a moment in the life of a job that can be waited for.</summary>
internal sealed class PausingStore(IObjectStore store) : IObjectStore, IUploadStaging
{
    private readonly TaskCompletionSource _reached = new(TaskCreationOptions.RunContinuationsAsynchronously);
    private int _hits;

    /// <summary>Which call hangs: its name and its key.</summary>
    public Func<string, string, bool> PausesAt { get; set; } = (_, _) => false;

    /// <summary>Completes when that call was made.</summary>
    public Task Reached => _reached.Task;

    public async Task<ObjectInfo> PutAsync(string key, Stream content, string contentType, CancellationToken cancellationToken)
    {
        await PassAsync("put", key, cancellationToken);
        return await store.PutAsync(key, content, contentType, cancellationToken);
    }

    public async Task<ObjectInfo> PutFileAsync(string key, string path, string contentType, CancellationToken cancellationToken)
    {
        await PassAsync("put", key, cancellationToken);
        return await store.PutFileAsync(key, path, contentType, cancellationToken);
    }

    public Task<ObjectInfo?> HeadAsync(string key, CancellationToken cancellationToken) => store.HeadAsync(key, cancellationToken);

    public ValueTask<int> ReadAsync(string key, long offset, Memory<byte> destination, CancellationToken cancellationToken) =>
        store.ReadAsync(key, offset, destination, cancellationToken);

    public Task<Stream?> OpenRangeAsync(string key, long offset, long length, CancellationToken cancellationToken) =>
        store.OpenRangeAsync(key, offset, length, cancellationToken);

    public Task<Stream?> OpenAsync(string key, CancellationToken cancellationToken) => store.OpenAsync(key, cancellationToken);

    public async Task<bool> CopyToFileAsync(string key, string path, CancellationToken cancellationToken)
    {
        await PassAsync("fetch", key, cancellationToken);
        return await store.CopyToFileAsync(key, path, cancellationToken);
    }

    public Task<ObjectInfo?> CopyAsync(string from, string to, CancellationToken cancellationToken) => store.CopyAsync(from, to, cancellationToken);

    public Task DeleteAsync(string key, CancellationToken cancellationToken) => store.DeleteAsync(key, cancellationToken);

    public IAsyncEnumerable<ObjectInfo> ListAsync(string prefix, CancellationToken cancellationToken) => store.ListAsync(prefix, cancellationToken);

    Task<IStagedUpload> IUploadStaging.OpenAsync(string key, StagedBytes staged, CancellationToken cancellationToken) =>
        ((IUploadStaging)store).OpenAsync(key, staged, cancellationToken);

    Task<ObjectInfo> IUploadStaging.CompleteAsync(string key, StagedBytes staged, string contentType, CancellationToken cancellationToken) =>
        ((IUploadStaging)store).CompleteAsync(key, staged, contentType, cancellationToken);

    Task IUploadStaging.RemoveAsync(string key, StagedBytes staged, CancellationToken cancellationToken) =>
        ((IUploadStaging)store).RemoveAsync(key, staged, cancellationToken);

    // Once: whoever comes again passes.
    private async Task PassAsync(string call, string key, CancellationToken cancellationToken)
    {
        if (!PausesAt(call, key) || Interlocked.Increment(ref _hits) > 1) return;
        _reached.TrySetResult();
        await new TaskCompletionSource().Task.WaitAsync(cancellationToken);
    }
}
