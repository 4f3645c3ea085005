using System.Reflection;
using System.Text.Json;
using System.Text.Json.Serialization.Metadata;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Http.Metadata;
using Movento.ApiDescription.Metadata;

namespace Movento.ControlPlane.Http;

/// <summary>
/// A request's JSON body as a handler's parameter: either the value, or the problem to answer with. Minimal APIs' own binding
/// answers a bad body with an empty 400; a caller deserves to know what was wrong.
/// </summary>
internal sealed class JsonBody<T> : IEndpointParameterMetadataProvider
    where T : class
{
    private static readonly Problem NotJson = new(StatusCodes.Status415UnsupportedMediaType, "not_json", "The body must be application/json.");
    private static readonly Problem TooLarge = new(StatusCodes.Status413PayloadTooLarge, "too_large", "The body is too large.");
    private static readonly Problem Incomplete = new(StatusCodes.Status400BadRequest, "incomplete", "The body ended early or was framed wrongly.");

    private readonly T? _value;

    private JsonBody(T value) => _value = value;
    private JsonBody(Problem refusal) => Refusal = refusal;

    /// <summary>Why there is no value; null when there is.</summary>
    public Problem? Refusal { get; }

    /// <summary>The body. Look at <see cref="Refusal"/> first.</summary>
    public T Value => _value ?? throw new InvalidOperationException("The body was refused.");

    /// <summary>Describes what is taken, and how it is refused.</summary>
    public static void PopulateMetadata(ParameterInfo parameter, EndpointBuilder builder)
    {
        builder.Metadata.Add(new RequestContent(typeof(T), IsRequired: true, "application/json"));
        foreach (var problem in (Problem[])[NotJson, Problem.MalformedJson(null), TooLarge, Incomplete]) builder.Metadata.Add(problem.Described);
    }

    public static async ValueTask<JsonBody<T>> BindAsync(HttpContext context)
    {
        // Asking for JSON also keeps out cross-site forms: another content type than theirs needs a CORS preflight.
        if (!context.Request.HasJsonContentType())
            return new(NotJson);
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
            return new(TooLarge);
        }
        catch (BadHttpRequestException e)
        {
            return new(Incomplete with { Status = e.StatusCode });
        }
    }
}
