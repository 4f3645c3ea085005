using System.Text.Json.Nodes;
using Microsoft.OpenApi;
using Movento.ApiDescription.Metadata;

namespace Movento.ApiDescription.Transformation;

/// <summary>The schemas of errors: what all of them have, and the codes that one endpoint answers with.</summary>
internal static class ProblemSchema
{
    public const string Name = "Problem";

    /// <summary>Problem details (RFC 9457) with our members.</summary>
    public static OpenApiSchema Create() => new()
    {
        Type = JsonSchemaType.Object,
        Description = "Problem details (RFC 9457). `code` is stable; the sentences are for people and may change.",
        Required = new HashSet<string> { "type", "title", "status", "code" },
        Properties = new Dictionary<string, IOpenApiSchema>
        {
            ["type"] = Text("`about:blank`, or a URI of IANA's registry of problem types."),
            ["title"] = Text("What is wrong, in one sentence or by the status's own name."),
            ["status"] = new OpenApiSchema { Type = JsonSchemaType.Integer, Minimum = "400", Maximum = "599", Description = "The HTTP status." },
            ["code"] = new OpenApiSchema { Type = JsonSchemaType.String, Pattern = "^[a-z_]+$", Description = "Stable and machine-readable." },
            ["detail"] = Text("What is wrong with this request."),
            ["hint"] = new OpenApiSchema { Type = JsonSchemaType.String | JsonSchemaType.Null, Description = "What would help." },
            ["requestId"] = Text("Names the request in the log."),
            ["errors"] = new OpenApiSchema
            {
                Type = JsonSchemaType.Object,
                Description = "What is wrong with which field.",
                AdditionalProperties = new OpenApiSchema { Type = JsonSchemaType.Array, Items = new OpenApiSchema { Type = JsonSchemaType.String } },
            },
            ["expected-offset"] = Offset("Of an upload: where it goes on."),
            ["provided-offset"] = Offset("Of an upload: where the request began."),
        },
    };

    /// <summary>A problem with one of these codes.</summary>
    public static OpenApiSchema With(IReadOnlyList<Refusal> refusals, OpenApiDocument document) => new()
    {
        AllOf =
        [
            new OpenApiSchemaReference(Name, document),
            new OpenApiSchema
            {
                Properties = new Dictionary<string, IOpenApiSchema>
                {
                    ["code"] = new OpenApiSchema { Enum = [.. refusals.Select(refusal => refusal.Code).Distinct().Select(code => (JsonNode)JsonValue.Create(code))] },
                },
            },
        ],
    };

    private static OpenApiSchema Text(string description) => new() { Type = JsonSchemaType.String, Description = description };

    private static OpenApiSchema Offset(string description) =>
        new() { Type = JsonSchemaType.Integer, Format = "int64", Minimum = "0", Description = description };
}
