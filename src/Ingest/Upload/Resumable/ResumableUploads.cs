using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Http.Features;
using Microsoft.Extensions.Logging;
using Movento.Ingest.Assets;
using Movento.Storage;
using Npgsql;

namespace Movento.Ingest.Upload.Resumable;

/// <summary>What both protocols do with an upload: find it, append to it, finish it, end it.</summary>
internal sealed partial class ResumableUploads(
    UploadTable table, UploadHolds holds, UploadAppender appender, UploadFinisher finisher, UploadRemains remains, AssetRemoval removal, UploadGate gate,
    IngestMetrics metrics, ILogger<ResumableUploads> logger)
{
    public Task<UploadCreation> CreateAsync(NewUpload wanted, CancellationToken cancellationToken) => table.CreateAsync(wanted, cancellationToken);

    /// <summary>The caller's upload, as far as it can be resumed at all.</summary>
    public async Task<UploadRow?> FindAsync(Guid id, Guid owner, CancellationToken cancellationToken) =>
        await table.FindAsync(id, owner, cancellationToken) is { IsResumable: true } upload ? upload : null;

    /// <summary>The same, with an offset that stands: whoever still appends has let go.</summary>
    public async Task<UploadRow?> FindSettledAsync(Guid id, Guid owner, CancellationToken cancellationToken)
    {
        var upload = await FindAsync(id, owner, cancellationToken);
        if (upload is not { State: UploadState.Open, Holder: not null }) return upload;
        await using (await holds.TakeAsync(id, cancellationToken))
        {
        }
        return await FindAsync(id, owner, cancellationToken);
    }

    /// <summary>
    /// Appends the request's body at <paramref name="offset"/>, and finishes the upload if that was the last of it.
    /// </summary>
    public async Task<AppendAnswer> AppendAsync(HttpContext context, Guid id, Guid owner, long offset, Append append)
    {
        if (!gate.TryEnter())
        {
            context.Response.Headers.RetryAfter = "5";
            return Refused(IngestError.TooManyUploads);
        }
        try
        {
            // The appender counts by itself and names the error; the server's own limit would only cut the connection.
            if (context.Features.Get<IHttpMaxRequestBodySizeFeature>() is { IsReadOnly: false } size) size.MaxRequestBodySize = null;

            AppendOutcome outcome;
            UploadRow upload;
            await using (var hold = await holds.TakeAsync(id, context.RequestAborted))
            {
                if (hold is null) return await RefusedAsync(context, id, owner, offset);
                upload = hold.Upload;
                if (upload.Received != offset) return new(upload, upload.Received, null, UploadErrors.OffsetMismatch, false);
                outcome = await appender.AppendAsync(context, hold, append);
            }
            if (outcome.IsCut)
            {
                context.Abort();
                return new(upload, outcome.Offset, null, null, true);
            }
            if (outcome.Error is { } error)
            {
                metrics.Refused(error.Code);
                if (error.Status == StatusCodes.Status503ServiceUnavailable || error == UploadErrors.Locked) context.Response.Headers.RetryAfter = "1";
                return new(upload, outcome.Offset, null, error, false);
            }
            if (!outcome.IsWhole) return new(upload, outcome.Offset, null, null, false);
            var finished = await finisher.FinishAsync(id, context.RequestAborted);
            return new(upload, outcome.Offset, finished.Receipt, finished.Error, false);
        }
        finally
        {
            gate.Leave();
        }
    }

    /// <summary>Waits until an upload that has all its bytes is finished.</summary>
    public Task<UploadOutcome> FinishAsync(Guid id, CancellationToken cancellationToken) => finisher.FinishAsync(id, cancellationToken);

    public Task<IReadOnlyList<UploadRow>> FindPartsAsync(Guid[] ids, Guid owner, CancellationToken cancellationToken) => table.FindAsync(ids, owner, cancellationToken);

    public Task<UploadRow?> FindJoinedAsync(Guid owner, Guid[] parts, CancellationToken cancellationToken) => table.FindJoinedAsync(owner, parts, cancellationToken);

    /// <summary>Ends an upload that is not complete, and removes all of it.</summary>
    public async Task<IngestError?> EndAsync(Guid id, Guid owner, CancellationToken cancellationToken)
    {
        if (await table.FindAsync(id, owner, cancellationToken) is not { Kind: not UploadKind.Plain } upload) return UploadErrors.NotFound;
        if (upload.State == UploadState.Failed) return UploadErrors.Of(upload.Failure);
        if (upload.Kind != UploadKind.Part && (upload.State == UploadState.Complete || await table.FailAsync(id, "cancelled", evenComplete: false, cancellationToken) is null))
            return UploadErrors.Completed;
        try
        {
            // What was begun is ended, whether the caller waits for it or not.
            await remains.RemoveAsync(upload.Asset, CancellationToken.None);
            await removal.FinishAsync(upload.Asset, CancellationToken.None);
        }
        catch (Exception exception) when (exception is NpgsqlException or ObjectStoreException)
        {
            Log.LeftToSweep(logger, id, exception);
        }
        return null;
    }

    // The upload takes no bytes: why?
    private async Task<AppendAnswer> RefusedAsync(HttpContext context, Guid id, Guid owner, long offset)
    {
        var upload = await FindAsync(id, owner, context.RequestAborted);
        if (upload is null) return Refused(UploadErrors.NotFound);
        if (upload.State == UploadState.Failed) return Refused(UploadErrors.Of(upload.Failure));
        if (upload.Received != offset) return new(upload, upload.Received, null, UploadErrors.OffsetMismatch, false);
        // The last request again, of a client that did not hear the answer.
        if (context.Request.ContentLength is not 0) return new(upload, upload.Received, null, UploadErrors.LengthMismatch, false);
        var finished = await finisher.FinishAsync(id, context.RequestAborted);
        return new(upload, upload.Received, finished.Receipt, finished.Error, false);
    }

    private AppendAnswer Refused(IngestError error)
    {
        metrics.Refused(error.Code);
        return new(null, null, null, error, false);
    }

    private static partial class Log
    {
        [LoggerMessage(3051, LogLevel.Warning, "What the upload {Upload} left could not be removed; it is swept away later")]
        public static partial void LeftToSweep(ILogger logger, Guid upload, Exception exception);
    }
}

/// <summary>What a request that appends is answered.</summary>
/// <param name="Offset">Durable bytes now; null where there is no upload.</param>
/// <param name="Receipt">The upload is complete.</param>
/// <param name="IsCut">Nobody waits for an answer.</param>
internal readonly record struct AppendAnswer(UploadRow? Upload, long? Offset, UploadReceipt? Receipt, IngestError? Error, bool IsCut);
