using MassTransit;
using Microsoft.Extensions.DependencyInjection.Extensions;
using Movento.ApiDescription;
using Movento.Contracts;
using Movento.ControlPlane;
using Movento.ControlPlane.Health;
using Movento.ControlPlane.Identity;
using Movento.Edge.Admission;
using Movento.Ingest;
using Movento.Logging;
using Movento.RateLimits;
using Movento.Secrets;
using Movento.Storage;
using Movento.Web;

namespace Movento.Hosting;

/// <summary>The server of API and pages, with the roles control, ingest and worker as far as this process has them.</summary>
internal static class ApiServer
{
    /// <summary>Bytes of a body where its endpoint says nothing.</summary>
    private const int LargestBody = 16 << 10;

    public static WebApplication Build(MoventoHost host, Databases databases, string? logFile)
    {
        var options = host.Options;
        var builder = ServerBuilder.Create();
        builder.Logging.AddMoventoLogging(logFile);
        builder.WebHost.UseUrls(options.Api.Url);
        builder.WebHost.ConfigureKestrel(kestrel =>
        {
            kestrel.AddServerHeader = false;
            // What an endpoint does not say itself is JSON; uploads and the like do say.
            kestrel.Limits.MaxRequestBodySize = LargestBody;
        });
        // What a connection buffers of its request: hundreds of uploads at the same time must not each hold Kestrel's default of 1 MiB.
        builder.WebHost.UseSockets(sockets => sockets.MaxReadBufferSize = 128 << 10);
        builder.Services.Configure<HostOptions>(hosting => hosting.ShutdownTimeout = MoventoHost.StopLimit);
        builder.Services.AddSingleton<IHostLifetime, NoLifetime>();
        builder.Services.AddSingleton(TimeProvider.System);
        builder.Services.AddSingleton(host.PlaybackKeys);
        builder.Services.AddSingleton(host.Secrets.ContentKeys());
        builder.Services.AddMoventoStorage(options.Storage);
        builder.Services.AddMoventoAccess(options.ControlPlane, TimeProvider.System);
        builder.Services.AddApiPipeline(options.Api);
        builder.Services.AddMoventoApiDescription();
        // Before the bus, whose start it is to see. Inside one process nothing is missed.
        if (options.Messaging.RabbitMq is not null) builder.Services.AddHostedService<MissedEndedSignIns>();
        AddMessages(builder.Services, options);
        if (options.Roles.HasFlag(Roles.Control))
        {
            // The edge of this process is told at once; the others, where there are some, through Redis.
            if (host.Edge is { } edge) builder.Services.AddSingleton(edge.Services.GetRequiredService<IPlaybackRevocations>());
            else builder.Services.AddPlaybackRevocations(options.Edge);
            builder.Services.AddMoventoControlPlane(options.ControlPlane, ControlPlaneDatabases.Of(schema => databases[schema]));
            builder.Services.AddHostedService(provider => new AccessTokenKeyRotation(
                options.SecretsFile, options.ControlPlane, TimeProvider.System, provider.GetRequiredService<ILogger<AccessTokenKeyRotation>>()));
            builder.Services.AddHealthChecks().AddCheck<AccessTokenKeyHealth>("access token keys", tags: [HealthApi.StartupTag]);
            builder.Services.AddMoventoWeb(new WebOptions { EdgeUrl = options.ControlPlane.EdgeUrl });
        }

        // Identity answers for keys where it is in this process; by a message where it is not.
        builder.Services.TryAddSingleton<IApiKeyHolders, RemoteApiKeyHolders>();
        if ((options.Roles & (Roles.Ingest | Roles.Worker)) != 0)
        {
            builder.Services.AddMoventoIngest(options.Ingest, databases["ingest"]);
            builder.Services.AddHealthChecks().Add(DatabaseHealth.Of("ingest database", databases["ingest"]));
        }

        var health = builder.Services.AddHealthChecks().AddCheck<ObjectStoreHealth>("object store");
        if (options.Storage.Kind == StorageKind.Files) health.Add(DiskHealth.Of("disk of the object store", options.Storage.Files.Folder));
        if (options.Roles.HasFlag(Roles.Worker)) health.Add(DiskHealth.Of("disk of the work folder", options.Ingest.WorkFolder));
        if (options.Api.Limits.IsShared) health.AddCheck<SharedBucketsHealth>("redis");
        foreach (var check in databases.StartupChecks()) health.Add(check);
        if (options.Roles.HasFlag(Roles.Worker)) builder.Services.AddMoventoIngestWorker();

        var app = builder.Build();
        app.UseApiPipeline();
        if (options.Roles.HasFlag(Roles.Control))
        {
            app.UseMoventoMissingPage();
            app.UseOutputCache();
        }

        var read = app.MapGroup("").AnswerHeadAsGet();
        read.MapMoventoApiDescription();
        // Whatever is asked may be asked too often, and may fail.
        var api = read.MapGroup("").WithMetadata(HostProblem.TooManyRequests.Described, HostProblem.Internal.Described, HostProblem.Unavailable.Described);
        if (options.Roles.HasFlag(Roles.Ingest)) api.MapMoventoIngest();
        if (options.Roles.HasFlag(Roles.Control))
        {
            api.MapMoventoControlPlane();
            app.MapMoventoWeb();
        }
        else
        {
            api.MapHealth();
        }

        return app;
    }

    /// <summary>The first user, who may upload; its password is in the secrets file.</summary>
    /// <exception cref="StartException">The account exists with another password.</exception>
    public static async Task<Guid> EnsureOperatorAsync(MoventoHost host, CancellationToken cancellationToken)
    {
        var made = await host.Api!.Services.GetRequiredService<Provisioning>().EnsureUserAsync(
            host.Secrets.OperatorEmail,
            host.Secrets.OperatorPassword,
            "Operator",
            [Access.ViewerRole, Access.EditorRole, Access.AdminRole],
            cancellationToken);
        if (made.As == ProvisionedAs.ExistsWithAnotherPassword)
        {
            throw new StartException([
                $"The account {host.Secrets.OperatorEmail} exists with another password than the secrets file '{host.Options.SecretsFile}' has: " +
                "put the right secrets file back, or name another operatorEmail in it."]);
        }

        return made.Id;
    }

    private static void AddMessages(IServiceCollection services, MoventoOptions options) => services.AddMassTransit(bus =>
    {
        // Else the library tells its makers of every installation.
        bus.DisableUsageTelemetry();
        bus.AddMoventoAccessConsumers();
        if (options.Roles.HasFlag(Roles.Control)) bus.AddMoventoControlPlaneConsumers();
        if ((options.Roles & (Roles.Ingest | Roles.Worker)) != 0) bus.AddMoventoIngestConsumers();
        if (options.Messaging.RabbitMq is { } address)
        {
            bus.UsingRabbitMq((context, rabbit) =>
            {
                rabbit.Host(new Uri(address));
                rabbit.ConfigureEndpoints(context);
            });
        }
        else
        {
            bus.UsingInMemory((context, memory) => memory.ConfigureEndpoints(context));
        }
    });
}
