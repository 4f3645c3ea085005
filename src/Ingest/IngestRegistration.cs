using MassTransit;
using Microsoft.AspNetCore.Routing;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Logging;
using Movento.Ingest.Announcements;
using Movento.Ingest.Assets;
using Movento.Ingest.Encode;
using Movento.Ingest.Encode.Tasks;
using Movento.Ingest.Growing;
using Movento.Ingest.Jobs;
using Movento.Ingest.Ladder;
using Movento.Ingest.Pictures;
using Movento.Ingest.Pictures.Posters;
using Movento.Ingest.Probe;
using Movento.Ingest.Publish;
using Movento.Ingest.Subtitles;
using Movento.Ingest.Subtitles.Sidecars;
using Movento.Ingest.Tools;
using Movento.Ingest.Upload;
using Movento.Ingest.Upload.Direct;
using Movento.Ingest.Upload.Resumable;
using Movento.Ingest.Webhooks;
using Movento.Storage;
using Movento.Storage.Staging;
using Npgsql;

namespace Movento.Ingest;

/// <summary>
/// Ingest in a host. The host registers <see cref="TimeProvider"/>, <c>IObjectStore</c>, logging, metrics, MassTransit,
/// authentication and the policy <see cref="Contracts.Access.EditorPolicy"/>.
/// </summary>
public static class IngestRegistration
{
    /// <summary>Uploads, assets and announcements: what every process of ingest has.</summary>
    /// <param name="ingestDatabase">Its search_path is the schema <c>ingest</c>; migrated before the host starts.</param>
    public static IServiceCollection AddMoventoIngest(this IServiceCollection services, IngestOptions options, NpgsqlDataSource ingestDatabase)
    {
        ArgumentNullException.ThrowIfNull(options);
        ArgumentNullException.ThrowIfNull(ingestDatabase);
        services.AddIngestDescription();
        services.AddSingleton(options);
        services.AddSingleton(new IngestDatabase(ingestDatabase));
        services.AddSingleton<IngestMetrics>();

        services.AddSingleton<UploadReceiver>();
        services.AddSingleton<UploadGate>();
        services.AddSingleton<UploadQuota>();
        services.AddSingleton<UploadWays>();
        services.AddSingleton<TusProtocol>();
        services.AddSingleton<DraftProtocol>();
        services.AddSingleton<ResumableUploads>();
        services.AddSingleton<DirectUploads>();
        services.AddSingleton<UploadTable>();
        services.AddSingleton<UploadAppender>();
        services.AddSingleton<UploadFinisher>();
        services.AddSingleton<UploadRemains>();
        services.AddSingleton<RunningHashes>();
        services.AddSingleton<UploadHolds>();
        services.AddHostedService(provider => provider.GetRequiredService<UploadHolds>());
        services.AddHostedService<UploadSweep>();
        // Both stores that there are stage uploads too.
        services.AddSingleton(provider => (IUploadStaging)provider.GetRequiredService<IObjectStore>());

        services.AddSingleton<AssetReader>();
        services.AddSingleton<AssetEvents>();
        services.AddSingleton<AssetRemoval>();
        services.AddSingleton<Leftovers>();
        services.AddSingleton<AssetList>();
        services.AddSingleton<AssetCancellation>();
        services.AddSingleton<AnotherVersion>();
        services.AddSingleton<TeamEvents>();
        services.AddSingleton<EventStreams>();
        services.AddHostedService<LeftoverSweep>();
        services.AddSingleton<AssetChanges>();
        services.AddHostedService(provider => provider.GetRequiredService<AssetChanges>());
        services.AddHostedService<Sweep>();

        services.AddSingleton<WebhookSigner>();
        services.AddSingleton<WebhookClient>();
        services.AddSingleton<WebhookSignal>();
        services.AddSingleton<WebhookRetention>();
        services.AddHostedService<WebhookSender>();
        services.AddHostedService<ProgressEvents>();

        services.AddSingleton<AnnouncementSignal>();
        services.AddHostedService<AnnouncementSender>();

        services.AddSingleton<SidecarSignal>();
        services.AddSingleton<SidecarShelf>();
        services.AddSingleton<PosterShelf>();
        services.AddSingleton<GrowingRemains>();
        services.AddHostedService(provider => provider.GetRequiredService<GrowingRemains>());

        services.AddSingleton<WorkerSignal>();
        services.AddSingleton<JobWakeUp>();
        return services;
    }

    /// <summary>The worker: claims jobs and runs the pipeline. Needs <see cref="AddMoventoIngest"/> too.</summary>
    public static IServiceCollection AddMoventoIngestWorker(this IServiceCollection services)
    {
        services.AddSingleton(provider => new ToolSandbox(
            provider.GetRequiredService<IngestOptions>(), provider.GetRequiredService<TimeProvider>(), provider.GetRequiredService<ILogger<ToolSandbox>>()));
        services.AddHostedService<SandboxStart>();

        services.AddSingleton<JobQueue>();
        services.AddSingleton<WorkFolder>();
        services.AddHostedService<IngestWorker>();
        services.AddSingleton<Pipeline>();

        services.AddSingleton<ToolRunner>();
        services.AddSingleton<ToolVersions>();
        services.AddSingleton<MediaProbe>();
        services.AddSingleton<SampleRun>();
        services.AddSingleton<PassThroughStep>();
        services.AddSingleton<SoundPassThroughStep>();
        services.AddSingleton<PacketScan>();
        services.AddSingleton<EncodeTaskQueue>();
        services.AddSingleton<EncodeTaskSignal>();
        services.AddSingleton<EncodeTaskChanges>();
        services.AddHostedService<EncodeTaskNotices>();
        services.AddSingleton<EncodeTaskRunner>();
        services.AddSingleton<FilmFolders>();
        services.AddHostedService<EncodeWorker>();
        services.AddSingleton<FilmEncode>();
        services.AddSingleton<FrameCounter>();
        services.AddSingleton<DecodingRun>();
        services.AddSingleton<EncodeProof>();
        services.AddSingleton<Poster>();
        services.AddSingleton<SubtitleStep>();
        services.AddSingleton<SidecarStep>();
        services.AddSingleton<PosterStep>();
        services.AddSingleton<SidecarPublication>();
        services.AddHostedService<SidecarWorker>();
        services.AddSingleton<PictureStep>();
        services.AddSingleton<AccompanimentStep>();
        services.AddSingleton<PackageStep>();
        services.AddSingleton<ConformanceGate>();
        services.AddSingleton<PlayableAnnouncement>();
        services.AddSingleton<GrowingPublications>();
        services.AddSingleton<FilmGrowth>();
        services.AddSingleton<Publication>();
        return services;
    }

    /// <summary>What ingest hears: that a job waits, and that an announcement was recorded.</summary>
    public static void AddMoventoIngestConsumers(this IBusRegistrationConfigurator bus)
    {
        ArgumentNullException.ThrowIfNull(bus);
        bus.AddConsumer<IngestJobQueuedConsumer>();
        bus.AddConsumer<AnnouncementRecordedConsumer>();
    }

    /// <summary>The API of docs/formats/http-api.md, "Uploads and assets", and of docs/formats/webhooks.md.</summary>
    public static IEndpointRouteBuilder MapMoventoIngest(this IEndpointRouteBuilder routes)
    {
        ArgumentNullException.ThrowIfNull(routes);
        UploadEndpoints.Map(routes);
        AssetEndpoints.Map(routes);
        EndpointApi.Map(routes);
        SidecarEndpoints.Map(routes);
        PosterEndpoints.Map(routes);
        return routes;
    }
}
