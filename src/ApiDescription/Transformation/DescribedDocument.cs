using System.Reflection;
using Microsoft.AspNetCore.OpenApi;
using Microsoft.OpenApi;
using Movento.Contracts;

namespace Movento.ApiDescription.Transformation;

/// <summary>What is said of the API as a whole: its name, its areas, and how a caller shows who it is.</summary>
internal sealed class DescribedDocument : IOpenApiDocumentTransformer
{
    public const string AccessToken = "accessToken";
    public const string ApiKey = "apiKey";
    public const string RefreshCookie = "refreshCookie";

    private const string Description =
        """
        JSON in camelCase. Times are RFC 3339 in UTC, ids 32 lower-case hexadecimal digits. An error is problem details (RFC 9457) with a stable `code`.

        Lists are given out a page at a time: `next` of a page is the `after` of the page that follows, null on the last one. A list goes on behind its key however many
        rows appear or vanish before it.

        Media is served by the edge, under the signed URLs that a playback grant holds; they are no part of this document.
        """;

    public Task TransformAsync(OpenApiDocument document, OpenApiDocumentTransformerContext context, CancellationToken cancellationToken)
    {
        document.Info = new OpenApiInfo
        {
            Title = "Movento",
            Version = Assembly.GetExecutingAssembly().GetName().Version!.ToString(3),
            Description = Description,
            License = new OpenApiLicense { Name = "MIT", Identifier = "MIT" },
        };
        document.Servers = [new OpenApiServer { Url = "/" }];
        // Bytes have no schema (OpenAPI 3.1); ASP.NET keeps one that nothing refers to.
        document.Components?.Schemas?.Remove(nameof(Stream));
        document.AddComponent(ProblemSchema.Name, ProblemSchema.Create());
        document.AddComponent<IOpenApiSecurityScheme>(AccessToken, new OpenApiSecurityScheme
        {
            Type = SecuritySchemeType.Http,
            Scheme = "bearer",
            BearerFormat = "JWT",
            Description = "The `accessToken` of a sign-in, for its 15 minutes.",
        });
        document.AddComponent<IOpenApiSecurityScheme>(ApiKey, new OpenApiSecurityScheme
        {
            Type = SecuritySchemeType.Http,
            Scheme = "bearer",
            BearerFormat = "mvk_…",
            Description = $"A program's key in an access token's place, within its scopes: {string.Join(", ", ApiKeyScope.All.Select(scope => $"`{scope}`"))}.",
        });
        if (context.ApplicationServices.GetService(typeof(SignInCookie)) is SignInCookie cookie)
        {
            document.AddComponent<IOpenApiSecurityScheme>(RefreshCookie, new OpenApiSecurityScheme
            {
                Type = SecuritySchemeType.ApiKey,
                In = ParameterLocation.Cookie,
                Name = cookie.Name,
                Description = "The refresh token of a browser's sign-in: HttpOnly, SameSite=Strict.",
            });
        }

        var known = context.ApplicationServices.GetService(typeof(IEnumerable<ApiArea>)) as IEnumerable<ApiArea> ?? [];
        var used = document.Paths.Values.SelectMany(path => path.Operations!.Values).SelectMany(operation => operation.Tags!).Select(tag => tag.Name).ToHashSet(StringComparer.Ordinal);
        document.Tags = new HashSet<OpenApiTag>(known.Where(area => used.Contains(area.Name)).Select(area => new OpenApiTag { Name = area.Name, Description = area.Description }));
        return Task.CompletedTask;
    }
}
