using System.Net;

namespace Movento.Storage.S3;

/// <summary>What an error of the S3 protocol means to the one who called the store.</summary>
internal static class S3Fault
{
    /// <summary>
    /// Whether the same request may succeed later: 5xx, 408, 429, and the codes that say "later" with another status
    /// (RequestTimeout comes as 400). A wrong key, a missing bucket or a refused signature stays what it is.
    /// </summary>
    public static bool IsTransient(HttpStatusCode status, string? code) =>
        ((int)status >= 500 && status is not (HttpStatusCode.NotImplemented or HttpStatusCode.HttpVersionNotSupported))
        || status is HttpStatusCode.RequestTimeout or HttpStatusCode.TooManyRequests
        || code is "RequestTimeout" or "SlowDown" or "Throttling" or "OperationAborted" or "ConditionalRequestConflict"
        || MeansFull(status, code);

    /// <summary>Whether the store has no room left; the codes are MinIO's.</summary>
    public static bool MeansFull(HttpStatusCode status, string? code) =>
        status == HttpStatusCode.InsufficientStorage || code is "XMinioStorageFull" or "XMinioAdminBucketQuotaExceeded";

    /// <summary>No connection, a connection lost, or no answer in time.</summary>
    public static ObjectStoreException NoAnswer(string what, Exception error) =>
        new($"{what}: no answer: {error.GetBaseException().Message}", isTransient: true, error);
}
