using System.Globalization;
using System.Text.Json.Serialization;
using Microsoft.AspNetCore.Http;
using Movento.ApiDescription.Metadata;

namespace Movento.ControlPlane.Http;

/// <summary>Problem details (RFC 9457) with members of our own, <c>code</c>, <c>hint</c> and <c>requestId</c>; an answer in itself.</summary>
/// <param name="Status">The HTTP status.</param>
/// <param name="Code">Stable and machine-readable.</param>
/// <param name="Title">One sentence for a person.</param>
internal sealed record Problem(int Status, string Code, string Title) : IResult
{
    /// <summary>RFC 9457 §4.2.1: nothing more to say than the status and the code do.</summary>
    public string Type { get; } = "about:blank";

    /// <summary>What would help.</summary>
    [JsonIgnore(Condition = JsonIgnoreCondition.WhenWritingNull)]
    public string? Hint { get; init; }

    /// <summary>What is wrong with which field.</summary>
    [JsonIgnore(Condition = JsonIgnoreCondition.WhenWritingNull)]
    public IReadOnlyDictionary<string, string[]>? Errors { get; init; }

    /// <summary>What the request is called in the log; stands in every answer.</summary>
    [JsonIgnore(Condition = JsonIgnoreCondition.WhenWritingNull)]
    public string? RequestId { get; init; }

    /// <summary>When trying again makes sense; goes into the header (RFC 9110 §10.2.3), in whole seconds.</summary>
    [JsonIgnore]
    public TimeSpan? RetryAfter { get; init; }

    /// <summary>What is said of it before it happens.</summary>
    [JsonIgnore]
    public Refusal Described => new(Status, Code, Title);

    public static Problem NotFound(string title) => new(StatusCodes.Status404NotFound, "not_found", title);

    /// <param name="path">How far it could be read (JSONPath).</param>
    public static Problem MalformedJson(string? path) =>
        new(StatusCodes.Status400BadRequest, "malformed_json", "The body is not the JSON object that is expected here.")
        {
            Hint = $"Reading stopped at {path ?? "$"}.",
        };

    public static Problem Unauthenticated { get; } = new(StatusCodes.Status401Unauthorized, "unauthenticated", "Sign in first.")
    {
        Hint = "Send 'Authorization: Bearer' with a current access token.",
    };

    public Task ExecuteAsync(HttpContext httpContext)
    {
        var response = httpContext.Response;
        response.StatusCode = Status;
        response.Headers.CacheControl = "no-store";
        response.Headers.XContentTypeOptions = "nosniff";
        if (RetryAfter is { } wait)
            response.Headers.RetryAfter = Math.Max(1, (long)Math.Ceiling(wait.TotalSeconds)).ToString(CultureInfo.InvariantCulture);
        return response.WriteAsJsonAsync(
            this with { RequestId = httpContext.TraceIdentifier }, ControlPlaneJson.Default.Problem, "application/problem+json", httpContext.RequestAborted);
    }
}
