using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Http.HttpResults;
using Movento.Contracts;
using Movento.Ingest.Assets;

namespace Movento.Ingest.Upload.Resumable;

/// <summary>
/// Resumable Uploads for HTTP (draft-ietf-httpbis-resumable-upload, as of its version 11; clients of earlier ones, from 03 on, say so in
/// Upload-Draft-Interop-Version, 5 and up, and are answered with the same).
/// </summary>
internal sealed class DraftProtocol(ResumableUploads uploads, IngestOptions options, TimeProvider time)
{
    /// <summary>A request that creates an upload, with all of its bytes, the first ones, or none.</summary>
    public async Task<IResult> CreateAsync(HttpContext context, Guid owner, Guid team, string? title, string? fileName, string? priority, bool isComplete)
    {
        var request = context.Request;
        if (UploadNames.Read(title, fileName ?? UploadRequest.FileName(request), out var names) is { } invalid) return UploadProblem.Result(invalid);
        if (UploadPriority.Read(priority, out var turn) is { } wrongPriority) return UploadProblem.Result(wrongPriority);
        if (UploadRequest.Digest(request, null, out var digest) is { } wrongDigest) return UploadProblem.Result(wrongDigest);
        if (UploadRequest.Key(request, out var key) is { } wrongKey) return UploadProblem.Result(wrongKey);
        if (RequestChecksum.Read(request, out var checksum) is { } wrongChecksum) return UploadProblem.Result(wrongChecksum);
        using (checksum)
        {
            // "Length": said outright, or by a body that is all of it; both must agree.
            var length = StructuredField.Integer(request.Headers[UploadHeaders.Length]);
            if (isComplete && request.ContentLength is { } content)
            {
                if (length is { } said && said != content) return UploadProblem.Result(UploadErrors.LengthMismatch);
                length = content;
            }
            var made = await uploads.CreateAsync(
                new NewUpload(owner, team, UploadKind.Whole, names) { Length = length, Digest = digest, IdempotencyKey = key, Priority = turn }, context.RequestAborted);
            if (made.Error is { } error) return Refuse(context, error);
            var upload = made.Upload!;
            if (upload.HasAll && (await uploads.FinishAsync(upload.Id, context.RequestAborted)) is { Receipt: { } receipt }) return Done(context, receipt, null);
            Locate(context, upload);
            if (upload.Received > 0)
            {
                // The same idempotency key again: what is there already is not sent again.
                context.Response.Headers[UploadHeaders.Offset] = UploadHeaders.Text(upload.Received);
                return UploadProblem.Result(UploadErrors.OffsetMismatch, upload.Received, 0);
            }

            // The client learns at once where it can resume, before its body is read.
            var interim = new InterimResponse(context);
            await interim.SendAsync(
                Versioned(context, ("Location", UploadHeaders.LocationOf(upload.Asset)), (UploadHeaders.Limit, UploadHeaders.Limits(options, upload, time.GetUtcNow()))),
                context.RequestAborted);
            var answer = await uploads.AppendAsync(context, upload.Id, owner, offset: 0, Appending(context, interim, null, isComplete, checksum));
            return Answer(context, answer, 0, StatusCodes.Status201Created);
        }
    }

    /// <summary>HEAD: how far the upload is ("Offset Retrieval").</summary>
    public async Task<IResult> HeadAsync(HttpContext context, AssetId id, Guid owner)
    {
        if (await uploads.FindSettledAsync(id.Value, owner, context.RequestAborted) is not { } upload) return UploadProblem.Result(UploadErrors.NotFound);
        if (upload.State == UploadState.Failed) return UploadProblem.Result(UploadErrors.Of(upload.Failure));
        var headers = context.Response.Headers;
        headers[UploadHeaders.Offset] = UploadHeaders.Text(upload.Received);
        headers[UploadHeaders.Complete] = UploadHeaders.Text(upload.HasAll);
        if (upload.Length is { } length) headers[UploadHeaders.Length] = UploadHeaders.Text(length);
        headers[UploadHeaders.Limit] = UploadHeaders.Limits(options, upload, time.GetUtcNow());
        UploadHeaders.SayExpiry(context.Response, upload);
        if (upload.HasAll && upload.Kind != UploadKind.Part) headers.ContentLocation = $"/api/assets/{upload.Asset}";
        return TypedResults.NoContent();
    }

    /// <summary>PATCH: bytes at an offset ("Upload Append").</summary>
    public async Task<IResult> PatchAsync(HttpContext context, AssetId id, Guid owner)
    {
        var request = context.Request;
        if (StructuredField.Integer(request.Headers[UploadHeaders.Offset]) is not { } offset
            || StructuredField.Boolean(request.Headers[UploadHeaders.Complete]) is not { } isComplete) return UploadProblem.Result(UploadErrors.InvalidHeader);
        if (RequestChecksum.Read(request, out var checksum) is { } error) return UploadProblem.Result(error);
        using (checksum)
        {
            if (await uploads.FindAsync(id.Value, owner, context.RequestAborted) is not { } upload) return UploadProblem.Result(UploadErrors.NotFound);
            if (upload.HasAll && request.ContentLength == 0 && upload.Received == offset) return UploadProblem.Result(UploadErrors.Completed);
            var length = StructuredField.Integer(request.Headers[UploadHeaders.Length]);
            if (isComplete && request.ContentLength is { } content)
            {
                if (length is { } said && said != offset + content) return UploadProblem.Result(UploadErrors.LengthMismatch);
                length = offset + content;
            }
            var answer = await uploads.AppendAsync(
                context, id.Value, owner, offset, Appending(context, new InterimResponse(context), length, isComplete, checksum));
            return Answer(context, answer, offset, StatusCodes.Status204NoContent);
        }
    }

    private static Append Appending(HttpContext context, InterimResponse interim, long? length, bool isComplete, RequestChecksum? checksum) => new()
    {
        Length = length,
        Completes = isComplete,
        Checksum = checksum,
        Progress = (offset, stop) => interim.SendAsync(Versioned(context, (UploadHeaders.Offset, UploadHeaders.Text(offset))), stop),
    };

    private IResult Answer(HttpContext context, AppendAnswer answer, long provided, int status)
    {
        if (answer.IsCut) return TypedResults.Empty;
        var headers = context.Response.Headers;
        if (answer.Offset is { } offset) headers[UploadHeaders.Offset] = UploadHeaders.Text(offset);
        if (answer.Error is { } error)
        {
            // Whether the refusal is about the transfer or about what was transferred ("Upload Append").
            if (error == UploadErrors.DigestMismatch) headers[UploadHeaders.Complete] = UploadHeaders.Text(true);
            if (error == IngestError.TooLarge) headers[UploadHeaders.Limit] = $"max-size={options.MaxUploadBytes}";
            return UploadProblem.Result(error, error == UploadErrors.OffsetMismatch ? answer.Offset : null, error == UploadErrors.OffsetMismatch ? provided : null);
        }
        if (answer.Receipt is { } receipt) return Done(context, receipt, answer.Offset);
        headers[UploadHeaders.Complete] = UploadHeaders.Text(false);
        return TypedResults.StatusCode(status);
    }

    /// <summary>What a plain upload is answered, and that it is whole.</summary>
    private static JsonHttpResult<UploadReceipt> Done(HttpContext context, UploadReceipt receipt, long? offset)
    {
        var headers = context.Response.Headers;
        headers[UploadHeaders.Complete] = UploadHeaders.Text(true);
        headers[UploadHeaders.Offset] = UploadHeaders.Text(offset ?? receipt.Bytes);
        if (receipt.Sha256.Length > 0) headers["Repr-Digest"] = DigestField.Of(Convert.FromHexString(receipt.Sha256));
        headers.Location = headers.ContentLocation = $"/api/assets/{receipt.AssetId}";
        return TypedResults.Json(receipt, AssetJson.Default.UploadReceipt, statusCode: StatusCodes.Status201Created);
    }

    private void Locate(HttpContext context, UploadRow upload)
    {
        context.Response.Headers.Location = UploadHeaders.LocationOf(upload.Asset);
        context.Response.Headers[UploadHeaders.Limit] = UploadHeaders.Limits(options, upload, time.GetUtcNow());
        UploadHeaders.SayExpiry(context.Response, upload);
    }

    private IResult Refuse(HttpContext context, IngestError error)
    {
        if (error.Status is StatusCodes.Status503ServiceUnavailable or StatusCodes.Status429TooManyRequests) context.Response.Headers.RetryAfter = "5";
        if (error == IngestError.TooLarge) context.Response.Headers[UploadHeaders.Limit] = $"max-size={options.MaxUploadBytes}";
        return UploadProblem.Result(error);
    }

    private static IEnumerable<KeyValuePair<string, string>> Versioned(HttpContext context, params IEnumerable<(string Name, string Value)> fields)
    {
        if (UploadHeaders.Interop(context.Request) is { } version) yield return new(UploadHeaders.InteropVersion, version);
        foreach (var (name, value) in fields) yield return new(name, value);
    }
}
