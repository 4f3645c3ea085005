namespace Movento.Edge;

/// <summary>How the edge's answer to one request came out; its status and code stand in <see cref="EdgeProblem"/>.</summary>
public enum EdgeOutcome
{
    /// <summary>200: the whole representation.</summary>
    Whole,

    /// <summary>206: one range or several.</summary>
    Partial,

    /// <summary>304: the client has it.</summary>
    NotModified,

    /// <summary>307: a manifest of a version that is still made lies in segments/ alone.</summary>
    Redirected,

    /// <summary>204: what a page of another origin may ask (OPTIONS).</summary>
    Preflight,

    /// <summary>200: a key, or a licence with some.</summary>
    Keys,

    /// <summary>200: a steering manifest.</summary>
    Steering,

    /// <summary>204: a player's report was taken.</summary>
    Reported,

    /// <summary>200 or 503: a health endpoint.</summary>
    Health,

    /// <summary>403: no token, or no text of one.</summary>
    TokenMalformed,

    /// <summary>403: signed with a key that the ring does not hold.</summary>
    TokenUnknownKey,

    /// <summary>403: the signature is not ours.</summary>
    TokenForged,

    /// <summary>403: its time is over.</summary>
    TokenExpired,

    /// <summary>403: a token for another asset.</summary>
    TokenOfAnotherAsset,

    /// <summary>403: a token for pictures, and not a picture.</summary>
    TokenOutOfScope,

    /// <summary>403: a Common Access Token with a claim that this edge does not know.</summary>
    TokenUnknownClaim,

    /// <summary>403: a Common Access Token of another issuer than its key's.</summary>
    TokenOfAnotherIssuer,

    /// <summary>403: its time has not come.</summary>
    TokenNotYetValid,

    /// <summary>403: a token for another method.</summary>
    TokenOfAnotherMethod,

    /// <summary>403: a token for another folder, or another URI.</summary>
    TokenOfAnotherPath,

    /// <summary>403: a token for another network than the viewer's.</summary>
    TokenOfAnotherNetwork,

    /// <summary>403: a token for another country than the viewer's, or nobody says which that is.</summary>
    TokenOfAnotherCountry,

    /// <summary>403: a rendition with more lines than the token allows.</summary>
    RenditionTooHigh,

    /// <summary>403: a playback session or an asset that was taken back.</summary>
    Revoked,

    /// <summary>429: more requests a second of one session than it may send.</summary>
    SessionRequests,

    /// <summary>429: more bytes a second to one session than it may have.</summary>
    SessionBytes,

    /// <summary>429: more requests of one session at the same time than it may send.</summary>
    SessionConcurrency,

    /// <summary>429: more requests a second from one address than it may send.</summary>
    AddressRequests,

    /// <summary>429: more bytes a second to one address than it may have.</summary>
    AddressBytes,

    /// <summary>429: more requests from one address at the same time than it may send.</summary>
    AddressConcurrency,

    /// <summary>404: no URL of ours, or nothing there.</summary>
    NotFound,

    /// <summary>400: what a session asks of a manifest has a value that it cannot have.</summary>
    QueryMalformed,

    /// <summary>404: what a session asks of a manifest leaves it no pictures, or no sound.</summary>
    NothingSelected,

    /// <summary>405: not GET, HEAD or OPTIONS.</summary>
    MethodNotAllowed,

    /// <summary>405: a licence or a report by another method than POST or OPTIONS.</summary>
    LicenseMethodNotAllowed,

    /// <summary>400: not ClearKey's request for a licence.</summary>
    LicenseMalformed,

    /// <summary>413: the request for a licence is larger than any.</summary>
    LicenseTooLarge,

    /// <summary>400: a report that is no CMCD.</summary>
    ReportMalformed,

    /// <summary>413: a report that is larger than any.</summary>
    ReportTooLarge,

    /// <summary>412: If-Match names another representation.</summary>
    PreconditionFailed,

    /// <summary>416: no range of the request can be served.</summary>
    RangeNotSatisfiable,

    /// <summary>502: the object store does not answer as it should.</summary>
    OriginUnavailable,

    /// <summary>503: the object store has failed again and again, and is left alone for a while.</summary>
    OriginCircuitOpen,

    /// <summary>502: what the object store holds is not what the presentation says.</summary>
    OriginCorrupt,

    /// <summary>503: more reads wait for the object store than the edge lets wait.</summary>
    Overloaded,

    /// <summary>504: the object store took too long.</summary>
    OriginTimeout,

    /// <summary>The object store failed after the head was sent: the connection was cut, so that nobody takes the part for the whole.</summary>
    CutMidway,

    /// <summary>The client left before it had everything.</summary>
    ClientGone,
}
