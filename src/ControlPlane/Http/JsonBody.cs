using System.Text.Json;
using System.Text.Json.Serialization.Metadata;
using Microsoft.AspNetCore.Http;

namespace Movento.ControlPlane.Http;

/// <summary>
/// A request's JSON body as a handler's parameter: either the value, or the problem to answer with. Minimal APIs' own binding
/// answers a bad body with an empty 400; a caller deserves to know what was wrong.
/// </summary>
internal sealed class JsonBody<T>
    where T : class
{
    private readonly T? _value;

    private JsonBody(T value) => _value = value;
    private JsonBody(Problem refusal) => Refusal = refusal;

    /// <summary>Why there is no value; null when there is.</summary>
    public Problem? Refusal { get; }

    /// <summary>The body. Look at <see cref="Refusal"/> first.</summary>
    public T Value => _value ?? throw new InvalidOperationException("The body was refused.");

    public static async ValueTask<JsonBody<T>> BindAsync(HttpContext context)
    {
        // Asking for JSON also keeps out cross-site forms: another content type than theirs needs a CORS preflight.
        if (!context.Request.HasJsonContentType())
            return new(new Problem(StatusCodes.Status415UnsupportedMediaType, "not_json", "The body must be application/json."));
        try
        {
            var typeInfo = (JsonTypeInfo<T>)ControlPlaneJson.Default.GetTypeInfo(typeof(T))!;
            var value = await context.Request.ReadFromJsonAsync(typeInfo, context.RequestAborted);
            return value is null ? new(Problem.MalformedJson("$")) : new(value);
        }
        catch (JsonException e)
        {
            return new(Problem.MalformedJson(e.Path));
        }
        catch (ArgumentException)
        {
            // What JsonObject says of a member that stands there twice.
            return new(Problem.MalformedJson(null));
        }
        catch (BadHttpRequestException e) when (e.StatusCode == StatusCodes.Status413PayloadTooLarge)
        {
            return new(new Problem(e.StatusCode, "too_large", "The body is too large."));
        }
        catch (BadHttpRequestException e)
        {
            return new(new Problem(e.StatusCode, "incomplete", "The body ended early or was framed wrongly."));
        }
    }
}
