using System.Net.Http.Headers;
using Microsoft.AspNetCore.Http;
using Movento.Ingest.Assets;

namespace Movento.Ingest.Upload.Resumable;

/// <summary>What requests of both protocols, and plain ones, say beside their body.</summary>
internal static class UploadRequest
{
    private const int MaxKey = 255;

    /// <summary>The header Idempotency-Key: 1 to 255 visible characters, or a structured field's string of them.</summary>
    public static IngestError? Key(HttpRequest request, out string? key)
    {
        key = null;
        if (request.Headers[UploadHeaders.IdempotencyKey].ToString() is not { Length: > 0 } text) return null;
        if (text is ['"', .. var inner, '"'] && inner.Length > 0) text = inner;
        if (text.Length > MaxKey || text.Any(character => character is < '!' or > '~')) return UploadErrors.InvalidHeader;
        key = text;
        return null;
    }

    /// <summary>The whole file's SHA-256: Repr-Digest (RFC 9530), or 64 hexadecimal digits.</summary>
    public static IngestError? Digest(HttpRequest request, string? hexadecimal, out byte[]? digest)
    {
        if (!DigestField.TryReadSha256(request.Headers["Repr-Digest"], out digest)) return UploadErrors.InvalidHeader;
        if (hexadecimal is null) return null;
        if (hexadecimal.Length != 64 || !hexadecimal.All(char.IsAsciiHexDigit)) return UploadErrors.InvalidHeader;
        var bytes = Convert.FromHexString(hexadecimal);
        if (digest is not null && !digest.AsSpan().SequenceEqual(bytes)) return UploadErrors.InvalidHeader;
        digest = bytes;
        return null;
    }

    /// <summary>The file's name in Content-Disposition (RFC 6266), or null.</summary>
    public static string? FileName(HttpRequest request) =>
        ContentDispositionHeaderValue.TryParse(request.Headers.ContentDisposition, out var disposition)
            ? disposition.FileNameStar ?? disposition.FileName?.Trim('"')
            : null;

    /// <summary>Whether the body has this media type.</summary>
    public static bool Is(HttpRequest request, string mediaType) =>
        MediaTypeHeaderValue.TryParse(request.ContentType, out var type) && string.Equals(type.MediaType, mediaType, StringComparison.OrdinalIgnoreCase);
}
