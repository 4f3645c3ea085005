using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Http.Json;
using Microsoft.AspNetCore.Mvc.ApiExplorer;
using Microsoft.AspNetCore.OpenApi;
using Microsoft.AspNetCore.Routing;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.DependencyInjection.Extensions;
using Movento.ApiDescription.Transformation;

namespace Movento.ApiDescription;

/// <summary>
/// The OpenAPI document of a host. Each project with endpoints calls <c>AddOpenApi("v1")</c> itself: that is where the compiler weaves its docstrings in. It adds the areas that
/// it tags its endpoints with (<see cref="ApiArea"/>) and the JSON that it writes (<c>ConfigureHttpJsonOptions</c>).
/// </summary>
public static class ApiDescriptionRegistration
{
    /// <summary>The document's name.</summary>
    public const string Version = "v1";

    /// <summary>Adds what makes the document.</summary>
    public static IServiceCollection AddMoventoApiDescription(this IServiceCollection services)
    {
        services.AddOpenApi(Version);
        // A number is a number: without this, every schema says that it may be a text too.
        services.Configure<JsonOptions>(json => json.SerializerOptions.NumberHandling = System.Text.Json.Serialization.JsonNumberHandling.Strict);
        services.TryAddEnumerable(ServiceDescriptor.Transient<IApiDescriptionProvider, RequestContents>());
        services.TryAddEnumerable(ServiceDescriptor.Transient<IApiDescriptionProvider, HeadsLeftOut>());
        services.AddSingleton<SentTypes>();
        services.AddSingleton<ApiDocument>();
        services.Configure<OpenApiOptions>(Version, options =>
        {
            options.CreateSchemaReferenceId = SchemaNames.Of;
            options.AddSchemaTransformer<DescribedSchemas>();
            options.AddOperationTransformer<DescribedOperations>();
            options.AddDocumentTransformer<DescribedDocument>();
        });
        return services;
    }

    /// <summary>Maps <c>GET /openapi/v1.json</c>, for anybody.</summary>
    public static IEndpointRouteBuilder MapMoventoApiDescription(this IEndpointRouteBuilder routes)
    {
        routes.MapGet($"/openapi/{Version}.json", (HttpContext context, ApiDocument document) => document.AnswerAsync(context)).AllowAnonymous().ExcludeFromDescription();
        return routes;
    }
}
