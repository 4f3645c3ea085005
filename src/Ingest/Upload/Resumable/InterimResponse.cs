using System.Text;
using Microsoft.AspNetCore.Connections.Features;
using Microsoft.AspNetCore.Http;

namespace Movento.Ingest.Upload.Resumable;

/// <summary>
/// The interim response 104 (Upload Resumption Supported) of draft-ietf-httpbis-resumable-upload. ASP.NET Core has no words for interim
/// responses, so it is written to the connection itself, as RFC 9110 §15.2 and RFC 9112 §4 have it: over HTTP/1.1 only, and only while the
/// request's body is still being read, when nobody else writes. HTTP/2 clients do without; interim responses are optional.
/// </summary>
internal sealed class InterimResponse(HttpContext context)
{
    private readonly IConnectionTransportFeature? _connection = context.Request.Protocol == HttpProtocol.Http11
        ? context.Features.Get<IConnectionTransportFeature>()
        : null;

    /// <summary>Sends the fields, unless the final response has begun or the connection cannot have one.</summary>
    public async Task SendAsync(IEnumerable<KeyValuePair<string, string>> fields, CancellationToken cancellationToken)
    {
        if (_connection?.Transport is not { } transport || context.Response.HasStarted) return;
        var text = new StringBuilder("HTTP/1.1 104 Upload Resumption Supported\r\n");
        foreach (var (name, value) in fields) text.Append(name).Append(": ").Append(value).Append("\r\n");
        text.Append("\r\n");
        await transport.Output.WriteAsync(Encoding.ASCII.GetBytes(text.ToString()), cancellationToken);
    }
}
