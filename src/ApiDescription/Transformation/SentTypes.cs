using System.Text.Json;
using System.Text.Json.Serialization.Metadata;
using Microsoft.AspNetCore.Http.Json;
using Microsoft.AspNetCore.Routing;
using Microsoft.Extensions.Options;
using Movento.ApiDescription.Metadata;

namespace Movento.ApiDescription.Transformation;

/// <summary>
/// The types that callers send. What is answered has every member; of what is sent, a member that may be null may be left out.
/// </summary>
internal sealed class SentTypes(EndpointDataSource endpoints, IOptions<JsonOptions> json)
{
    private readonly Lazy<IReadOnlySet<Type>> _types = new(() => Find(endpoints, json.Value.SerializerOptions));

    public bool Contains(Type type) => _types.Value.Contains(type);

    private static HashSet<Type> Find(EndpointDataSource endpoints, JsonSerializerOptions options)
    {
        var found = new HashSet<Type>();
        var waiting = new Stack<Type>(endpoints.Endpoints.Select(endpoint => endpoint.Metadata.GetMetadata<RequestContent>()?.Type).OfType<Type>().Where(type => type != typeof(Stream)));
        while (waiting.TryPop(out var type))
        {
            if (!found.Add(type) || !options.TryGetTypeInfo(type, out var info)) continue;
            if (info.ElementType is { } element) waiting.Push(element);
            if (info.Kind == JsonTypeInfoKind.Object)
            {
                foreach (var property in info.Properties) waiting.Push(property.PropertyType);
            }
        }

        return found;
    }
}
