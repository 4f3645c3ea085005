using Microsoft.Extensions.DependencyInjection;
using Movento.ApiDescription;
using Movento.Ingest.Assets;
using Movento.Ingest.Subtitles.Sidecars;
using Movento.Ingest.Upload.Direct;
using Movento.Ingest.Webhooks;

namespace Movento.Ingest;

/// <summary>What ingest brings to the OpenAPI document: its docstrings, its JSON and its areas.</summary>
internal static class IngestDescription
{
    private static readonly ApiArea[] Areas =
    [
        new("Uploads", "Films on their way in: in one request, after breaks, or straight to the object store."),
        new("Assets", "What was uploaded, what is done to it, and its versions."),
        new("Subtitles", "Subtitles of an asset as files."),
        new("Posters", "An asset's own poster."),
        new("Webhooks", "Events sent to a team's own servers."),
    ];

    /// <summary>The compiler weaves the docstrings of this project in where <c>AddOpenApi</c> is called with the document's name as a literal
    /// (<see cref="ApiDescriptionRegistration.Version"/>).</summary>
    public static void AddIngestDescription(this IServiceCollection services)
    {
        services.AddOpenApi("v1");
        services.ConfigureHttpJsonOptions(json =>
        {
            var chain = json.SerializerOptions.TypeInfoResolverChain;
            chain.Insert(0, AssetJson.Default);
            chain.Insert(0, SidecarJson.Default);
            chain.Insert(0, DirectJson.Default);
            chain.Insert(0, WebhookJson.Default);
        });
        foreach (var area in Areas) services.AddSingleton(area);
    }
}
