using System.Net;
using System.Net.Http.Headers;
using System.Net.Sockets;
using System.Security.Claims;
using System.Text.Encodings.Web;
using System.Text.Json;
using Microsoft.AspNetCore.Authentication;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Hosting;
using Microsoft.AspNetCore.Http;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Logging;
using Microsoft.Extensions.Options;
using Movento.Contracts;
using Movento.Harness;
using Movento.Hosting;
using Movento.Logging;
using Movento.RateLimits;
using Npgsql;

namespace Movento.Tests.Hosting;

/// <summary>A Kestrel with all that stands in front of the API, and next to nothing behind. Callers say who they are, and from which address they connect.</summary>
internal sealed class PipelineApp : IAsyncDisposable
{
    private readonly WebApplication _app;
    private readonly HttpClient _http;

    private PipelineApp(WebApplication app)
    {
        _app = app;
        _http = new HttpClient { BaseAddress = new Uri(app.Urls.Single()) };
    }

    public IServiceProvider Services => _app.Services;

    /// <param name="limits">What the limits are, beside the defaults.</param>
    /// <param name="configure">Everything else.</param>
    /// <param name="logFile">Where it logs as the host does; nowhere where none is named.</param>
    public static async Task<PipelineApp> StartAsync(
        Action<RateLimitOptions>? limits = null, Action<ApiServerOptions>? configure = null, string? logFile = null)
    {
        var options = new ApiServerOptions { Limits = { Timeout = TimeSpan.FromSeconds(5) } };
        limits?.Invoke(options.Limits);
        configure?.Invoke(options);
        Assert.Empty(options.Validate());
        var builder = ServerBuilder.Create();
        if (logFile is null) builder.Logging.ClearProviders();
        else builder.Logging.AddMoventoLogging(logFile);
        builder.WebHost.ConfigureKestrel(kestrel => kestrel.Listen(IPAddress.Loopback, 0));
        builder.Services.AddSingleton(TimeProvider.System);
        builder.Services.AddAuthentication("test").AddScheme<AuthenticationSchemeOptions, HeaderSignIn>("test", null);
        builder.Services.AddAuthorization();
        builder.Services.AddApiPipeline(options);
        var app = builder.Build();
        app.Use((context, next) =>
        {
            if (context.Request.Headers.TryGetValue("From-Address", out var address)) context.Connection.RemoteIpAddress = IPAddress.Parse(address.ToString());
            return next(context);
        });
        app.UseApiPipeline();
        app.MapGet("/api/things", (HttpContext context) => $"{context.Request.Scheme} {context.Connection.RemoteIpAddress}");
        app.MapGet("/api/pay", () => "").WithMetadata(new CountedAs(RequestKind.Checkout));
        app.MapGet("/api/fault", string () => throw new InvalidOperationException("A fault of ours."));
        app.MapGet("/api/outage", string () => throw new NpgsqlException("Failed to connect", new SocketException((int)SocketError.ConnectionRefused)));
        app.MapGet("/page", () => "");
        await app.StartAsync();
        var pipeline = new PipelineApp(app);
        if (options.Limits.IsShared) await pipeline.WhenSharedAsync();
        return pipeline;
    }

    public static RequestRate Rate(int requests) => new() { Requests = requests, Period = TimeSpan.FromDays(1) };

    public Task WhenSharedAsync() => Eventually.TrueAsync(() => _app.Services.GetRequiredService<SharedBuckets>().IsConnected, "the limiter is connected to Redis");

    public async Task<Answer> GetAsync(
        string path = "/api/things", string? address = null, Guid? account = null, Guid? key = null, params (string Name, string Value)[] headers)
    {
        using var request = new HttpRequestMessage(HttpMethod.Get, path);
        if (address is not null) request.Headers.Add("From-Address", address);
        if (account is not null) request.Headers.Add("As", $"{account:N}/{key:N}");
        foreach (var (name, value) in headers) request.Headers.TryAddWithoutValidation(name, value);
        using var answer = await _http.SendAsync(request);
        return new Answer(answer.StatusCode, answer.Headers, await answer.Content.ReadAsStringAsync());
    }

    /// <summary>How many of so many requests, one after the other, are let in.</summary>
    public async Task<int> CountAsync(int requests, string path = "/api/things", string? address = null, Guid? account = null, Guid? key = null)
    {
        var count = 0;
        for (var request = 0; request < requests; request++)
        {
            var status = (await GetAsync(path, address, account, key)).Status;
            Assert.True(status is HttpStatusCode.OK or HttpStatusCode.TooManyRequests, $"{status}");
            if (status == HttpStatusCode.OK) count++;
        }

        return count;
    }

    public async ValueTask DisposeAsync()
    {
        _http.Dispose();
        await _app.StopAsync();
        await _app.DisposeAsync();
    }

    private sealed class HeaderSignIn(IOptionsMonitor<AuthenticationSchemeOptions> options, ILoggerFactory logger, UrlEncoder encoder)
        : AuthenticationHandler<AuthenticationSchemeOptions>(options, logger, encoder)
    {
        protected override Task<AuthenticateResult> HandleAuthenticateAsync()
        {
            if (Request.Headers["As"].ToString().Split('/') is not [var account, var key]) return Task.FromResult(AuthenticateResult.NoResult());
            var identity = new ClaimsIdentity([new Claim("sub", account)], "test");
            if (key.Length > 0) identity.AddClaim(new Claim(Access.KeyClaim, key));
            return Task.FromResult(AuthenticateResult.Success(new AuthenticationTicket(new ClaimsPrincipal(identity), "test")));
        }
    }
}

/// <summary>What came back, whole.</summary>
internal sealed record Answer(HttpStatusCode Status, HttpResponseHeaders Headers, string Text)
{
    public JsonElement Json => JsonSerializer.Deserialize<JsonElement>(Text);

    /// <summary>The header's one value.</summary>
    public string Header(string name) => Assert.Single(Headers.GetValues(name));
}
