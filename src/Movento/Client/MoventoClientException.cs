using System.Net;

namespace Movento.Client;

/// <summary>The API refused; <see cref="Code"/> is stable, the message is for a person.</summary>
public sealed class MoventoClientException(HttpStatusCode status, string code, string message) : Exception(message)
{
    public HttpStatusCode Status { get; } = status;

    public string Code { get; } = code;
}
