using System.Buffers;

namespace Movento.Storage.S3;

/// <summary>
/// Puts a stream of any length: in one request if it fits into one part, else in parts, the next being read while one is
/// sent. Holds two parts in memory at most. A put that fails drops its parts; those of a killed process stay with the
/// server, invisible, until it expires them (MinIO: after a day; elsewhere a lifecycle rule, AbortIncompleteMultipartUpload).
/// </summary>
internal sealed class MultipartPut(S3Bucket bucket, string key, string contentType)
{
    // The protocol's bounds: 5 MiB at least for every part but the last, and 10,000 parts.
    private const int FirstPartSize = 8 << 20;
    private const int MaxParts = 10_000;

    // Parts double in size after every so many, so that 10,000 of them hold 300 GB though the length is not known before.
    private const int PartsOfOneSize = 2_500;

    private static readonly TimeSpan DroppingTime = TimeSpan.FromSeconds(10);

    public async Task<ObjectInfo> RunAsync(Stream content, CancellationToken cancellationToken)
    {
        var buffer = ArrayPool<byte>.Shared.Rent(FirstPartSize);
        int length;
        try
        {
            length = await content.ReadAtLeastAsync(
                buffer.AsMemory(0, FirstPartSize), FirstPartSize, throwOnEndOfStream: false, cancellationToken);
            if (length < FirstPartSize)
            {
                var etag = await bucket.PutAsync(key, new ArraySegment<byte>(buffer, 0, length), contentType, cancellationToken);
                return new ObjectInfo(key, length, etag);
            }
        }
        catch
        {
            ArrayPool<byte>.Shared.Return(buffer);
            throw;
        }

        return await PutPartsAsync(content, buffer, length, cancellationToken);
    }

    private async Task<ObjectInfo> PutPartsAsync(Stream content, byte[] buffer, int length, CancellationToken cancellationToken)
    {
        var etags = new List<string>();
        var sending = Task.CompletedTask;
        string? uploadId = null;
        long total = 0;
        try
        {
            uploadId = await bucket.StartUploadAsync(key, contentType, cancellationToken);
            while (length > 0)
            {
                // :: Wait for the part before, then send this one.
                await sending;
                total += length;
                sending = SendAsync(uploadId, buffer, length, etags, cancellationToken);
                buffer = [];

                // :: Meanwhile read the next.
                var size = PartSize(etags.Count + 2);
                buffer = ArrayPool<byte>.Shared.Rent(size);
                length = await content.ReadAtLeastAsync(buffer.AsMemory(0, size), size, throwOnEndOfStream: false, cancellationToken);
            }

            await sending;
            var etag = await bucket.CompleteUploadAsync(key, uploadId, etags, cancellationToken);
            return new ObjectInfo(key, total, etag);
        }
        catch
        {
            await sending.ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing);
            if (uploadId is not null)
                await DropAsync(uploadId);
            throw;
        }
        finally
        {
            if (buffer.Length > 0)
                ArrayPool<byte>.Shared.Return(buffer);
        }
    }

    private int PartSize(int number) => number <= MaxParts
        ? FirstPartSize << ((number - 1) / PartsOfOneSize)
        : throw new ObjectStoreException($"{key} is too large: more than {MaxParts} parts.", isTransient: false);

    // Owns the buffer from here on.
    private async Task SendAsync(string uploadId, byte[] buffer, int length, List<string> etags, CancellationToken cancellationToken)
    {
        try
        {
            etags.Add(await bucket.PutPartAsync(
                key, uploadId, etags.Count + 1, new ArraySegment<byte>(buffer, 0, length), cancellationToken));
        }
        finally
        {
            ArrayPool<byte>.Shared.Return(buffer);
        }
    }

    private async Task DropAsync(string uploadId)
    {
        using var limit = new CancellationTokenSource(DroppingTime);
        try
        {
            await bucket.AbortUploadAsync(key, uploadId, limit.Token);
        }
        catch (Exception error) when (error is ObjectStoreException or OperationCanceledException)
        {
            // The server expires them; what failed first is what the caller must hear.
        }
    }
}
