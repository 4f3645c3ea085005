using System.IO.Pipelines;
using Microsoft.AspNetCore.Http;
using Microsoft.Extensions.Logging;
using Movento.Ingest.Assets;
using Movento.Storage;
using Movento.Storage.Staging;

namespace Movento.Ingest.Upload.Resumable;

/// <summary>What a request appends.</summary>
internal sealed record Append
{
    /// <summary>The length that the request says, where it says one.</summary>
    public long? Length { get; init; }

    /// <summary>Whether the upload is whole at the body's end (the draft's Upload-Complete); null: once it has its length (tus).</summary>
    public bool? Completes { get; init; }

    public RequestChecksum? Checksum { get; init; }

    /// <summary>Told of what has become durable meanwhile.</summary>
    public Func<long, CancellationToken, Task>? Progress { get; init; }
}

/// <summary>What came of it.</summary>
/// <param name="Offset">Durable bytes now.</param>
/// <param name="IsWhole">The upload has all its bytes and can be finished.</param>
/// <param name="IsCut">The client is gone, or a newer request has the upload: nobody waits for an answer.</param>
internal readonly record struct AppendOutcome(long Offset, bool IsWhole, bool IsCut, IngestError? Error);

/// <summary>
/// Appends a request's body to an upload. Whatever ends it, what has arrived is made durable first, and only then acknowledged; save that a
/// body with a checksum is kept whole or not at all.
/// </summary>
internal sealed partial class UploadAppender(
    UploadTable table, IUploadStaging staging, RunningHashes hashes, UploadQuota quota, IngestDatabase database, IngestOptions options,
    TimeProvider time, ILogger<UploadAppender> logger)
{
    // A killed process loses what came after the last checkpoint, of which nobody was told; and it is how often a bar moves.
    private static readonly TimeSpan CheckpointInterval = TimeSpan.FromSeconds(2);
    private static readonly TimeSpan LockLimit = TimeSpan.FromSeconds(5);

    public async Task<AppendOutcome> AppendAsync(HttpContext context, UploadHold hold, Append append)
    {
        var upload = hold.Upload;
        var length = append.Length ?? upload.Length;
        if (append.Length is { } said && upload.Length is { } known && said != known) return Refused(UploadErrors.LengthMismatch);
        if (length < upload.Received) return Refused(UploadErrors.LengthMismatch);

        // 1. How much may come: to the length, or where that is not known yet, to what an upload and the team may have.
        var most = length ?? options.MaxUploadBytes;
        if (most > options.MaxUploadBytes) return Refused(IngestError.TooLarge);
        var overflow = length is null ? IngestError.TooLarge : UploadErrors.LengthMismatch;
        if (upload.Length is null)
        {
            await using var connection = await database.Source.OpenConnectionAsync(context.RequestAborted);
            var room = await quota.RoomAsync(connection, upload.Team, context.RequestAborted);
            if (length - upload.Received > room) return Refused(UploadErrors.TeamQuota);
            if (length is null && room < most - upload.Received) (most, overflow) = (upload.Received + room, UploadErrors.TeamQuota);
        }
        if (context.Request.ContentLength > most - upload.Received) return Refused(overflow);

        try
        {
            return await AppendAsync(context, hold, append, length, most, overflow);
        }
        catch (Exception exception) when (exception is ObjectStoreException or IOException)
        {
            Log.CannotStore(logger, upload.Id, exception);
            return new(upload.Received, false, false, StoreErrors.Of(exception));
        }
    }

    private async Task<AppendOutcome> AppendAsync(HttpContext context, UploadHold hold, Append append, long? length, long most, IngestError overflow)
    {
        var upload = hold.Upload;
        using var stop = CancellationTokenSource.CreateLinkedTokenSource(hold.Asked, context.RequestAborted);

        // 2. The store's place for it, which whoever had it before has left.
        IStagedUpload opened;
        using (var limit = CancellationTokenSource.CreateLinkedTokenSource(stop.Token))
        {
            limit.CancelAfter(LockLimit);
            try
            {
                opened = await staging.OpenAsync(upload.Key, upload.Staged, limit.Token);
            }
            catch (OperationCanceledException)
            {
                return new(upload.Received, false, stop.IsCancellationRequested, UploadErrors.Locked);
            }
        }
        await using var staged = opened;
        if (staged.Staged != upload.Staged && !await table.CommitAsync(upload, hold.Token, staged.Staged, null, isLast: false, isWhole: false))
            return Cut(upload.Received);

        // 3. The body, as it comes.
        var hash = hashes.Take(upload.Id, upload.Received);
        try
        {
            var offset = upload.Received;
            var committed = upload.Received;
            var lastCommit = time.GetTimestamp();
            var isCut = false;
            IngestError? error = null;
            var body = context.Request.BodyReader;
            while (true)
            {
                ReadResult read;
                try
                {
                    read = await body.ReadAsync(stop.Token);
                }
                catch (Exception exception) when (exception is IOException or OperationCanceledException)
                {
                    // Kestrel's BadHttpRequestException and ConnectionResetException are both IOExceptions.
                    isCut = true;
                    break;
                }
                var bytes = read.Buffer;
                if (bytes.Length > most - offset)
                {
                    error = overflow;
                    break;
                }
                if (!bytes.IsEmpty)
                {
                    try
                    {
                        await staged.WriteAsync(bytes, stop.Token);
                    }
                    catch (OperationCanceledException)
                    {
                        isCut = true;
                        break;
                    }
                    append.Checksum?.Append(bytes);
                    if (hash is not null) foreach (var memory in bytes) hash.Append(memory.Span);
                    offset += bytes.Length;
                }
                body.AdvanceTo(bytes.End);
                if (read.IsCompleted) break;

                // 4. Now and then what has come is made durable.
                var isDue = append.Checksum is null && time.GetElapsedTime(lastCommit) >= CheckpointInterval;
                if (!isDue && !staged.IsMemoDue) continue;
                var checkpoint = append.Checksum is null ? await staged.CheckpointAsync(CancellationToken.None) : staged.Staged;
                if (!await table.CommitAsync(upload, hold.Token, checkpoint, length, isLast: false, isWhole: false)) return Cut(committed);
                committed = checkpoint.Length;
                lastCommit = time.GetTimestamp();
                if (append.Progress is { } progress && isDue) await progress(committed, stop.Token);
            }

            // 5. What has come, durable and said so; or none of it, where it is not what its checksum says.
            if (append.Checksum is { } checksum)
            {
                if (!isCut) error ??= checksum.Verify(context.Request);
                if (isCut || error is not null) return new(committed, false, isCut, error);
            }
            var all = await staged.FlushAsync(CancellationToken.None);
            var isWhole = !isCut && error is null && (append.Completes ?? (length is { } whole && all.Length == whole));
            if (isWhole && append.Completes is true)
            {
                if (length is { } promised && promised != all.Length) (isWhole, error) = (false, UploadErrors.LengthMismatch);
                length ??= all.Length;
            }
            if (isWhole && all.Length == 0) (isWhole, error) = (false, IngestError.Empty);
            if (!await table.CommitAsync(upload, hold.Token, all, length, isLast: true, isWhole)) return Cut(committed);
            hold.IsReleased = true;
            if (hash is not null && hash.Length == all.Length)
            {
                hashes.Put(upload.Id, hash);
                hash = null;
            }
            return new(all.Length, isWhole, isCut, error);
        }
        finally
        {
            hash?.Dispose();
        }
    }

    private static AppendOutcome Cut(long offset) => new(offset, false, true, null);

    private static AppendOutcome Refused(IngestError error) => new(0, false, false, error);

    private static partial class Log
    {
        [LoggerMessage(3021, LogLevel.Warning, "Bytes of the upload {Upload} could not be stored")]
        public static partial void CannotStore(ILogger logger, Guid upload, Exception exception);
    }
}
