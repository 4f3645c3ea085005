using System.Collections.Immutable;
using System.Text;

namespace Movento.Edge;

/// <summary>An error as the client sees it: the one table from outcome to status, code and body. Every refused token reads the same.</summary>
internal sealed class EdgeProblem
{
    private static readonly ImmutableDictionary<EdgeOutcome, EdgeProblem> Table = new[]
    {
        (EdgeOutcome.TokenMalformed, 403, "forbidden", "Forbidden"),
        (EdgeOutcome.TokenUnknownKey, 403, "forbidden", "Forbidden"),
        (EdgeOutcome.TokenForged, 403, "forbidden", "Forbidden"),
        (EdgeOutcome.TokenExpired, 403, "forbidden", "Forbidden"),
        (EdgeOutcome.TokenOfAnotherAsset, 403, "forbidden", "Forbidden"),
        (EdgeOutcome.TokenOutOfScope, 403, "forbidden", "Forbidden"),
        (EdgeOutcome.TokenUnknownClaim, 403, "forbidden", "Forbidden"),
        (EdgeOutcome.TokenOfAnotherIssuer, 403, "forbidden", "Forbidden"),
        (EdgeOutcome.TokenNotYetValid, 403, "forbidden", "Forbidden"),
        (EdgeOutcome.TokenOfAnotherMethod, 403, "forbidden", "Forbidden"),
        (EdgeOutcome.TokenOfAnotherPath, 403, "forbidden", "Forbidden"),
        (EdgeOutcome.TokenOfAnotherNetwork, 403, "forbidden", "Forbidden"),
        (EdgeOutcome.TokenOfAnotherCountry, 403, "forbidden", "Forbidden"),
        (EdgeOutcome.RenditionTooHigh, 403, "forbidden", "Forbidden"),
        (EdgeOutcome.Revoked, 403, "forbidden", "Forbidden"),
        (EdgeOutcome.SessionRequests, 429, "too_many_requests", "Too many requests"),
        (EdgeOutcome.SessionBytes, 429, "too_many_bytes", "Too many bytes"),
        (EdgeOutcome.SessionConcurrency, 429, "too_many_at_once", "Too many requests at the same time"),
        (EdgeOutcome.AddressRequests, 429, "too_many_requests", "Too many requests"),
        (EdgeOutcome.AddressBytes, 429, "too_many_bytes", "Too many bytes"),
        (EdgeOutcome.AddressConcurrency, 429, "too_many_at_once", "Too many requests at the same time"),
        (EdgeOutcome.NotFound, 404, "not_found", "Not found"),
        (EdgeOutcome.QueryMalformed, 400, "manifest_query_malformed",
            "One of max-height, start, codecs, audio, video-range and addressing stands twice, or has a value that it cannot have"),
        (EdgeOutcome.NothingSelected, 404, "nothing_selected", "The film has no pictures or no sound of these codecs and this range"),
        (EdgeOutcome.MethodNotAllowed, 405, "method_not_allowed", "Method not allowed"),
        (EdgeOutcome.LicenseMethodNotAllowed, 405, "method_not_allowed", "Method not allowed"),
        (EdgeOutcome.LicenseMalformed, 400, "license_malformed", "Not a request for a ClearKey licence"),
        (EdgeOutcome.LicenseTooLarge, 413, "license_too_large", "The request for a licence is too large"),
        (EdgeOutcome.ReportMalformed, 400, "cmcd_malformed", "Not Common Media Client Data"),
        (EdgeOutcome.ReportTooLarge, 413, "cmcd_too_large", "The report is too large"),
        (EdgeOutcome.PreconditionFailed, 412, "precondition_failed", "Precondition failed"),
        (EdgeOutcome.RangeNotSatisfiable, 416, "range_not_satisfiable", "Range not satisfiable"),
        (EdgeOutcome.OriginUnavailable, 502, "origin_unavailable", "The object store does not answer"),
        (EdgeOutcome.OriginCircuitOpen, 503, "origin_circuit_open", "The object store does not answer and is left alone for a moment"),
        (EdgeOutcome.OriginCorrupt, 502, "origin_corrupt", "The object store holds something else"),
        (EdgeOutcome.Overloaded, 503, "overloaded", "Too much at once"),
        (EdgeOutcome.OriginTimeout, 504, "origin_timeout", "The object store takes too long"),
    }.ToImmutableDictionary(row => row.Item1, row => new EdgeProblem(row.Item2, row.Item3, row.Item4));

    private EdgeProblem(int status, string code, string title)
    {
        Status = status;
        // RFC 9457; "code" is the member that docs/formats/http-api.md adds.
        Body = Encoding.UTF8.GetBytes($$"""{"type":"about:blank","title":"{{title}}","status":{{status}},"code":"{{code}}"}""");
    }

    public int Status { get; }

    public ReadOnlyMemory<byte> Body { get; }

    /// <summary>The row of an outcome that is an error before the head was sent.</summary>
    public static EdgeProblem Of(EdgeOutcome outcome) => Table[outcome];
}
