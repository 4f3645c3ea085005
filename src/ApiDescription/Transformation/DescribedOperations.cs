using System.Globalization;
using System.Text.Json.Nodes;
using Microsoft.AspNetCore.Authorization;
using Microsoft.AspNetCore.Http.Metadata;
using Microsoft.AspNetCore.OpenApi;
using Microsoft.OpenApi;
using Movento.ApiDescription.Metadata;
using Movento.Contracts;

namespace Movento.ApiDescription.Transformation;

/// <summary>Everything of an operation that stands in our own metadata: refusals by code, headers, pages, and what a caller must show.</summary>
internal sealed class DescribedOperations : IOpenApiOperationTransformer
{
    public Task TransformAsync(OpenApiOperation operation, OpenApiOperationTransformerContext context, CancellationToken cancellationToken)
    {
        var metadata = context.Description.ActionDescriptor.EndpointMetadata;
        var isProtected = EndpointAnswers.IsProtected(metadata);
        Security(operation, context, metadata, isProtected);
        Answers(operation, metadata);
        Content(operation, metadata);
        Parameters(operation, metadata);
        Refusals(operation, context.Document!, EndpointAnswers.Refusals(metadata));
        Headers(operation, metadata);
        if (metadata.OfType<WholeList>().LastOrDefault() is { } whole && operation.Responses!.GetValueOrDefault("200") is OpenApiResponse list)
            list.Description = $"{list.Description} All of it on one page: at most {whole.MaxItems}.".Trim();
        return Task.CompletedTask;
    }

    private static void Security(OpenApiOperation operation, OpenApiOperationTransformerContext context, IList<object> metadata, bool isProtected)
    {
        operation.Security = [];
        var isByCookie = metadata.OfType<RefreshCookieRead>().Any();
        if (!isProtected && !isByCookie) return;

        var person = new OpenApiSecurityRequirement();
        if (isProtected) person[new OpenApiSecuritySchemeReference(DescribedDocument.AccessToken, context.Document)] = [];
        if (isByCookie) person[new OpenApiSecuritySchemeReference(DescribedDocument.RefreshCookie, context.Document)] = [];
        operation.Security.Add(person);
        // Nothing is one of the ways, then.
        if (metadata.OfType<RefreshCookieRead>().Any(cookie => !cookie.IsRequired)) operation.Security.Add([]);

        // Who must be there in person says so by a policy of its own.
        var policies = metadata.OfType<IAuthorizeData>().Select(one => one.Policy).ToArray();
        if (!isProtected || policies.Contains(Access.SignedInPolicy) || policies.Contains(Access.AdminPolicy)) return;
        if (ApiKeyScope.Needed(context.Description.HttpMethod!, "/" + context.Description.RelativePath) is not { } scope) return;
        operation.Security.Add(new OpenApiSecurityRequirement { [new OpenApiSecuritySchemeReference(DescribedDocument.ApiKey, context.Document)] = [] });
        operation.Description = string.Join("\n\n", ((string?[])[operation.Description, $"A program's key needs the scope `{scope}`."]).Where(text => !string.IsNullOrEmpty(text)));
    }

    private static void Answers(OpenApiOperation operation, IList<object> metadata)
    {
        foreach (var answer in metadata.OfType<IProducesResponseTypeMetadata>())
        {
            if (answer.Description is { } description && operation.Responses?.GetValueOrDefault(answer.StatusCode.ToString(CultureInfo.InvariantCulture)) is OpenApiResponse response)
                response.Description = description;
        }
    }

    private static void Content(OpenApiOperation operation, IList<object> metadata)
    {
        if (operation.RequestBody is not OpenApiRequestBody body || metadata.OfType<RequestContent>().LastOrDefault() is not { } content) return;
        body.Required = content.IsRequired;
        body.Description = content.Description;
        if (content.Type == typeof(Stream))
        {
            // OpenAPI 3.1: bytes as they are have no schema.
            foreach (var media in body.Content!.Values) media.Schema = null;
        }

        if (content.Example is { } example)
        {
            foreach (var media in body.Content!.Values) media.Example = example.DeepClone();
        }
    }

    private static void Parameters(OpenApiOperation operation, IList<object> metadata)
    {
        operation.Parameters ??= [];
        foreach (var parameter in operation.Parameters.OfType<OpenApiParameter>())
        {
            // Ids are 32 hexadecimal digits throughout.
            if (parameter is { In: ParameterLocation.Path, Description: null, Schema: OpenApiSchema { Type: JsonSchemaType.String } schema })
            {
                schema.Pattern = "^[0-9a-f]{32}$";
                parameter.Description = "32 lower-case hexadecimal digits.";
            }
        }

        foreach (var header in metadata.OfType<RequestHeader>())
        {
            operation.Parameters.Add(new OpenApiParameter
            {
                Name = header.Name,
                In = ParameterLocation.Header,
                Required = header.IsRequired,
                Description = header.Description,
                Schema = new OpenApiSchema { Type = JsonSchemaType.String, Pattern = header.Pattern, MaxLength = 8192 },
            });
        }

        foreach (var query in metadata.OfType<RequestQuery>())
            Parameter(operation, query.Name, query.Description).Schema = SchemaOf(query);

        if (metadata.OfType<Pages>().LastOrDefault() is { } pages)
        {
            Parameter(operation, "after", "Where the page begins: the `next` of the page before. Without it, the first page.").Schema =
                new OpenApiSchema { Type = JsonSchemaType.String, MinLength = 1, MaxLength = 255 };
            Parameter(operation, "limit", "How long the page is at most.").Schema = new OpenApiSchema
            {
                Type = JsonSchemaType.Integer,
                Minimum = "1",
                Maximum = Text(pages.MaxLimit),
                Default = JsonValue.Create(pages.DefaultLimit),
            };
        }
    }

    private static OpenApiSchema SchemaOf(RequestQuery query)
    {
        var schema = query.Range is { } range
            ? new OpenApiSchema { Type = JsonSchemaType.Integer, Minimum = Text(range.Least), Maximum = Text(range.Most) }
            : new OpenApiSchema { Type = JsonSchemaType.String, MaxLength = query.MaxLength, Pattern = query.Pattern, Enum = query.Words is { } words ? [.. words.Select(word => (JsonNode)JsonValue.Create(word))] : null };
        return query.MaxItems is { } most ? new OpenApiSchema { Type = JsonSchemaType.Array, Items = schema, MaxItems = most } : schema;
    }

    private static string Text(int number) => number.ToString(CultureInfo.InvariantCulture);

    // The handler's own, or one that it reads from the query by itself.
    private static OpenApiParameter Parameter(OpenApiOperation operation, string name, string description)
    {
        if (operation.Parameters!.OfType<OpenApiParameter>().FirstOrDefault(one => one.In == ParameterLocation.Query && one.Name == name) is not { } parameter)
            operation.Parameters!.Add(parameter = new OpenApiParameter { Name = name, In = ParameterLocation.Query });
        parameter.Description = description;
        return parameter;
    }

    private static void Refusals(OpenApiOperation operation, OpenApiDocument document, IReadOnlyList<Refusal> refusals)
    {
        operation.Responses ??= [];
        foreach (var ofStatus in refusals.GroupBy(refusal => refusal.Status).OrderBy(group => group.Key))
        {
            var response = new OpenApiResponse
            {
                Description = string.Join('\n', ofStatus.GroupBy(refusal => refusal.Code).Select(ofCode => $"- `{ofCode.Key}`: {string.Join(" Or: ", ofCode.Select(one => one.Title).Distinct())}")),
                Content = new Dictionary<string, OpenApiMediaType>
                {
                    [EndpointDescription.ProblemContentType] = new() { Schema = ProblemSchema.With([.. ofStatus], document) },
                },
            };
            if (ofStatus.Key is 429 or 503)
            {
                response.Headers = new Dictionary<string, IOpenApiHeader>
                {
                    ["Retry-After"] = new OpenApiHeader
                    {
                        Description = "In how many seconds another try makes sense.",
                        Schema = new OpenApiSchema { Type = JsonSchemaType.Integer, Minimum = "1" },
                    },
                };
            }

            operation.Responses[ofStatus.Key.ToString(CultureInfo.InvariantCulture)] = response;
        }
    }

    private static void Headers(OpenApiOperation operation, IList<object> metadata)
    {
        foreach (var header in metadata.OfType<AnswerHeader>())
        {
            if (operation.Responses!.GetValueOrDefault(header.Status.ToString(CultureInfo.InvariantCulture)) is not OpenApiResponse response) continue;
            response.Headers ??= new Dictionary<string, IOpenApiHeader>();
            response.Headers[header.Name] = new OpenApiHeader { Description = header.Description, Schema = new OpenApiSchema { Type = JsonSchemaType.String } };
        }
    }
}
