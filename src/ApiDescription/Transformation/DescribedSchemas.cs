using System.ComponentModel.DataAnnotations;
using System.Reflection;
using System.Text.Json.Nodes;
using System.Text.Json.Serialization;
using System.Text.Json.Serialization.Metadata;
using Microsoft.AspNetCore.OpenApi;
using Microsoft.OpenApi;

namespace Movento.ApiDescription.Transformation;

/// <summary>
/// What ASP.NET does not say of a schema by itself: which members are always there, and which words a text may be (<see cref="WordsAttribute"/>).
/// </summary>
internal sealed class DescribedSchemas(SentTypes sent) : IOpenApiSchemaTransformer
{
    public Task TransformAsync(OpenApiSchema schema, OpenApiSchemaTransformerContext context, CancellationToken cancellationToken)
    {
        if (context.JsonTypeInfo.Kind == JsonTypeInfoKind.Object && schema.Properties is { Count: > 0 }) Members(schema, context.JsonTypeInfo);
        if (context.JsonPropertyInfo?.AttributeProvider is { } property) Words(schema, property);
        return Task.CompletedTask;
    }

    private void Members(OpenApiSchema schema, JsonTypeInfo type)
    {
        var isSent = sent.Contains(type.Type);
        schema.Required = type.Properties
            .Where(property => property.IsExtensionData is false && property.Get is not null && IsRequired(property, isSent))
            .Select(property => property.Name)
            .ToHashSet();
        // A member that nobody knows is refused.
        if (type.UnmappedMemberHandling == JsonUnmappedMemberHandling.Disallow) schema.AdditionalPropertiesAllowed = false;
    }

    private static bool IsRequired(JsonPropertyInfo property, bool isSent) =>
        isSent
            ? property.AttributeProvider?.IsDefined(typeof(RequiredAttribute), inherit: false) is true || !property.IsSetNullable && property.IsRequired
            : property.AttributeProvider?.GetCustomAttributes(typeof(JsonIgnoreAttribute), inherit: false).Length is 0 or null;

    private static void Words(OpenApiSchema schema, ICustomAttributeProvider member)
    {
        foreach (var attribute in member.GetCustomAttributes(inherit: false).OrderByDescending(attribute => attribute is RequiredAttribute))
        {
            switch (attribute)
            {
                case WordsAttribute words when schema.Type is { } type && type.HasFlag(JsonSchemaType.Array):
                    schema.Items = new OpenApiSchema { Type = JsonSchemaType.String, Enum = Nodes(words) };
                    break;
                case WordsAttribute words:
                    schema.Enum = Nodes(words);
                    if (schema.Type is { } plain && plain.HasFlag(JsonSchemaType.Null)) schema.Enum.Add(JsonNullSentinel.JsonNull);
                    break;
                // Not null, whatever the property's type must allow for a handler to name what is missing.
                case RequiredAttribute when schema.Type is { } nullable:
                    schema.Type = nullable & ~JsonSchemaType.Null;
                    break;
            }
        }
    }

    private static List<JsonNode> Nodes(WordsAttribute words) => [.. words.Read().Select(word => (JsonNode)JsonValue.Create(word))];
}
