using System.Text.Json.Serialization;
using Movento.ApiDescription.Metadata;

namespace Movento.Hosting;

/// <summary>What the host itself answers with where no area does: problem details (RFC 9457) as the areas write them.</summary>
internal sealed record HostProblem(string Type, string Title, int Status, string Code)
{
    /// <summary>Of the request; the log has the same.</summary>
    public string RequestId { get; init; } = "";

    /// <summary>The answer to whoever asks too often.</summary>
    public static readonly HostProblem TooManyRequests = new("about:blank", "Too many requests. Try again later.", StatusCodes.Status429TooManyRequests, "too_many_requests");

    /// <summary>The answer where nobody foresaw what happened.</summary>
    public static readonly HostProblem Internal =
        new("about:blank", "Something went wrong on our side; it is in the log.", StatusCodes.Status500InternalServerError, "internal");

    /// <summary>The answer while nobody can say who asks.</summary>
    public static readonly HostProblem Unavailable =
        new("about:blank", "The service cannot answer at this moment. Try again in a few seconds.", StatusCodes.Status503ServiceUnavailable, "unavailable");

    /// <summary>What is said of it before it happens.</summary>
    [JsonIgnore]
    public Refusal Described => new(Status, Code, Title);

    /// <summary>Writes the answer.</summary>
    public Task WriteAsync(HttpContext context)
    {
        context.Response.StatusCode = Status;
        context.Response.Headers.CacheControl = "no-store";
        return context.Response.WriteAsJsonAsync(
            this with { RequestId = context.TraceIdentifier }, HostProblemJson.Default.HostProblem, "application/problem+json", context.RequestAborted);
    }
}

[JsonSourceGenerationOptions(PropertyNamingPolicy = JsonKnownNamingPolicy.CamelCase)]
[JsonSerializable(typeof(HostProblem))]
internal sealed partial class HostProblemJson : JsonSerializerContext;
