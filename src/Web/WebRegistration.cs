using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Routing;
using Microsoft.Extensions.DependencyInjection;
using Movento.Web.Files;
using Movento.Web.Headers;

namespace Movento.Web;

/// <summary>The pages: the catalogue, the player and the account for viewers, the studio for content teams, the administration of accounts.</summary>
public static class WebRegistration
{
    private static readonly string[] Read = [HttpMethods.Get, HttpMethods.Head];

    /// <summary>Reads the pages into memory.</summary>
    /// <exception cref="ArgumentException"><see cref="WebOptions.Validate"/> has something to say.</exception>
    public static IServiceCollection AddMoventoWeb(this IServiceCollection services, WebOptions options)
    {
        // The edge's origin becomes part of a security policy: never an unchecked one.
        if (options.Validate().FirstOrDefault() is { } wrong) throw new ArgumentException(wrong, nameof(options));
        return services
            .AddSingleton(new SecurityHeaders(options.EdgeOrigin))
            .AddSingleton(new EmbeddedFileSet(options.EdgeOrigin));
    }

    /// <summary>Answers browsers that come where no endpoint is with a page that leads on, and 404; programs get the bare status.</summary>
    public static IApplicationBuilder UseMoventoMissingPage(this IApplicationBuilder app)
    {
        var headers = app.ApplicationServices.GetRequiredService<SecurityHeaders>();
        var page = app.ApplicationServices.GetRequiredService<EmbeddedFileSet>().Page("missing");
        return app.Use(async (context, next) =>
        {
            if (context.GetEndpoint() is not null || !(HttpMethods.IsGet(context.Request.Method) || HttpMethods.IsHead(context.Request.Method)) || !AsksForAPage(context.Request))
            {
                await next(context);
                return;
            }

            headers.Write(context.Response.Headers);
            context.Response.StatusCode = StatusCodes.Status404NotFound;
            await new EmbeddedFileResult(page, EmbeddedFileResult.NeverKept).ExecuteAsync(context);
        });
    }

    // Browsers name the type when somebody goes somewhere; what scripts fetch and what other programs ask for does not.
    private static bool AsksForAPage(HttpRequest request) =>
        request.Headers.Accept.Any(types => types is not null && types.Contains("text/html", StringComparison.OrdinalIgnoreCase));

    /// <summary>Maps <c>/</c>, <c>/watch/{assetId}</c>, <c>/studio</c>, <c>/account</c>, <c>/admin</c>, <c>/confirm</c>, <c>/reset</c>, <c>/reference</c> and the files that they link to.</summary>
    public static IEndpointRouteBuilder MapMoventoWeb(this IEndpointRouteBuilder app)
    {
        var files = app.ServiceProvider.GetRequiredService<EmbeddedFileSet>();
        var pages = app.MapGroup("").AllowAnonymous().ExcludeFromDescription();
        pages.AddEndpointFilter(app.ServiceProvider.GetRequiredService<SecurityHeaders>());

        MapPage("/", "catalogue");
        MapPage("/watch/{assetId:length(32)}", "watch");
        MapPage("/studio", "studio");
        MapPage("/account", "account");
        MapPage("/admin", "admin");
        // Where the links of mails lead (Movento:ControlPlane:Mail).
        MapPage("/confirm", "confirm");
        MapPage("/reset", "reset");
        // Of the OpenAPI document, which the host serves.
        MapPage("/reference", "reference");
        pages.MapMethods("/static/{version}/{**path}", Read, IResult (string version, string path) => files.Find(path) switch
        {
            null => Results.NotFound(),
            // A page of the previous release may still ask while servers are being replaced: give it ours, but let nobody keep it.
            var file => new EmbeddedFileResult(file, version == files.Version ? EmbeddedFileResult.Immutable : EmbeddedFileResult.Revalidate),
        });
        return app;

        void MapPage(string route, string name)
        {
            var page = new EmbeddedFileResult(files.Page(name), EmbeddedFileResult.Revalidate);
            pages.MapMethods(route, Read, IResult () => page);
        }
    }
}
