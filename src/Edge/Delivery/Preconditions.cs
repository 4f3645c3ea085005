using Microsoft.AspNetCore.Http;
using Microsoft.Extensions.Primitives;

namespace Movento.Edge.Delivery;

/// <summary>
/// RFC 9110 §13.2.2 for representations that have a strong entity tag and no modification date: If-Unmodified-Since and
/// If-Modified-Since are ignored, as §13.1.3 and §13.1.4 ask.
/// </summary>
internal static class Preconditions
{
    /// <summary>Null where the request goes on, else <see cref="EdgeOutcome.NotModified"/> or <see cref="EdgeOutcome.PreconditionFailed"/>.</summary>
    public static EdgeOutcome? Evaluate(IHeaderDictionary request, string etag)
    {
        // :: Step 1: If-Match
        var ifMatch = request.IfMatch;
        if (ifMatch.Count > 0 && !MatchAny(ifMatch, etag, weak: false)) return EdgeOutcome.PreconditionFailed;

        // :: Step 3: If-None-Match
        var ifNoneMatch = request.IfNoneMatch;
        if (ifNoneMatch.Count > 0 && MatchAny(ifNoneMatch, etag, weak: true)) return EdgeOutcome.NotModified;
        return null;
    }

    private static bool MatchAny(StringValues lines, string etag, bool weak)
    {
        foreach (var line in lines)
        {
            if (EntityTags.Match(line, etag, weak)) return true;
        }

        return false;
    }
}
