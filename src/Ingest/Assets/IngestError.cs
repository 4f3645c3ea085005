using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.WebUtilities;

namespace Movento.Ingest.Assets;

/// <summary>The errors of the ingest API: one table of code, status, sentence and hint.</summary>
internal sealed record IngestError(string Code, int Status, string Message, string? Hint = null)
{
    public static readonly IngestError NotFound = new("not_found", 404, "There is no such asset.");
    public static readonly IngestError NoUser = new("forbidden", 403, "The access token names no user.");
    public static readonly IngestError InvalidTitle = new("invalid_title", 400,
        "The title is empty, longer than 200 characters, or holds a control character.", "Give a title of 1 to 200 characters in one line.");
    public static readonly IngestError InvalidFileName = new("invalid_file_name", 400,
        "The file name is longer than 255 characters or holds a control character.", "Give the file's own name, without its folder.");
    public static readonly IngestError InvalidPage = new("invalid_page", 400,
        "after must be an asset's id, and limit a number from 1 to 100.");
    public static readonly IngestError Empty = new("empty", 400, "The upload has no bytes.", "Send the file as the body of the request.");
    public static readonly IngestError Incomplete = new("incomplete", 400, "The connection ended before the upload did.", "Upload the file again.");
    public static readonly IngestError TooLarge = new("too_large", 413,
        "The file has more bytes than an upload may have.", "Export it at a lower bitrate, or cut it into parts.");
    public static readonly IngestError StorageFull = new("storage_full", 507, "There is no room left to store the upload.");
    public static readonly IngestError StorageUnavailable = new("storage_unavailable", 503, "The upload could not be stored.", "Try again in a moment.");
    public static readonly IngestError TooManyUploads = new("too_many_uploads", 503, "Too many uploads are under way.", "Try again in a moment.");
    public static readonly IngestError InvalidLanguage = new("invalid_language", 400,
        "language is no BCP 47 tag.", "Give a tag such as en, pt-BR or zh-Hant.");
    public static readonly IngestError InvalidRole = new("invalid_role", 400,
        "role must be subtitle, caption, forced-subtitle, commentary or easyreader.");
    public static readonly IngestError InvalidName = new("invalid_name", 400,
        "The name is empty, longer than 100 characters, or holds a control character or a double quote.");
    public static readonly IngestError InvalidSubtitles = new("invalid_subtitles", 400,
        "The file is neither SubRip nor WebVTT that can be read.", "Save the subtitles as .srt or .vtt in UTF-8.");
    public static readonly IngestError SubtitlesTooLarge = new("too_large", 413, "The subtitles have more than 8 MiB.", "Upload text alone.");
    public static readonly IngestError TooManySubtitles = new("too_many_subtitles", 409,
        "The asset has as many subtitles as files as it may have.", "Remove some first.");
    public static readonly IngestError TooManyStreams = new("too_many_streams", 503, "Too many event streams are open.", "Try again in a moment, or poll the asset.");

    /// <summary>The answer.</summary>
    public IResult Result() => TypedResults.Json(
        new IngestProblem("about:blank", ReasonPhrases.GetReasonPhrase(Status), Status, Message, Code, Hint), AssetJson.Default.IngestProblem, "application/problem+json", Status);
}
