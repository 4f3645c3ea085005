using System.Net;
using System.Security.Claims;
using System.Text.Encodings.Web;
using System.Text.Json;
using Microsoft.AspNetCore.Authentication;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Hosting;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Logging;
using Microsoft.Extensions.Options;
using Movento.Contracts;
using Movento.Harness;
using Movento.RateLimits;

namespace Movento.Tests.RateLimits;

/// <summary>A Kestrel with the limits in front of nothing. Callers say who they are, and from which address.</summary>
internal sealed class LimitedApp : IAsyncDisposable
{
    private readonly WebApplication _app;
    private readonly HttpClient _http;

    private LimitedApp(WebApplication app)
    {
        _app = app;
        _http = new HttpClient { BaseAddress = new Uri(app.Urls.Single()) };
    }

    /// <param name="configure">What the limits are, beside the defaults.</param>
    public static async Task<LimitedApp> StartAsync(Action<RateLimitOptions> configure)
    {
        var options = new RateLimitOptions { Timeout = TimeSpan.FromSeconds(5) };
        configure(options);
        Assert.Empty(options.Validate());
        var builder = WebApplication.CreateSlimBuilder();
        builder.Logging.ClearProviders();
        builder.WebHost.ConfigureKestrel(kestrel => kestrel.Listen(IPAddress.Loopback, 0));
        builder.Services.AddSingleton(TimeProvider.System);
        builder.Services.AddAuthentication("test").AddScheme<AuthenticationSchemeOptions, HeaderSignIn>("test", null);
        builder.Services.AddMoventoRateLimits(options);
        var app = builder.Build();
        app.Use((context, next) =>
        {
            if (context.Request.Headers.TryGetValue("From-Address", out var address)) context.Connection.RemoteIpAddress = IPAddress.Parse(address.ToString());
            return next(context);
        });
        app.UseAddressLimits();
        app.UseAuthentication();
        app.UseRateLimiter();
        app.MapGet("/api/things", () => "");
        app.MapGet("/api/pay", () => "").WithMetadata(new CountedAs(RequestKind.Checkout));
        app.MapGet("/page", () => "");
        await app.StartAsync();
        var limited = new LimitedApp(app);
        if (options.IsShared) await limited.WhenSharedAsync();
        return limited;
    }

    public static RequestRate Rate(int requests) => new() { Requests = requests, Period = TimeSpan.FromDays(1) };

    public Task WhenSharedAsync() => Eventually.TrueAsync(() => _app.Services.GetRequiredService<SharedBuckets>().IsConnected, "the limiter is connected to Redis");

    public async Task<(HttpStatusCode Status, TimeSpan? RetryAfter, JsonElement Problem)> GetAsync(
        string path = "/api/things", string? address = null, Guid? account = null, Guid? key = null)
    {
        using var request = new HttpRequestMessage(HttpMethod.Get, path);
        if (address is not null) request.Headers.Add("From-Address", address);
        if (account is not null) request.Headers.Add("As", $"{account:N}/{key:N}");
        using var answer = await _http.SendAsync(request);
        var text = await answer.Content.ReadAsStringAsync();
        return (answer.StatusCode, answer.Headers.RetryAfter?.Delta, text.Length == 0 ? default : JsonSerializer.Deserialize<JsonElement>(text));
    }

    /// <summary>How many of so many requests, one after the other, are let in.</summary>
    public async Task<int> CountAsync(int requests, string path = "/api/things", string? address = null, Guid? account = null, Guid? key = null)
    {
        var count = 0;
        for (var request = 0; request < requests; request++)
        {
            var (status, _, _) = await GetAsync(path, address, account, key);
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
