using Microsoft.AspNetCore.Http;
using Movento.Contracts;
using Movento.Ingest.Assets;

namespace Movento.Ingest.Upload.Resumable;

/// <summary>
/// tus 1.0.0 (https://tus.io/protocols/resumable-upload) with creation, creation-with-upload, creation-defer-length, expiration, checksum,
/// checksum-trailer, termination and concatenation.
/// </summary>
internal sealed class TusProtocol(ResumableUploads uploads)
{
    // tus 1.0.0, "Concatenation": as many parts as a header's 32 KiB hold.
    private const int MaxParts = 512;

    /// <summary>POST: an upload, perhaps with its first bytes; or the concatenation of others.</summary>
    public async Task<IResult> CreateAsync(HttpContext context, Guid owner, Guid team)
    {
        if (VersionError(context) is { } version) return version;
        var request = context.Request;
        if (UploadMetadata.Parse(request.Headers[UploadHeaders.Metadata]) is not { } metadata) return UploadProblem.Result(UploadErrors.InvalidHeader);
        if (UploadNames.Read(metadata.Title, metadata.FileName, out var names) is { } invalid) return UploadProblem.Result(invalid);
        if (UploadPriority.Read(metadata.Priority, out var priority) is { } wrongPriority) return UploadProblem.Result(wrongPriority);
        if (UploadRequest.Digest(request, metadata.Sha256, out var digest) is { } wrongDigest) return UploadProblem.Result(wrongDigest);
        if (UploadRequest.Key(request, out var key) is { } wrongKey) return UploadProblem.Result(wrongKey);
        var wanted = new NewUpload(owner, team, UploadKind.Whole, names)
        {
            Metadata = request.Headers[UploadHeaders.Metadata].ToString() is { Length: > 0 } header ? header : null, Digest = digest, IdempotencyKey = key,
            Priority = priority,
        };

        var concat = request.Headers[UploadHeaders.Concat].ToString();
        if (concat.StartsWith("final;", StringComparison.Ordinal)) return await JoinAsync(context, wanted, concat["final;".Length..]);
        if (concat is not ("" or "partial")) return UploadProblem.Result(UploadErrors.InvalidHeader);
        if (concat == "partial") wanted = wanted with { Kind = UploadKind.Part };

        // The length, or that it will follow; one of the two.
        var length = StructuredField.Integer(request.Headers[UploadHeaders.Length]);
        var isDeferred = request.Headers[UploadHeaders.DeferLength] == "1";
        if (isDeferred == request.Headers.ContainsKey(UploadHeaders.Length) || !isDeferred && length is null) return UploadProblem.Result(UploadErrors.InvalidHeader);
        var made = await uploads.CreateAsync(wanted with { Length = length }, context.RequestAborted);
        if (made.Error is { } error) return Refuse(context, error);
        var upload = made.Upload!;
        context.Response.Headers.Location = UploadHeaders.LocationOf(upload.Asset);
        UploadHeaders.SayExpiry(context.Response, upload);
        context.Response.Headers[UploadHeaders.Offset] = UploadHeaders.Text(upload.Received);
        if (!UploadRequest.Is(request, UploadHeaders.TusContent) || request.ContentLength == 0 || upload.Received > 0 || upload.State != UploadState.Open)
            return TypedResults.StatusCode(StatusCodes.Status201Created);

        if (RequestChecksum.Read(request, out var checksum) is { } wrongChecksum) return UploadProblem.Result(wrongChecksum);
        using (checksum)
        {
            var answer = await uploads.AppendAsync(context, upload.Id, owner, offset: 0, new Append { Checksum = checksum });
            return Answer(context, answer, StatusCodes.Status201Created);
        }
    }

    /// <summary>HEAD: how far the upload is.</summary>
    public async Task<IResult> HeadAsync(HttpContext context, AssetId id, Guid owner)
    {
        if (VersionError(context) is { } version) return version;
        if (await uploads.FindSettledAsync(id.Value, owner, context.RequestAborted) is not { } upload) return UploadProblem.Result(UploadErrors.NotFound);
        if (upload.State == UploadState.Failed) return UploadProblem.Result(UploadErrors.Of(upload.Failure));
        var headers = context.Response.Headers;
        // Of a concatenation that is not made yet there is no offset.
        if (upload.Kind != UploadKind.Joined || upload.State == UploadState.Complete) headers[UploadHeaders.Offset] = UploadHeaders.Text(upload.Received);
        if (upload.Length is { } length) headers[UploadHeaders.Length] = UploadHeaders.Text(length);
        else headers[UploadHeaders.DeferLength] = "1";
        if (upload.Metadata is { } metadata) headers[UploadHeaders.Metadata] = metadata;
        if (upload.Kind == UploadKind.Part) headers[UploadHeaders.Concat] = "partial";
        if (upload.Kind == UploadKind.Joined)
            headers[UploadHeaders.Concat] = "final;" + string.Join(' ', (upload.Parts ?? []).Select(part => UploadHeaders.LocationOf(new AssetId(part))));
        headers[UploadHeaders.Complete] = UploadHeaders.Text(upload.HasAll);
        UploadHeaders.SayExpiry(context.Response, upload);
        return TypedResults.Ok();
    }

    /// <summary>PATCH: bytes at an offset.</summary>
    public async Task<IResult> PatchAsync(HttpContext context, AssetId id, Guid owner)
    {
        if (VersionError(context) is { } version) return version;
        var request = context.Request;
        if (StructuredField.Integer(request.Headers[UploadHeaders.Offset]) is not { } offset) return UploadProblem.Result(UploadErrors.InvalidHeader);
        long? length = null;
        if (request.Headers.TryGetValue(UploadHeaders.Length, out var header) && (length = StructuredField.Integer(header)) is null)
            return UploadProblem.Result(UploadErrors.InvalidHeader);
        if (RequestChecksum.Read(request, out var checksum) is { } error) return UploadProblem.Result(error);
        using (checksum)
        {
            if (await uploads.FindAsync(id.Value, owner, context.RequestAborted) is not { } upload) return UploadProblem.Result(UploadErrors.NotFound);
            // tus 1.0.0, "Concatenation": a final upload takes no PATCH.
            if (upload.Kind == UploadKind.Joined) return UploadProblem.Result(UploadErrors.Completed with { Status = StatusCodes.Status403Forbidden });
            var answer = await uploads.AppendAsync(context, id.Value, owner, offset, new Append { Length = length, Checksum = checksum });
            return Answer(context, answer, StatusCodes.Status204NoContent);
        }
    }

    private async Task<IResult> JoinAsync(HttpContext context, NewUpload wanted, string list)
    {
        if (context.Request.Headers.ContainsKey(UploadHeaders.Length)) return UploadProblem.Result(UploadErrors.InvalidHeader);
        var ids = new List<Guid>();
        foreach (var url in list.Split(' ', StringSplitOptions.RemoveEmptyEntries))
        {
            if (!UploadHeaders.TryReadLocation(url, out var id)) return UploadProblem.Result(UploadErrors.PartsUnfinished);
            ids.Add(id.Value);
        }
        if (ids.Count is 0 or > MaxParts || ids.Distinct().Count() != ids.Count) return UploadProblem.Result(UploadErrors.PartsUnfinished);

        // 1. Parts that have all their bytes, whether their objects are made or not.
        var parts = (await uploads.FindPartsAsync([.. ids], wanted.Owner, context.RequestAborted)).Where(part => part.Kind == UploadKind.Part && part.HasAll).ToList();
        if (parts.Count != ids.Count) return UploadProblem.Result(UploadErrors.PartsUnfinished);
        foreach (var part in parts.Where(part => part.State == UploadState.Finishing))
        {
            if ((await uploads.FinishAsync(part.Id, context.RequestAborted)).Error is { } unfinished) return Refuse(context, unfinished);
        }

        // 2. The whole: the one that was begun before, of a client that did not hear the answer, or a new one.
        var upload = await uploads.FindJoinedAsync(wanted.Owner, [.. ids], context.RequestAborted);
        if (upload is null)
        {
            var length = parts.Sum(part => part.Received);
            var made = await uploads.CreateAsync(
                wanted with { Kind = UploadKind.Joined, Length = length, Received = length, State = UploadState.Finishing, Parts = [.. ids] }, context.RequestAborted);
            if (made.Error is { } error) return Refuse(context, error);
            upload = made.Upload!;
        }
        context.Response.Headers.Location = UploadHeaders.LocationOf(upload.Asset);
        if (upload.State == UploadState.Finishing && (await uploads.FinishAsync(upload.Id, context.RequestAborted)).Error is { } failed) return Refuse(context, failed);
        context.Response.Headers[UploadHeaders.Offset] = UploadHeaders.Text(upload.Received);
        context.Response.Headers.ContentLocation = $"/api/assets/{upload.Asset}";
        return TypedResults.StatusCode(StatusCodes.Status201Created);
    }

    private static IResult Answer(HttpContext context, AppendAnswer answer, int status)
    {
        if (answer.IsCut) return TypedResults.Empty;
        if (answer.Offset is { } offset) context.Response.Headers[UploadHeaders.Offset] = UploadHeaders.Text(offset);
        if (answer.Error is { } error) return UploadProblem.Result(error, error == UploadErrors.OffsetMismatch ? answer.Offset : null);
        if (answer.Upload is { } upload)
        {
            UploadHeaders.SayExpiry(context.Response, upload);
            if (answer.Receipt is { } receipt && upload.Kind != UploadKind.Part) context.Response.Headers.ContentLocation = $"/api/assets/{receipt.AssetId}";
        }
        return TypedResults.StatusCode(status);
    }

    private static IResult Refuse(HttpContext context, IngestError error)
    {
        if (error.Status is StatusCodes.Status503ServiceUnavailable or StatusCodes.Status429TooManyRequests) context.Response.Headers.RetryAfter = "5";
        return UploadProblem.Result(error);
    }

    private static IResult? VersionError(HttpContext context)
    {
        if (context.Request.Headers[UploadHeaders.Resumable] == UploadHeaders.TusVersion) return null;
        context.Response.Headers["Tus-Version"] = UploadHeaders.TusVersion;
        return UploadProblem.Result(UploadErrors.UnsupportedVersion);
    }
}
