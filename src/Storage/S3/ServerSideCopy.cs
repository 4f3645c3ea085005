namespace Movento.Storage.S3;

/// <summary>
/// Copies an object within the bucket, by the server alone: in one request if it is small, else in ranges as parts of a put, so that no request takes as
/// long as a whole film does (and none goes past the protocol's 5 GB). A copy that fails drops its parts.
/// </summary>
internal sealed class ServerSideCopy(S3Bucket bucket, string from, string to, long partSize = ServerSideCopy.PartSize)
{
    // MinIO writes about 500 MB a second and more; a request has a minute.
    public const long PartSize = 512L << 20;

    private static readonly TimeSpan DroppingTime = TimeSpan.FromSeconds(10);

    /// <summary>Null where there is nothing to copy.</summary>
    public async Task<ObjectInfo?> RunAsync(CancellationToken cancellationToken)
    {
        if (await bucket.HeadAsync(from, cancellationToken) is not { } source)
            return null;
        if (source.Length > partSize)
            return await CopyPartsAsync(source, cancellationToken);
        return await bucket.CopyAsync(from, to, cancellationToken) is { } etag ? new ObjectInfo(to, source.Length, etag) : null;
    }

    private async Task<ObjectInfo> CopyPartsAsync(S3Object source, CancellationToken cancellationToken)
    {
        var uploadId = await bucket.StartUploadAsync(to, source.ContentType ?? "application/octet-stream", cancellationToken);
        try
        {
            var etags = new List<string>();
            for (long offset = 0; offset < source.Length; offset += partSize)
            {
                var last = Math.Min(offset + partSize, source.Length) - 1;
                etags.Add(await bucket.CopyPartAsync(from, to, uploadId, etags.Count + 1, offset, last, cancellationToken));
            }

            return new ObjectInfo(to, source.Length, await bucket.CompleteUploadAsync(to, uploadId, etags, cancellationToken));
        }
        catch
        {
            await DropAsync(uploadId);
            throw;
        }
    }

    private async Task DropAsync(string uploadId)
    {
        using var limit = new CancellationTokenSource(DroppingTime);
        try
        {
            await bucket.AbortUploadAsync(to, uploadId, limit.Token);
        }
        catch (Exception error) when (error is ObjectStoreException or OperationCanceledException)
        {
            // The server expires them; what failed first is what the caller must hear.
        }
    }
}
