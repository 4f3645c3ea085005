using System.Runtime.CompilerServices;
using Movento.Storage.Staging;

namespace Movento.Storage.S3;

/// <summary>
/// Objects in a bucket of MinIO or whatever else speaks the S3 protocol. The bucket is looked for before the first call, and
/// made then if the options say so.
/// </summary>
public sealed class S3ObjectStore : IObjectStore, IUploadStaging, IDirectUploads, IDisposable
{
    private readonly S3Bucket _bucket;
    private readonly S3Staging _staging;
    private readonly S3StorageOptions _options;
    private readonly TimeProvider _time;
    private readonly SemaphoreSlim _preparing = new(1);
    private volatile bool _prepared;

    public S3ObjectStore(S3StorageOptions options)
        : this(options, TimeProvider.System)
    {
    }

    /// <param name="time">The clock that signed URLs expire by.</param>
    public S3ObjectStore(S3StorageOptions options, TimeProvider time)
    {
        ArgumentNullException.ThrowIfNull(options);
        ArgumentNullException.ThrowIfNull(time);
        _options = options;
        _time = time;
        _bucket = new S3Bucket(options);
        _staging = new S3Staging(_bucket);
    }

    /// <inheritdoc/>
    public async Task<ObjectInfo> PutAsync(string key, Stream content, string contentType, CancellationToken cancellationToken)
    {
        ArgumentNullException.ThrowIfNull(content);
        ObjectKey.Require(key);
        await PrepareAsync(cancellationToken);
        return await new MultipartPut(_bucket, key, contentType).RunAsync(content, cancellationToken);
    }

    /// <inheritdoc/>
    public async Task<ObjectInfo> PutFileAsync(string key, string path, string contentType, CancellationToken cancellationToken)
    {
        ObjectKey.Require(key);
        await using var content = new FileStream(path, new FileStreamOptions
        {
            Share = FileShare.ReadWrite | FileShare.Delete,
            Options = FileOptions.Asynchronous | FileOptions.SequentialScan,
            BufferSize = 0,
        });
        return await PutAsync(key, content, contentType, cancellationToken);
    }

    /// <inheritdoc/>
    public async Task<ObjectInfo?> HeadAsync(string key, CancellationToken cancellationToken)
    {
        ObjectKey.Require(key);
        await PrepareAsync(cancellationToken);
        return (await _bucket.HeadAsync(key, cancellationToken))?.ToInfo();
    }

    /// <inheritdoc/>
    public async ValueTask<int> ReadAsync(string key, long offset, Memory<byte> destination, CancellationToken cancellationToken)
    {
        ArgumentOutOfRangeException.ThrowIfNegative(offset);
        ObjectKey.Require(key);
        await PrepareAsync(cancellationToken);

        // The protocol has no empty ranges.
        if (destination.IsEmpty)
            return await _bucket.HeadAsync(key, cancellationToken) is null ? -1 : 0;

        var body = await _bucket.OpenRangeAsync(key, offset, destination.Length, cancellationToken);
        if (body is null)
            return -1;
        await using (body)
            return await body.ReadAtLeastAsync(destination, destination.Length, throwOnEndOfStream: false, cancellationToken);
    }

    /// <inheritdoc/>
    public async Task<Stream?> OpenRangeAsync(string key, long offset, long length, CancellationToken cancellationToken)
    {
        ArgumentOutOfRangeException.ThrowIfNegative(offset);
        ArgumentOutOfRangeException.ThrowIfNegativeOrZero(length);
        ObjectKey.Require(key);
        await PrepareAsync(cancellationToken);
        return await _bucket.OpenRangeAsync(key, offset, length, cancellationToken);
    }

    /// <inheritdoc/>
    public async Task<Stream?> OpenAsync(string key, CancellationToken cancellationToken)
    {
        ObjectKey.Require(key);
        await PrepareAsync(cancellationToken);
        return await _bucket.OpenAsync(key, cancellationToken);
    }

    /// <inheritdoc/>
    public async Task<bool> CopyToFileAsync(string key, string path, CancellationToken cancellationToken)
    {
        var content = await OpenAsync(key, cancellationToken);
        if (content is null)
            return false;
        await using (content)
            await LocalCopy.WriteAsync(content, path, cancellationToken);
        return true;
    }

    /// <inheritdoc/>
    public async Task<ObjectInfo?> CopyAsync(string from, string to, CancellationToken cancellationToken)
    {
        ObjectKey.Require(from);
        ObjectKey.Require(to);
        await PrepareAsync(cancellationToken);
        return await new ServerSideCopy(_bucket, from, to).RunAsync(cancellationToken);
    }

    /// <inheritdoc/>
    public async Task DeleteAsync(string key, CancellationToken cancellationToken)
    {
        ObjectKey.Require(key);
        await PrepareAsync(cancellationToken);
        await _bucket.DeleteAsync(key, cancellationToken);
    }

    /// <inheritdoc/>
    public async IAsyncEnumerable<ObjectInfo> ListAsync(
        string prefix, [EnumeratorCancellation] CancellationToken cancellationToken)
    {
        ObjectKey.RequirePrefix(prefix);
        await PrepareAsync(cancellationToken);
        string? from = null;
        do
        {
            (var objects, from) = await _bucket.ListAsync(prefix, from, cancellationToken);
            foreach (var item in objects)
            {
                // What others put into the bucket (a console's "folders" that end with '/') is none of ours.
                if (ObjectKey.IsKey(item.Key))
                    yield return item.ToInfo();
            }
        }
        while (from is not null);
    }

    /// <inheritdoc/>
    async Task<IStagedUpload> IUploadStaging.OpenAsync(string key, StagedBytes staged, CancellationToken cancellationToken)
    {
        ObjectKey.Require(key);
        await PrepareAsync(cancellationToken);
        return await _staging.OpenAsync(key, staged, cancellationToken);
    }

    /// <inheritdoc/>
    async Task<ObjectInfo> IUploadStaging.CompleteAsync(string key, StagedBytes staged, string contentType, CancellationToken cancellationToken)
    {
        ObjectKey.Require(key);
        await PrepareAsync(cancellationToken);
        return await _staging.CompleteAsync(key, staged, contentType, cancellationToken);
    }

    /// <inheritdoc/>
    async Task IUploadStaging.RemoveAsync(string key, StagedBytes staged, CancellationToken cancellationToken)
    {
        ObjectKey.Require(key);
        await PrepareAsync(cancellationToken);
        await _staging.RemoveAsync(key, staged, cancellationToken);
    }

    /// <inheritdoc/>
    long IDirectUploads.MinPartBytes => S3Staging.MinPartSize;

    /// <inheritdoc/>
    int IDirectUploads.MaxParts => S3Staging.MaxParts;

    /// <inheritdoc/>
    async Task<string> IDirectUploads.BeginAsync(string key, string contentType, CancellationToken cancellationToken)
    {
        ObjectKey.Require(key);
        await PrepareAsync(cancellationToken);
        return await _bucket.StartUploadAsync(key, contentType, cancellationToken);
    }

    /// <inheritdoc/>
    Task<Uri> IDirectUploads.PartUrlAsync(string key, string uploadId, int number, TimeSpan lifetime, CancellationToken cancellationToken)
    {
        ObjectKey.Require(key);
        ArgumentOutOfRangeException.ThrowIfLessThan(number, 1);
        ArgumentOutOfRangeException.ThrowIfGreaterThan(number, S3Staging.MaxParts);
        return _bucket.PartUrlAsync(key, uploadId, number, (_time.GetUtcNow() + lifetime).UtcDateTime, cancellationToken);
    }

    /// <inheritdoc/>
    async Task<ObjectInfo> IDirectUploads.CompleteAsync(
        string key, string uploadId, IReadOnlyList<DirectPart> parts, CancellationToken cancellationToken)
    {
        ObjectKey.Require(key);
        await PrepareAsync(cancellationToken);
        await _bucket.CompleteUploadAsync(key, uploadId, [.. parts.OrderBy(part => part.Number).Select(part => (part.Number, part.ETag))], cancellationToken);
        return (await _bucket.HeadAsync(key, cancellationToken))?.ToInfo()
            ?? throw new ObjectStoreException($"The upload {key} was completed and is not there.", isTransient: true);
    }

    /// <inheritdoc/>
    async Task IDirectUploads.AbortAsync(string key, string uploadId, CancellationToken cancellationToken)
    {
        ObjectKey.Require(key);
        await PrepareAsync(cancellationToken);
        await _bucket.AbortUploadAsync(key, uploadId, cancellationToken);
    }

    public void Dispose()
    {
        _bucket.Dispose();
        _preparing.Dispose();
    }

    // Without this a missing bucket would look like missing objects: the 404 of a HEAD does not say which.
    private ValueTask PrepareAsync(CancellationToken cancellationToken) =>
        _prepared ? ValueTask.CompletedTask : new ValueTask(PrepareOnceAsync(cancellationToken));

    private async Task PrepareOnceAsync(CancellationToken cancellationToken)
    {
        await _preparing.WaitAsync(cancellationToken);
        try
        {
            if (_prepared)
                return;
            if (!await _bucket.ExistsAsync(cancellationToken))
            {
                if (!_options.CreateBucket)
                {
                    throw new ObjectStoreException(
                        $"There is no bucket {_options.Bucket} at {_options.Endpoint}: make it, or set Storage:S3:CreateBucket.",
                        isTransient: false);
                }

                // Another process may be making it too; whoever made it, this account must be let in.
                await _bucket.CreateAsync(cancellationToken);
                await _bucket.ExistsAsync(cancellationToken);
            }

            _prepared = true;
        }
        finally
        {
            _preparing.Release();
        }
    }
}
