using System.Net.Http.Headers;
using System.Net.Http.Json;
using System.Security.Claims;
using System.Text.Encodings.Web;
using System.Text.Json;
using MassTransit;
using Microsoft.AspNetCore.Authentication;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Hosting;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Logging;
using Microsoft.Extensions.Options;
using Movento.Contracts;
using Movento.Harness;
using Movento.Ingest.Encode.Tasks;
using Movento.Servers;
using Movento.Storage;
using Movento.Storage.Files;
using Npgsql;

namespace Movento.Ingest.Tests.Running;

/// <summary>Ingest as a host runs it: a real Kestrel on a port of its own, a real database, real files; only the sign-in is simple.</summary>
public sealed class IngestHost : IAsyncDisposable
{
    // Of a machine that does ten other things; a passing test never waits it out.
    private static readonly TimeSpan EndLimit = TimeSpan.FromMinutes(8);

    private readonly WebApplication _app;

    private IngestHost(WebApplication app, IngestOptions options, IObjectStore store, Catalogue catalogue)
    {
        (_app, Options, Store, Catalogue) = (app, options, store, catalogue);
        Address = new Uri(app.Urls.First());
    }

    public Uri Address { get; }
    public IngestOptions Options { get; }
    public IObjectStore Store { get; }
    public Catalogue Catalogue { get; }
    public IServiceProvider Services => _app.Services;

    public static async Task<IngestHost> StartAsync(
        NpgsqlDataSource database, TemporaryFolder folder, Action<IngestOptions>? configure = null, bool worker = true, bool encoders = true,
        IObjectStore? store = null, Catalogue? catalogue = null)
    {
        var options = new IngestOptions
        {
            WorkFolder = folder.Combine("work"),
            PollInterval = TimeSpan.FromMilliseconds(200),
            RetryDelay = TimeSpan.FromMilliseconds(100),
            // Tests care for what comes out, not for how small it is.
            X264Preset = "ultrafast",
            ToolNiceness = 0,
            // A busy machine is no fault of a film's.
            ProbeTimeLimit = TimeSpan.FromMinutes(5),
            Ladder = "fixed",
        };
        configure?.Invoke(options);
        Assert.Empty(options.Validate());
        store ??= new FileObjectStore(new FileStorageOptions { Folder = folder.Combine("objects") }, TimeProvider.System);
        catalogue ??= new Catalogue();

        var builder = WebApplication.CreateEmptyBuilder(new WebApplicationOptions());
        builder.WebHost.UseKestrelCore().ConfigureKestrel(kestrel =>
        {
            kestrel.Listen(System.Net.IPAddress.Loopback, 0);
            // Nobody is cut off for being slow: not a test of a busy machine, nor one that holds a sender back.
            kestrel.Limits.MinRequestBodyDataRate = null;
        });
        builder.Services.AddRouting();
        builder.Services.AddMetrics();
        builder.Logging.AddProvider(catalogue.Log);
        builder.Services.AddSingleton(TimeProvider.System);
        builder.Services.AddSingleton(store);
        builder.Services.AddSingleton(catalogue);
        builder.Services.AddSingleton(new ContentKeySecret(new byte[ContentKeySecret.Length]));
        builder.Services.AddAuthentication("test").AddScheme<AuthenticationSchemeOptions, HeaderSignIn>("test", null);
        builder.Services.AddAuthorizationBuilder().AddPolicy(Access.EditorPolicy, policy => policy.RequireClaim(Access.RolesClaim, Access.EditorRole));
        builder.Services.AddMassTransit(bus =>
        {
            bus.AddMoventoIngestConsumers();
            bus.AddConsumer<Catalogue.CatalogueConsumer>();
            bus.UsingInMemory((context, configurator) => configurator.ConfigureEndpoints(context));
        });
        builder.Services.AddMoventoIngest(options, database);
        if (worker) builder.Services.AddMoventoIngestWorker();
        if (!encoders)
            builder.Services.Remove(builder.Services.Single(service => service.ImplementationType == typeof(EncodeWorker)));

        var app = builder.Build();
        app.UseDescribedAnswers();
        app.UseAuthentication();
        app.UseAuthorization();
        app.MapMoventoIngest();
        await app.StartAsync();
        return new IngestHost(app, options, store, catalogue);
    }

    /// <summary>A client signed in as an editor, of a team or alone.</summary>
    public HttpClient Client(Guid user, string role = Access.EditorRole, Guid? team = null)
    {
        var client = new HttpClient { BaseAddress = Address };
        client.DefaultRequestHeaders.Authorization = new AuthenticationHeaderValue("test", $"{user} {role} {team ?? user}");
        return client;
    }

    /// <summary>Uploads a file and returns the asset's id.</summary>
    public static async Task<string> UploadAsync(HttpClient client, string path, string? title = null)
    {
        await using var file = File.OpenRead(path);
        var query = title is null ? "" : $"?title={Uri.EscapeDataString(title)}";
        using var content = new StreamContent(file);
        using var response = await client.PutAsync($"/api/uploads/{Uri.EscapeDataString(Path.GetFileName(path))}{query}", content);
        var text = await response.Content.ReadAsStringAsync();
        Assert.True(response.StatusCode == System.Net.HttpStatusCode.Created, text);
        return JsonDocument.Parse(text).RootElement.GetProperty("assetId").GetString()!;
    }

    /// <summary>Waits until nothing more is done to the asset.</summary>
    public static async Task<JsonElement> EndAsync(HttpClient client, string id, TimeSpan? deadline = null)
    {
        JsonElement asset = default;
        await Eventually.TrueAsync(async () =>
        {
            asset = await client.GetFromJsonAsync<JsonElement>($"/api/assets/{id}");
            return asset.GetProperty("state").GetString() is "published" or "rejected" or "cancelled"
                && (asset.GetProperty("job") is not { ValueKind: JsonValueKind.Object } job || job.GetProperty("state").GetString() is "rejected" or "cancelled");
        }, $"{id} is published, rejected or cancelled", deadline ?? EndLimit);
        return asset;
    }

    public async ValueTask DisposeAsync()
    {
        await _app.StopAsync();
        await _app.DisposeAsync();
    }

    private sealed class HeaderSignIn(IOptionsMonitor<AuthenticationSchemeOptions> options, ILoggerFactory logger, UrlEncoder encoder)
        : AuthenticationHandler<AuthenticationSchemeOptions>(options, logger, encoder)
    {
        protected override Task<AuthenticateResult> HandleAuthenticateAsync()
        {
            var words = Request.Headers.Authorization.ToString().Split(' ');
            if (words is not ["test", var user, var role, .. { Length: <= 1 } team]) return Task.FromResult(AuthenticateResult.NoResult());
            var identity = new ClaimsIdentity(
                [new("sub", user), new(Access.RolesClaim, role), .. team.Select(name => new Claim(Access.TeamClaim, name))], "test");
            return Task.FromResult(AuthenticateResult.Success(new AuthenticationTicket(new ClaimsPrincipal(identity), "test")));
        }
    }
}
