using System.Globalization;
using Microsoft.AspNetCore.Http;
using Microsoft.Net.Http.Headers;
using Movento.Contracts;

namespace Movento.Ingest.Upload.Resumable;

/// <summary>The headers of the two protocols, tus 1.0.0 and draft-ietf-httpbis-resumable-upload.</summary>
internal static class UploadHeaders
{
    public const string TusVersion = "1.0.0";
    public const string TusContent = "application/offset+octet-stream";
    public const string DraftContent = "application/partial-upload";
    public const string Offset = "Upload-Offset";
    public const string Length = "Upload-Length";
    public const string Complete = "Upload-Complete";
    public const string Limit = "Upload-Limit";
    public const string Expires = "Upload-Expires";
    public const string Resumable = "Tus-Resumable";
    public const string Metadata = "Upload-Metadata";
    public const string Concat = "Upload-Concat";
    public const string DeferLength = "Upload-Defer-Length";
    public const string InteropVersion = "Upload-Draft-Interop-Version";
    public const string IdempotencyKey = "Idempotency-Key";

    private const string TusExtensions =
        "creation,creation-with-upload,creation-defer-length,expiration,checksum,checksum-trailer,termination,concatenation";

    private const string Exposed =
        "Location, Content-Location, Upload-Offset, Upload-Length, Upload-Complete, Upload-Limit, Upload-Metadata, Upload-Defer-Length, Upload-Concat, " +
        "Upload-Expires, Tus-Resumable, Tus-Version, Tus-Extension, Tus-Max-Size, Tus-Checksum-Algorithm, Repr-Digest, Retry-After";

    // What a path of ours is, absolute or not, for the members of a concatenation.
    private const string Path = "/api/uploads/";

    public static string LocationOf(AssetId upload) => Path + upload;

    /// <summary>The upload that a URL of ours names.</summary>
    public static bool TryReadLocation(string url, out AssetId id)
    {
        id = default;
        var path = Uri.TryCreate(url, UriKind.Absolute, out var absolute) && absolute.Scheme is "http" or "https" ? absolute!.AbsolutePath : url;
        return path.StartsWith(Path, StringComparison.Ordinal) && AssetId.TryParse(path.AsSpan(Path.Length), out id);
    }

    /// <summary>What every answer about an upload carries.</summary>
    public static void Begin(HttpContext context)
    {
        var headers = context.Response.Headers;
        headers.CacheControl = "no-store";
        headers.AccessControlExposeHeaders = Exposed;
        if (context.Request.Headers.ContainsKey(Resumable)) headers[Resumable] = TusVersion;
        if (Interop(context.Request) is { } version) headers[InteropVersion] = version;
    }

    /// <summary>What the server can, for OPTIONS.</summary>
    public static void Describe(HttpResponse response, IngestOptions options)
    {
        var headers = response.Headers;
        headers[Resumable] = TusVersion;
        headers["Tus-Version"] = TusVersion;
        headers["Tus-Extension"] = TusExtensions;
        headers["Tus-Max-Size"] = Text(options.MaxUploadBytes);
        headers["Tus-Checksum-Algorithm"] = RequestChecksum.Algorithms;
        headers["Accept-Patch"] = $"{DraftContent}, {TusContent}";
        headers[Limit] = $"max-size={options.MaxUploadBytes}";
        headers.AccessControlExposeHeaders = Exposed;
    }

    public static void SayExpiry(HttpResponse response, UploadRow upload) =>
        response.Headers[Expires] = HeaderUtilities.FormatDate(new DateTimeOffset(DateTime.SpecifyKind(upload.ExpiresAt, DateTimeKind.Utc)));

    /// <summary>The draft's limits, as they hold for this upload.</summary>
    public static string Limits(IngestOptions options, UploadRow upload, DateTimeOffset now) => string.Create(
        CultureInfo.InvariantCulture,
        $"max-size={options.MaxUploadBytes}, max-age={Math.Max(0, (long)(DateTime.SpecifyKind(upload.ExpiresAt, DateTimeKind.Utc) - now.UtcDateTime).TotalSeconds)}");

    /// <summary>The draft's version that a client of a time before the standard says, between those that this server has learnt.</summary>
    public static string? Interop(HttpRequest request) =>
        StructuredField.Integer(request.Headers[InteropVersion]) is { } version and >= 5 and <= 99 ? Text(version) : null;

    public static string Text(long value) => value.ToString(CultureInfo.InvariantCulture);

    public static string Text(bool value) => value ? "?1" : "?0";
}
