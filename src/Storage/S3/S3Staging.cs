using System.Buffers;
using Movento.Contracts;
using Movento.Storage.Staging;

namespace Movento.Storage.S3;

/// <summary>
/// Uploads as multipart puts that grow over many requests: whole parts as parts, and what is left over at a request's end, too little for
/// a part, as an object of its own (the tail), which the next request takes up again. A killed process leaves at most a multipart put
/// that nobody remembers; the server expires it (see <see cref="MultipartPut"/>).
/// </summary>
internal sealed class S3Staging(S3Bucket bucket)
{
    // The protocol's bounds: 5 MiB at least for every part but the last, and 10,000 parts.
    public const int MinPartSize = 5 << 20;
    public const int MaxParts = 10_000;

    private const int PartSize = 8 << 20;

    // Parts double in size after every so many, so that 10,000 of them hold 300 GB though the length is not known before.
    private const int PartsOfOneSize = 2_500;

    public async Task<IStagedUpload> OpenAsync(string key, StagedBytes staged, CancellationToken cancellationToken)
    {
        var parts = StagedParts.Read(staged);
        // Who had it open last may still be sending under the next number.
        parts = parts with { Next = parts.IsOpen ? parts.Next + 1 : parts.Next, IsOpen = true };
        var spool = NewSpool(key);
        try
        {
            if (parts.Tail is { } tail)
                await TakeUpAsync(key, tail, parts.TailLength, spool, cancellationToken);
            return new StagedUpload(bucket, key, parts, spool);
        }
        catch
        {
            spool.Dispose();
            throw;
        }
    }

    public async Task<ObjectInfo> CompleteAsync(string key, StagedBytes staged, string contentType, CancellationToken cancellationToken)
    {
        var parts = StagedParts.Read(staged);
        if (await bucket.HeadAsync(key, cancellationToken) is { } made && made.Length == staged.Length)
        {
            // A process that was killed after the completion did it before us.
            await RemoveTailsAsync(key, cancellationToken);
            return made.ToInfo();
        }

        // :: The tail is the last part, or all there is.
        var all = parts.Parts.Select(part => (part.Number, part.ETag)).ToList();
        if (parts.Tail is { } tail)
        {
            using var spool = NewSpool(key);
            await TakeUpAsync(key, tail, parts.TailLength, spool, cancellationToken);
            if (parts.UploadId is { } uploadId)
                all.Add((parts.Next, await bucket.PutPartAsync(key, uploadId, parts.Next, spool.OpenRead(), cancellationToken)));
            else
                await bucket.PutAsync(key, spool.OpenRead(), contentType, cancellationToken);
        }

        if (parts.UploadId is { } put)
            await bucket.CompleteUploadAsync(key, put, all, cancellationToken);
        await RemoveTailsAsync(key, cancellationToken);

        var whole = await bucket.HeadAsync(key, cancellationToken);
        return whole is { } info && info.Length == staged.Length
            ? info.ToInfo()
            : throw new ObjectStoreException($"The upload {key} has {whole?.Length} bytes where it should have {staged.Length}.", isTransient: false);
    }

    public async Task RemoveAsync(string key, StagedBytes staged, CancellationToken cancellationToken)
    {
        if (StagedParts.Read(staged).UploadId is { } uploadId)
            await bucket.AbortUploadAsync(key, uploadId, cancellationToken);
        await RemoveTailsAsync(key, cancellationToken);
    }

    private static SpoolFile NewSpool(string key)
    {
        try
        {
            return new SpoolFile();
        }
        catch (Exception error) when (error is IOException or UnauthorizedAccessException)
        {
            throw new ObjectStoreException($"No room for a part of {key} in {Path.GetTempPath()}: {error.Message}", isTransient: true, error);
        }
    }

    private async Task TakeUpAsync(string key, int tail, long length, SpoolFile spool, CancellationToken cancellationToken)
    {
        var body = await bucket.OpenAsync(StorageKey.UploadTail(key, tail), cancellationToken)
            ?? throw new ObjectStoreException($"The tail {tail} of the upload {key} is missing.", isTransient: false);
        var buffer = ArrayPool<byte>.Shared.Rent(64 << 10);
        try
        {
            await using (body)
            {
                int read;
                while ((read = await body.ReadAsync(buffer, cancellationToken)) > 0)
                    await spool.AppendAsync(new ReadOnlySequence<byte>(buffer, 0, read), cancellationToken);
            }
        }
        finally
        {
            ArrayPool<byte>.Shared.Return(buffer);
        }

        if (spool.Length != length)
            throw new ObjectStoreException($"The tail {tail} of the upload {key} has {spool.Length} bytes where it should have {length}.", isTransient: true);
    }

    private async Task RemoveTailsAsync(string key, CancellationToken cancellationToken)
    {
        string? from = null;
        do
        {
            (var tails, from) = await bucket.ListAsync(StorageKey.UploadTailPrefix(key), from, cancellationToken);
            foreach (var tail in tails)
                await bucket.DeleteAsync(tail.Key, cancellationToken);
        }
        while (from is not null);
    }

    private sealed class StagedUpload(S3Bucket bucket, string key, StagedParts parts, SpoolFile spool) : IStagedUpload
    {
        // The tail lies in the spool too; it counts until a part takes its place.
        private StagedParts _durable = parts;
        private StagedParts _sent = parts;

        // One number may be in use that nobody has kept: no more than OpenAsync passes over.
        private int _kept = parts.Next;

        public StagedBytes Staged
        {
            get
            {
                _kept = _sent.Next;
                return (_durable with { UploadId = _sent.UploadId, Next = _sent.Next }).ToStaged();
            }
        }

        public bool IsMemoDue => _sent.Next > _kept;

        public async ValueTask WriteAsync(ReadOnlySequence<byte> bytes, CancellationToken cancellationToken)
        {
            while (!bytes.IsEmpty)
            {
                var room = PartSizeOf(_sent.Parts.Count) - spool.Length;
                var fitting = bytes.Slice(0, Math.Min(room, bytes.Length));
                try
                {
                    await spool.AppendAsync(fitting, cancellationToken);
                }
                catch (IOException error)
                {
                    throw new ObjectStoreException($"No room for a part of {key} in {Path.GetTempPath()}: {error.Message}", isTransient: true, error)
                    {
                        IsFull = error.HResult is Files.Errno.NoSpace or Files.Errno.QuotaExceeded,
                    };
                }

                bytes = bytes.Slice(fitting.End);
                if (spool.Length == PartSizeOf(_sent.Parts.Count))
                    await SendPartAsync(cancellationToken);
            }
        }

        public ValueTask<StagedBytes> CheckpointAsync(CancellationToken cancellationToken)
        {
            // Parts only: a tail for every checkpoint would be sent again and again.
            if (_sent.Parts.Count > _durable.Parts.Count)
                _durable = _sent;
            return ValueTask.FromResult(Staged);
        }

        public async ValueTask<StagedBytes> FlushAsync(CancellationToken cancellationToken)
        {
            if (spool.Length >= MinPartSize)
            {
                await SendPartAsync(cancellationToken);
            }
            else if (spool.Length > 0 && !(_sent.Tail is not null && _sent.TailLength == spool.Length))
            {
                await bucket.PutAsync(StorageKey.UploadTail(key, _sent.Next), spool.OpenRead(), "application/octet-stream", cancellationToken);
                _sent = _sent with { Tail = _sent.Next, TailLength = spool.Length, Next = _sent.Next + 1 };
            }

            _durable = _sent with { IsOpen = false };
            return Staged;
        }

        public ValueTask DisposeAsync()
        {
            spool.Dispose();
            return ValueTask.CompletedTask;
        }

        private async Task SendPartAsync(CancellationToken cancellationToken)
        {
            var uploadId = _sent.UploadId ?? await bucket.StartUploadAsync(key, "application/octet-stream", cancellationToken);
            _sent = _sent with { UploadId = uploadId };
            var etag = await bucket.PutPartAsync(key, uploadId, _sent.Next, spool.OpenRead(), cancellationToken);
            _sent = _sent with
            {
                Parts = [.. _sent.Parts, new StagedPart(_sent.Next, etag, spool.Length)],
                Next = _sent.Next + 1,
                Tail = null,
                TailLength = 0,
            };
            spool.Clear();
        }

        private long PartSizeOf(int count) => count < MaxParts - 1
            ? (long)PartSize << (count / PartsOfOneSize)
            : throw new ObjectStoreException($"{key} is too large: more than {MaxParts} parts.", isTransient: false);
    }
}
