using System.Buffers;
using System.Security.Cryptography;
using System.Text;
using Microsoft.AspNetCore.Http;
using Movento.Edge.Observation.Metrics;

namespace Movento.Edge.Operation;

/// <summary>
/// What an operator asks of an edge, on a server of its own that viewers never reach: <c>/metrics</c>. Behind a token where one is set
/// (RFC 6750): whoever does not have it hears nothing, not even what there is.
/// </summary>
internal sealed class OperatorPages(MetricsReader metrics, string? token)
{
    private readonly byte[]? _token = token is null ? null : SHA256.HashData(Encoding.UTF8.GetBytes(token));

    public async Task InvokeAsync(HttpContext context)
    {
        var (request, response) = (context.Request, context.Response);
        response.Headers.CacheControl = "no-store";
        if (!IsAllowed(request))
        {
            response.Headers.WWWAuthenticate = "Bearer";
            response.StatusCode = StatusCodes.Status401Unauthorized;
            return;
        }

        if (request.Path != "/metrics")
        {
            response.StatusCode = StatusCodes.Status404NotFound;
            return;
        }

        if (!HttpMethods.IsGet(request.Method) && !HttpMethods.IsHead(request.Method))
        {
            response.Headers.Allow = "GET, HEAD";
            response.StatusCode = StatusCodes.Status405MethodNotAllowed;
            return;
        }

        var text = new ArrayBufferWriter<byte>(16 << 10);
        metrics.Write(text);
        response.ContentType = PrometheusText.ContentType;
        response.ContentLength = text.WrittenCount;
        if (!HttpMethods.IsHead(request.Method)) await response.BodyWriter.WriteAsync(text.WrittenMemory, context.RequestAborted);
    }

    private bool IsAllowed(HttpRequest request)
    {
        if (_token is null) return true;
        const string scheme = "Bearer ";
        var authorization = request.Headers.Authorization;
        if (authorization.Count != 1 || !authorization[0]!.StartsWith(scheme, StringComparison.OrdinalIgnoreCase)) return false;
        return CryptographicOperations.FixedTimeEquals(_token, SHA256.HashData(Encoding.UTF8.GetBytes(authorization[0]![scheme.Length..].Trim())));
    }
}
