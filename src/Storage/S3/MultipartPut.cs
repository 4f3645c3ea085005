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
        var first = await ReadPartAsync(content, number: 1, cancellationToken);
        if (first.Count == FirstPartSize)
            return await PutPartsAsync(content, first, cancellationToken);
        try
        {
            var etag = await bucket.PutAsync(key, first, contentType, cancellationToken);
            return new ObjectInfo(key, first.Count, etag);
        }
        finally
        {
            Return(first);
        }
    }

    private async Task<ObjectInfo> PutPartsAsync(Stream content, ArraySegment<byte> part, CancellationToken cancellationToken)
    {
        string? uploadId = null;
        var etags = new List<string>();
        var sending = Task.CompletedTask;
        long total = 0;
        try
        {
            uploadId = await bucket.StartUploadAsync(key, contentType, cancellationToken);
            for (var number = 1; part.Count > 0; number++)
            {
                // :: Send this part, whose buffer is the sender's from now on.
                total += part.Count;
                sending = SendAsync(uploadId, number, part, etags, cancellationToken);
                part = default;

                // :: Meanwhile read the next.
                part = await ReadPartAsync(content, number + 1, cancellationToken);
                await sending;
            }

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
            Return(part);
        }
    }

    private async Task<ArraySegment<byte>> ReadPartAsync(Stream content, int number, CancellationToken cancellationToken)
    {
        var size = PartSize(number);
        var buffer = ArrayPool<byte>.Shared.Rent(size);
        try
        {
            var read = await content.ReadAtLeastAsync(buffer.AsMemory(0, size), size, throwOnEndOfStream: false, cancellationToken);
            return new ArraySegment<byte>(buffer, 0, read);
        }
        catch
        {
            ArrayPool<byte>.Shared.Return(buffer);
            throw;
        }
    }

    private async Task SendAsync(
        string uploadId, int number, ArraySegment<byte> part, List<string> etags, CancellationToken cancellationToken)
    {
        try
        {
            etags.Add(await bucket.PutPartAsync(key, uploadId, number, part, cancellationToken));
        }
        finally
        {
            Return(part);
        }
    }

    private static void Return(ArraySegment<byte> part)
    {
        if (part.Array is { } buffer)
            ArrayPool<byte>.Shared.Return(buffer);
    }

    private int PartSize(int number) => number <= MaxParts
        ? FirstPartSize << ((number - 1) / PartsOfOneSize)
        : throw new ObjectStoreException($"{key} is too large: more than {MaxParts} parts.", isTransient: false);

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
