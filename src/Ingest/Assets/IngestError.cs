using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.WebUtilities;
using Movento.ApiDescription.Metadata;

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
    public static readonly IngestError InvalidFilter = new("invalid_filter", 400,
        "state, title, createdFrom or createdTo cannot be used.",
        "state: states with commas between them; title: up to 200 characters; createdFrom and createdTo: RFC 3339 times.");
    public static readonly IngestError InvalidPriority = new("invalid_priority", 400, "priority must be -1, 0 or 1.");
    public static readonly IngestError NothingToChange = new("nothing_to_change", 400, "Neither title nor priority is given.");
    public static readonly IngestError NotJson = new("not_json", 415, "The body must be application/json.");
    public static readonly IngestError MalformedJson = new("malformed_json", 400,
        "The body is not the JSON object that is expected here, or longer than 16 KiB.");
    public static readonly IngestError Busy = new("busy", 409, "The asset is being worked on already.", "Wait until it has ended, or cancel it first.");
    public static readonly IngestError NotRunning = new("not_running", 409, "Nothing is being done to the asset that could be cancelled.");
    public static readonly IngestError NoSource = new("no_source", 409, "The asset's source is not kept, so it cannot be encoded again.", "Upload the film again.");
    public static readonly IngestError NoVersion = new("not_found", 404, "There is no such version, or its media is gone.");
    public static readonly IngestError NoEndpoint = new("not_found", 404, "There is no such webhook endpoint or delivery.");
    public static readonly IngestError InvalidUrl = new("invalid_url", 400,
        "url is not an https:// URL of a public host.", "Give an https:// URL without a user, a password or a fragment, of up to 2048 characters.");
    public static readonly IngestError InvalidDescription = new("invalid_description", 400,
        "description is longer than 200 characters or holds a control character.");
    public static readonly IngestError InvalidEvents = new("invalid_events", 400,
        "events names an event that there is not.",
        "There are asset.accepted, asset.playable, asset.published, asset.rejected, asset.cancelled, asset.deleted and asset.progress.");
    public static readonly IngestError InvalidOverlap = new("invalid_overlap", 400, "keepPreviousSeconds must be from 0 to 2592000.");
    public static readonly IngestError InvalidReplay = new("invalid_replay", 400, "since must be an RFC 3339 time.");
    public static readonly IngestError InvalidDeliveryState = new("invalid_filter", 400, "state must be pending, delivered or failed.");
    public static readonly IngestError TooManyEndpoints = new("too_many_endpoints", 409,
        "The team has as many webhook endpoints as it may have.", "Delete one that is not needed any more.");
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
    public static readonly IngestError InvalidPoster = new("invalid_poster", 400,
        "The picture is no JPEG, PNG or still WebP that can be read, or its shorter side has fewer than 64 pixels.", "Save it as a JPEG.");
    public static readonly IngestError PosterPixels = new("too_many_pixels", 400, "The picture has more than 50 million pixels.", "Make it smaller: 1280 pixels wide are enough.");
    public static readonly IngestError PosterTooLarge = new("too_large", 413, "The picture has more than 12 MiB.", "Make it smaller: 1280 pixels wide are enough.");
    public static readonly IngestError TooManyStreams = new("too_many_streams", 503, "Too many event streams are open.", "Try again in a moment, or poll the asset.");

    /// <summary>What is said of it before it happens.</summary>
    public Refusal Described => new(Status, Code, Message);

    /// <summary>The answer.</summary>
    public IResult Result() => new ProblemAnswer<IngestProblem>(
        Status, requestId => new IngestProblem("about:blank", ReasonPhrases.GetReasonPhrase(Status), Status, Message, Code, Hint, requestId), AssetJson.Default.IngestProblem);
}
