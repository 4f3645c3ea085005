using Movento.Ingest.Assets;

namespace Movento.Ingest.Upload;

/// <summary>The errors of uploads: code, status, sentence and hint (docs/formats/uploads.md).</summary>
internal static class UploadErrors
{
    public static readonly IngestError NotFound = new("not_found", 404, "There is no such upload.", "Begin it anew.");
    public static readonly IngestError Gone = new("upload_gone", 410, "The upload was cancelled or has expired.", "Begin it anew.");
    public static readonly IngestError UnsupportedVersion = new("unsupported_version", 412, "The server speaks tus 1.0.0.");
    public static readonly IngestError UnsupportedMediaType = new("unsupported_media_type", 415,
        "Bytes are appended as application/offset+octet-stream (tus) or application/partial-upload.");
    public static readonly IngestError InvalidHeader = new("invalid_header", 400, "A header of the upload cannot be read.", "docs/formats/uploads.md names them.");
    public static readonly IngestError InvalidRequest = new("invalid_request", 400, "The request's fields cannot be used.", "docs/formats/uploads.md names them.");
    public static readonly IngestError OffsetMismatch = new("offset_mismatch", 409,
        "The upload has another number of bytes than the request begins at.", "Ask for its offset (HEAD), and go on from there.");
    public static readonly IngestError LengthMismatch = new("length_mismatch", 400, "The request and the upload do not agree on its length.");
    public static readonly IngestError Completed = new("completed_upload", 400, "The upload is complete already.");
    public static readonly IngestError Locked = new("upload_locked", 423, "Another request holds the upload.", "Try again in a moment.");
    public static readonly IngestError ChecksumMismatch = new("checksum_mismatch", 460, "The bytes have another checksum than the request says; they were dropped.", "Send them again.");
    public static readonly IngestError UnknownChecksum = new("unknown_checksum", 400, "The checksum's algorithm is not known.", "Known are sha1, sha256 and crc32.");
    public static readonly IngestError DigestMismatch = new("digest_mismatch", 422,
        "The whole file has another SHA-256 than was announced; it was dropped.", "Upload the file again.");
    public static readonly IngestError TeamQuota = new("team_quota", 413, "The team's films would take more room than it has.", "Delete films that are not needed, or ask whoever runs this site for more.");
    public static readonly IngestError TeamUploads = new("too_many_team_uploads", 429, "The team has too many unfinished uploads.", "Finish or cancel some, then try again.");
    public static readonly IngestError KeyReused = new("idempotency_key_reused", 422, "The idempotency key belongs to another upload.", "Choose a new key for every upload.");
    public static readonly IngestError InProgress = new("upload_in_progress", 409, "An upload with this idempotency key is under way.");
    public static readonly IngestError PartsUnfinished = new("parts_unfinished", 400, "A part of the concatenation is not there or not complete.");
    public static readonly IngestError DirectUnavailable = new("direct_unavailable", 501, "This server's object store takes no direct uploads.", "Upload by tus, or with PUT.");
    public static readonly IngestError PartsMissing = new("parts_missing", 400, "The store has other bytes than the upload should have.", "Send every part, then complete the upload with the ETags that the store answered.");

    /// <summary>Why an upload can have failed, as its row names it; anything else is <see cref="Gone"/>.</summary>
    public static readonly string[] Failures = ["cancelled", "digest_mismatch", "length_mismatch", "parts_missing", "parts_unfinished", "team_quota", "empty"];

    /// <summary>The error that a failed upload's row names.</summary>
    public static IngestError Of(string? failure) => failure switch
    {
        "digest_mismatch" => DigestMismatch with { Status = 410 },
        "length_mismatch" => LengthMismatch with { Status = 410 },
        "parts_missing" => PartsMissing with { Status = 410 },
        "parts_unfinished" => PartsUnfinished with { Status = 410 },
        "team_quota" => TeamQuota with { Status = 410 },
        "empty" => IngestError.Empty with { Status = 410 },
        _ => Gone,
    };
}
