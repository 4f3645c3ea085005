using System.Text.Json.Serialization.Metadata;
using Microsoft.AspNetCore.Http;

namespace Movento.Ingest.Assets;

/// <summary>Problem details (RFC 9457) that say what the request is called in the log.</summary>
/// <param name="status">The HTTP status.</param>
/// <param name="problem">The body, given the request's id.</param>
/// <param name="type">How it is written.</param>
internal sealed class ProblemAnswer<T>(int status, Func<string, T> problem, JsonTypeInfo<T> type) : IResult
{
    public Task ExecuteAsync(HttpContext httpContext)
    {
        httpContext.Response.StatusCode = status;
        return httpContext.Response.WriteAsJsonAsync(problem(httpContext.TraceIdentifier), type, "application/problem+json", httpContext.RequestAborted);
    }
}
