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
        .Refuses(
            IngestError.InvalidTitle, IngestError.InvalidFileName, IngestError.InvalidPriority, IngestError.Incomplete,
            UploadErrors.KeyReused, UploadErrors.InProgress, UploadErrors.UnsupportedVersion, UploadErrors.PartsUnfinished, UploadErrors.Gone)
        .TakesUploadBytes();

    /// <summary>Bytes of an upload come, and may be its last.</summary>
    public static RouteHandlerBuilder TakesUploadBytes(this RouteHandlerBuilder route) => route
        .Refuses(
            IngestError.NoUser, IngestError.Empty, IngestError.TooLarge, IngestError.StorageFull, IngestError.StorageUnavailable, IngestError.TooManyUploads,
            UploadErrors.NotFound, UploadErrors.InvalidHeader, UploadErrors.UnknownChecksum, UploadErrors.ChecksumMismatch, UploadErrors.DigestMismatch, UploadErrors.LengthMismatch,
            UploadErrors.OffsetMismatch, UploadErrors.Locked, UploadErrors.TeamQuota, UploadErrors.TeamUploads)
        .RefusesWhatFailed();

    /// <summary>An upload that has failed answers why.</summary>
    public static RouteHandlerBuilder RefusesWhatFailed(this RouteHandlerBuilder route) =>
        route.Refuses([.. UploadErrors.Failures.Select(UploadErrors.Of)]);
}
