using Microsoft.AspNetCore.Http;
using Microsoft.Extensions.Primitives;
using Microsoft.Net.Http.Headers;

namespace Movento.Web.Files;

/// <summary>Answers GET and HEAD with one file: encoding by Accept-Encoding, 304 by If-None-Match, never a range.</summary>
internal sealed class EmbeddedFileResult(EmbeddedFile file, string cacheControl) : IResult
{
    /// <summary>For an address that names its content: RFC 8246.</summary>
    public const string Immutable = "public, max-age=31536000, immutable";

    /// <summary>For an address whose content changes with a release: kept, but asked about each time.</summary>
    public const string Revalidate = "no-cache";

    /// <summary>For what may be something else the next time, such as where nothing is yet.</summary>
    public const string NeverKept = "no-store";

    public async Task ExecuteAsync(HttpContext context)
    {
        var (request, response) = (context.Request, context.Response);
        var chosen = file.Choose(Accepts(request.Headers.AcceptEncoding, "br"), Accepts(request.Headers.AcceptEncoding, "gzip"));

        response.Headers.ETag = chosen.ETag;
        response.Headers.CacheControl = cacheControl;
        response.Headers.Vary = HeaderNames.AcceptEncoding;
        if (Matches(request.Headers.IfNoneMatch, chosen.ETag))
        {
            response.StatusCode = StatusCodes.Status304NotModified;
            return;
        }

        response.ContentType = file.ContentType;
        response.ContentLength = chosen.Content.Length;
        if (chosen.Encoding is not null) response.Headers.ContentEncoding = chosen.Encoding;
        if (HttpMethods.IsHead(request.Method)) return;
        await response.Body.WriteAsync(chosen.Content, context.RequestAborted);
    }

    // RFC 9110 §12.5.3: a coding is acceptable where it is listed with a weight above zero. The wildcard is not worth a reader.
    private static bool Accepts(StringValues acceptEncoding, string coding) =>
        StringWithQualityHeaderValue.TryParseList(acceptEncoding, out var listed)
        && listed.Any(item => item.Value.Equals(coding, StringComparison.OrdinalIgnoreCase) && item.Quality is not 0);

    // RFC 9110 §13.1.2: compared weakly; '*' matches whatever exists.
    private static bool Matches(StringValues ifNoneMatch, string etag) =>
        EntityTagHeaderValue.TryParseList(ifNoneMatch, out var tags)
        && tags.Any(tag => tag.Tag == "*" || tag.Tag == etag);
}
