using System.Text.Json;
using Microsoft.AspNetCore.Routing;
using Microsoft.Extensions.DependencyInjection;
using Movento.Harness;
using Movento.Hosting;
using Movento.Servers;
using Movento.Servers.Stripe;

namespace Movento.ApiDescription.Tests;

/// <summary>A whole host in this process, with billing on, its endpoints and its document.</summary>
public sealed class DescribedHost : IAsyncLifetime
{
    private readonly TemporaryFolder _folder = new();
    private readonly PostgresFixture _postgres = new();
    private MoventoHost? _host;

    /// <summary>The payment provider.</summary>
    public FakeStripeServer Stripe { get; private set; } = null!;

    /// <summary>The API's address.</summary>
    public Uri Url { get; } = new($"http://127.0.0.1:{FreePort.Next()}");

    /// <summary>Calls it directly.</summary>
    public HttpClient Http { get; } = new();

    /// <summary>The document, as it is served.</summary>
    public JsonElement Document { get; private set; }

    /// <summary>The document as a file, for outside judges.</summary>
    public string DocumentFile => _folder.Combine("v1.json");

    /// <summary>The running host.</summary>
    public MoventoHost Host => _host ?? throw new InvalidOperationException("The host is not running.");

    /// <summary>Everything that the host has routed.</summary>
    public IEnumerable<RouteEndpoint> Endpoints => Host.Api!.Services.GetRequiredService<EndpointDataSource>().Endpoints.OfType<RouteEndpoint>();

    /// <summary>Every operation of the document.</summary>
    public IEnumerable<Operation> Operations =>
        from path in Document.GetProperty("paths").EnumerateObject()
        from operation in path.Value.EnumerateObject()
        select new Operation(path.Name, operation.Name, operation.Value);

    /// <summary>What a schema refers to.</summary>
    public JsonElement Resolve(JsonElement schema)
    {
        while (schema.ValueKind == JsonValueKind.Object && schema.TryGetProperty("$ref", out var reference))
            schema = reference.GetString()!.Split('/').Skip(1).Aggregate(Document, (part, key) => part.GetProperty(key));
        return schema;
    }

    public async Task InitializeAsync()
    {
        await _postgres.InitializeAsync();
        Stripe = await FakeStripeServer.StartAsync(TimeProvider.System);
        Stripe.Stripe.AddPrice("Plan", 1000, "month", null, ("movento_plan", "plan"), ("movento_streams", "2"));
        Stripe.Stripe.AddPrice("Bigger plan", 2000, "month", null, ("movento_plan", "bigger"), ("movento_streams", "4"));
        var options = OptionsReader.Read(new DataFolder(_folder.Combine("data")), new Dictionary<string, string?>
        {
            ["Movento:Api:Url"] = Url.AbsoluteUri.TrimEnd('/'),
            ["Movento:EdgeServer:Url"] = $"http://127.0.0.1:{FreePort.Next()}",
            ["Movento:Database:ConnectionString"] = await _postgres.CreateDatabaseAsync(),
            ["Movento:ControlPlane:PasswordCost"] = "10",
            ["Movento:ControlPlane:Billing:SecretKey"] = Stripe.Stripe.SecretKey,
            ["Movento:ControlPlane:Billing:WebhookSecrets:0"] = Stripe.Stripe.WebhookSecret,
            ["Movento:ControlPlane:Billing:ApiUrl"] = Stripe.Url.AbsoluteUri,
        });
        _host = await MoventoHost.StartAsync(options, _folder.Combine("host.log"), _ => { }, CancellationToken.None);
        Http.BaseAddress = Url;
        var json = await Http.GetByteArrayAsync("/openapi/v1.json");
        await File.WriteAllBytesAsync(DocumentFile, json);
        Document = JsonDocument.Parse(json).RootElement;
    }

    public async Task DisposeAsync()
    {
        Http.Dispose();
        if (_host is not null) await _host.DisposeAsync();
        if (Stripe is not null) await Stripe.DisposeAsync();
        await _postgres.DisposeAsync();
        _folder.Dispose();
    }
}

/// <summary>An operation of the document.</summary>
/// <param name="Path">Its template.</param>
/// <param name="Method">In lower case.</param>
/// <param name="Json">What is said of it.</param>
public sealed record Operation(string Path, string Method, JsonElement Json)
{
    public string Id => Json.GetProperty("operationId").GetString()!;

    /// <summary>Names of its query's parameters.</summary>
    public IEnumerable<string> Query => !Json.TryGetProperty("parameters", out var parameters) ? [] : parameters.EnumerateArray()
        .Where(parameter => parameter.GetProperty("in").GetString() == "query").Select(parameter => parameter.GetProperty("name").GetString()!);

    public override string ToString() => $"{Method.ToUpperInvariant()} {Path}";
}

[CollectionDefinition(nameof(DescribedHost))]
public sealed class DescribedHostTests : ICollectionFixture<DescribedHost>;
