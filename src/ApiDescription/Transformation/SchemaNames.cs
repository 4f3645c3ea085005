using System.Text.Json.Serialization.Metadata;
using Microsoft.AspNetCore.OpenApi;

namespace Movento.ApiDescription.Transformation;

/// <summary>What schemas are called: slices name their records <c>Request</c> and <c>Response</c>, so the slice's own name goes before.</summary>
internal static class SchemaNames
{
    /// <summary>Null for what stands where it is used.</summary>
    public static string? Of(JsonTypeInfo type) =>
        OpenApiOptions.CreateDefaultSchemaReferenceId(type) is { } name && Nullable.GetUnderlyingType(type.Type) is null && type.Type.DeclaringType is { } slice
            ? slice.Name + name
            : OpenApiOptions.CreateDefaultSchemaReferenceId(type);
}
