using System.Text.Json.Serialization;

namespace Movento.Hosting;

/// <summary>What the host itself answers with where no area does: problem details (RFC 9457) as the areas write them.</summary>
internal sealed record HostProblem(string Type, string Title, int Status, string Code, string RequestId)
{
    /// <summary>Writes the answer.</summary>
    public static Task WriteAsync(HttpContext context, int status, string code, string title)
    {
        context.Response.StatusCode = status;
        context.Response.Headers.CacheControl = "no-store";
        return context.Response.WriteAsJsonAsync(
            new HostProblem("about:blank", title, status, code, context.TraceIdentifier), HostProblemJson.Default.HostProblem, "application/problem+json", context.RequestAborted);
    }
}

[JsonSourceGenerationOptions(PropertyNamingPolicy = JsonKnownNamingPolicy.CamelCase)]
[JsonSerializable(typeof(HostProblem))]
internal sealed partial class HostProblemJson : JsonSerializerContext;
