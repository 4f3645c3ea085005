using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Http;
using Movento.ApiDescription;
using Movento.ApiDescription.Metadata;
using Movento.Ingest.Assets;
using Movento.Ingest.Upload.Resumable;

namespace Movento.Ingest.Upload;

/// <summary>Describes what endpoints of uploads have in common; docs/formats/uploads.md says how they are used.</summary>
internal static class DescribedUploads
{
    /// <summary>An upload begins: a file as the body, or what tus and the IETF's draft say in headers.</summary>
    public static RouteHandlerBuilder BeginsUpload(this RouteHandlerBuilder route) => route
        .ReadsText("title", "What viewers see; the file's name without its extension where nothing is said.", UploadNames.MaxTitle)
        .ReadsNumber("priority", "When its turn is: the highest first.", UploadPriority.Lowest, UploadPriority.Highest)
        .WithMetadata(new RequestContent(typeof(Stream), IsRequired: false, "*/*") { Description = "The file; or of a resumable upload its first bytes, perhaps none." })
        .ReadsHeader(UploadHeaders.IdempotencyKey, "The same key gives the same upload.", pattern: "^[!-~]{1,255}$")
        .ReadsHeader("Repr-Digest", "`sha-256` of the whole file (RFC 9530).")
        .ReadsHeader("Content-Digest", "`sha-256` of this request's content (RFC 9530).")
        .ReadsHeader(UploadHeaders.Resumable, "`1.0.0`: the request is one of tus.")
        .ReadsHeader(UploadHeaders.Complete, "`?1` or `?0`: the request is one of the IETF's draft, and whether the file ends with it.")
        .ReadsHeader(UploadHeaders.Length, "The whole file's length, in bytes.", pattern: "^[0-9]{1,19}$")
        .ReadsHeader(UploadHeaders.Metadata, "tus: `filename`, `title`, `sha256`, `priority`, each with its value in base64.")
        .ReadsHeader(UploadHeaders.DeferLength, "tus: `1`, where the length is said later.")
        .ReadsHeader(UploadHeaders.Concat, "tus: `partial`, or `final` and the parts.")
        .Answers<UploadReceipt>("Durable: nothing loses it. Of a resumable upload that goes on, without a body.", StatusCodes.Status201Created)
        .WithAnswerHeader("Location", "The asset; of a resumable upload, the upload.", StatusCodes.Status201Created)
        .SaysHowFarItIs(StatusCodes.Status201Created).SaysWhatItWas(StatusCodes.Status201Created)
        .Refuses(
            IngestError.InvalidTitle, IngestError.InvalidFileName, IngestError.InvalidPriority, IngestError.Incomplete,
            UploadErrors.KeyReused, UploadErrors.InProgress, UploadErrors.UnsupportedVersion, UploadErrors.PartsUnfinished, UploadErrors.Gone)
        .TakesUploadBytes();

    /// <summary>Answers of a status say how far the upload is.</summary>
    public static RouteHandlerBuilder SaysHowFarItIs(this RouteHandlerBuilder route, int status) => route
        .WithAnswerHeader(UploadHeaders.Offset, "Bytes that are durable.", status)
        .WithAnswerHeader(UploadHeaders.Complete, "`?1` where the file is whole; else `?0`.", status)
        .WithAnswerHeader(UploadHeaders.Limit, "The draft's limits of this upload.", status)
        .WithAnswerHeader(UploadHeaders.Expires, "Until when the upload can go on.", status)
        .WithAnswerHeader(UploadHeaders.Resumable, "`1.0.0`, where the request is one of tus.", status);

    /// <summary>Answers of a status say how far the upload is, and what it will be.</summary>
    public static RouteHandlerBuilder SaysWhereItGoesOn(this RouteHandlerBuilder route, int status) => route
        .SaysHowFarItIs(status).SaysWhatItWas(status)
        .WithAnswerHeader(UploadHeaders.Length, "The whole file's length, in bytes, where it is known.", status)
        .WithAnswerHeader(UploadHeaders.DeferLength, "tus: `1`, where it is not.", status)
        .WithAnswerHeader(UploadHeaders.Metadata, "tus: as the upload was begun with.", status)
        .WithAnswerHeader(UploadHeaders.Concat, "tus: `partial`, or `final` and the parts.", status);

    /// <summary>Answers of a status say which file has come.</summary>
    public static RouteHandlerBuilder SaysWhatItWas(this RouteHandlerBuilder route, int status) => route
        .WithAnswerHeader("Content-Location", "The asset, once the file is whole.", status)
        .WithAnswerHeader("Repr-Digest", "`sha-256` of the whole file (RFC 9530).", status);

    /// <summary>Answers of a status say what the server can.</summary>
    public static RouteHandlerBuilder SaysWhatTheServerCan(this RouteHandlerBuilder route, int status) => route
        .WithAnswerHeader(UploadHeaders.Limit, "The draft's limits.", status)
        .WithAnswerHeader(UploadHeaders.Resumable, "`1.0.0`.", status)
        .WithAnswerHeader("Tus-Version", "`1.0.0`.", status)
        .WithAnswerHeader("Tus-Extension", "The extensions of tus, with commas.", status)
        .WithAnswerHeader("Tus-Max-Size", "The most bytes of an upload.", status)
        .WithAnswerHeader("Tus-Checksum-Algorithm", "Of `Upload-Checksum`, with commas.", status)
        .WithAnswerHeader("Accept-Patch", "Media types of `appendToUpload` (RFC 5789).", status)
        .WithAnswerHeader("Allow", "The methods that are taken here.", status);

    /// <summary>Bytes of an upload come, and may be its last.</summary>
    public static RouteHandlerBuilder TakesUploadBytes(this RouteHandlerBuilder route) => route
        .Refuses(
            IngestError.NoUser, IngestError.Empty, IngestError.TooLarge, IngestError.StorageFull, IngestError.StorageUnavailable, IngestError.TooManyUploads,
            UploadErrors.NotFound, UploadErrors.InvalidHeader, UploadErrors.UnknownChecksum, UploadErrors.ChecksumMismatch, UploadErrors.DigestMismatch, UploadErrors.LengthMismatch,
            UploadErrors.OffsetMismatch, UploadErrors.Locked, UploadErrors.TeamQuota, UploadErrors.TeamUploads)
        .SaysWhereItStands(400, 409, 413, 422, 423, 460, 503, 507)
        .WithAnswerHeader(UploadHeaders.Complete, "The draft: `?1`, as what was transferred is refused and not the transfer.", StatusCodes.Status422UnprocessableEntity)
        .WithAnswerHeader(UploadHeaders.Limit, "The draft's limits.", StatusCodes.Status413PayloadTooLarge)
        .WithAnswerHeader("Tus-Version", "The version of tus that the server speaks.", StatusCodes.Status412PreconditionFailed)
        .RefusesWhatFailed();

    // Whatever is wrong with what was sent, a client learns from where to send again.
    private static RouteHandlerBuilder SaysWhereItStands(this RouteHandlerBuilder route, params IEnumerable<int> statuses) =>
        statuses.Aggregate(route, (so, status) => so.WithAnswerHeader(UploadHeaders.Offset, "Bytes that are durable, where some were taken or are missing.", status));

    /// <summary>An upload that has failed answers why.</summary>
    public static RouteHandlerBuilder RefusesWhatFailed(this RouteHandlerBuilder route) =>
        route.Refuses([.. UploadErrors.Failures.Select(UploadErrors.Of)]);
}
