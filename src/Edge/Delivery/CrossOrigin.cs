using System.Collections.Frozen;
using Microsoft.AspNetCore.Http;
using Microsoft.Extensions.Primitives;

namespace Movento.Edge.Delivery;

/// <summary>
/// Lets pages of other origins play (the Fetch standard, CORS; Resource Timing). No credentials: the token is in the URL.
/// The headers stand on errors too, so that a player sees the status instead of a network error.
/// </summary>
internal sealed class CrossOrigin(EdgeOptions options)
{
    private static readonly StringValues Any = "*";
    private static readonly StringValues Exposed = "Content-Range, Content-Length, ETag, Date, Accept-Ranges, Server-Timing, CMSD-Static, CMSD-Dynamic";
    private static readonly StringValues Methods = "GET, HEAD, OPTIONS";

    // Content-Type for licences' JSON. Their POST needs no permission: it is one of the methods that the Fetch standard lets through.
    // The CMCD fields, because some players send them as fields (CTA-5004 §3.1).
    private static readonly StringValues Headers =
        "Content-Type, Range, If-Range, If-Match, If-None-Match, If-Modified-Since, If-Unmodified-Since, CMCD-Request, CMCD-Object, CMCD-Status, CMCD-Session";

    // A day; browsers cap it lower (Chromium at two hours).
    private static readonly StringValues MaxAge = "86400";

    private static readonly StringValues OriginField = "Origin";

    private readonly FrozenSet<string> _allowed = options.AllowedOrigins.ToFrozenSet(StringComparer.Ordinal);

    /// <summary>Whether any page may play: the answers then do not depend on who asks.</summary>
    private bool AllowsAny => _allowed.Count == 0;

    public void Apply(IHeaderDictionary request, IHeaderDictionary response)
    {
        StringValues allowed = default;
        if (AllowsAny)
        {
            allowed = Any;
        }
        else
        {
            response.Vary = OriginField;
            var origin = request.Origin;
            if (origin.Count == 1 && _allowed.Contains(origin[0]!)) allowed = origin;
        }

        if (allowed.Count == 0) return;
        response.AccessControlAllowOrigin = allowed;
        response.AccessControlExposeHeaders = Exposed;
        response["Timing-Allow-Origin"] = allowed;
    }

    /// <summary>What OPTIONS answers, besides <see cref="Apply"/>.</summary>
    public static void ApplyPreflight(IHeaderDictionary response)
    {
        response.Allow = Methods;
        response.AccessControlAllowMethods = Methods;
        response.AccessControlAllowHeaders = Headers;
        response.AccessControlMaxAge = MaxAge;
    }
}
