using System.Text.Json;
using System.Text.Json.Serialization.Metadata;
using Microsoft.AspNetCore.Http;

namespace Movento.Ingest.Assets;

/// <summary>Reads a request's small JSON body.</summary>
internal static class RequestJson
{
    /// <summary>The longest body, in bytes.</summary>
    public const int MaxBytes = 16 << 10;

    /// <summary>The value, or the error to answer with. No body at all is <paramref name="otherwise"/>, where there is one.</summary>
    public static async Task<(T? Value, IngestError? Error)> ReadAsync<T>(HttpRequest request, JsonTypeInfo<T> type, T? otherwise = null)
        where T : class
    {
        var body = new byte[MaxBytes];
        int length;
        try
        {
            length = await request.Body.ReadAtLeastAsync(body, MaxBytes, throwOnEndOfStream: false, request.HttpContext.RequestAborted);
        }
        catch (BadHttpRequestException)
        {
            return (null, IngestError.MalformedJson);
        }
        if (length == 0 && otherwise is not null) return (otherwise, null);
        // Asking for JSON also keeps out cross-site forms: another content type than theirs needs a CORS preflight.
        if (!request.HasJsonContentType()) return (null, IngestError.NotJson);
        if (length == MaxBytes) return (null, IngestError.MalformedJson);
        try
        {
            return JsonSerializer.Deserialize(body.AsSpan(0, length), type) is { } value ? (value, null) : (null, IngestError.MalformedJson);
        }
        catch (JsonException)
        {
            return (null, IngestError.MalformedJson);
        }
    }
}
