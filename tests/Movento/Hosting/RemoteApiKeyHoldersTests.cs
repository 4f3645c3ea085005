using System.Net;
using System.Net.Http.Headers;
using System.Security.Cryptography;
using System.Text.Json;
using MassTransit;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Hosting;
using Microsoft.AspNetCore.Http;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Logging;
using Movento.Contracts;
using Movento.ControlPlane;
using Movento.Hosting;

namespace Movento.Tests.Hosting;

/// <summary>Ingest apart from the control plane, which is asked whose a key is.</summary>
public sealed class RemoteApiKeyHoldersTests : IAsyncDisposable
{
    private static readonly ApiKeyHolder Holder = new(Guid.NewGuid(), Guid.NewGuid(), [Access.EditorRole], [ApiKeyScope.Upload]);

    private readonly Clock _clock = new();
    private readonly Known _known = new();
    private WebApplication? _app;
    private HttpClient? _http;

    [Fact]
    public async Task Key_ThatTheControlPlaneKnows_OpensWhatItsScopesOpen()
    {
        var (key, hash) = ApiKeyFormat.New();
        _known.Holders[Convert.ToHexString(hash)] = Holder;
        await StartAsync(isControlPlaneThere: true);

        Assert.Equal($"{Holder.UserId:N} {Holder.KeyId:N}", await (await GetAsync("/api/uploads", key)).Content.ReadAsStringAsync());
        Assert.Equal(HttpStatusCode.Forbidden, (await GetAsync("/api/assets", key)).StatusCode);
        Assert.Equal(HttpStatusCode.Unauthorized, (await GetAsync("/api/uploads", ApiKeyFormat.New().Key)).StatusCode);
        Assert.Equal(HttpStatusCode.Unauthorized, (await GetAsync("/api/uploads", key[..^1] + (key[^1] == 'A' ? 'B' : 'A'))).StatusCode);
    }

    [Fact]
    public async Task Key_ThatIsTakenBack_IsRefusedOnceItsAnswerIsOld_AndIsNotAskedAboutBefore()
    {
        var (key, hash) = ApiKeyFormat.New();
        _known.Holders[Convert.ToHexString(hash)] = Holder;
        await StartAsync(isControlPlaneThere: true);
        for (var request = 0; request < 5; request++) Assert.Equal(HttpStatusCode.OK, (await GetAsync("/api/uploads", key)).StatusCode);
        Assert.Equal(1, _known.Asked);

        _known.Holders.Clear();
        _clock.Now += RemoteApiKeyHolders.Lifetime;

        Assert.Equal(HttpStatusCode.Unauthorized, (await GetAsync("/api/uploads", key)).StatusCode);
        Assert.Equal(2, _known.Asked);
    }

    [Fact]
    public async Task Key_WhileTheControlPlaneIsAway_Is503_AndTokensAreRefusedAsEver()
    {
        await StartAsync(isControlPlaneThere: false);

        using var answer = await GetAsync("/api/uploads", ApiKeyFormat.New().Key);

        Assert.Equal(HttpStatusCode.ServiceUnavailable, answer.StatusCode);
        Assert.Equal(TimeSpan.FromSeconds(5), answer.Headers.RetryAfter?.Delta);
        Assert.Equal("application/problem+json", answer.Content.Headers.ContentType?.MediaType);
        var problem = JsonSerializer.Deserialize<JsonElement>(await answer.Content.ReadAsStringAsync());
        Assert.Equal("unavailable", problem.GetProperty("code").GetString());
        Assert.Equal(HttpStatusCode.Unauthorized, (await GetAsync("/api/uploads", "no.token.atall")).StatusCode);
    }

    public async ValueTask DisposeAsync()
    {
        _http?.Dispose();
        if (_app is not null) await _app.DisposeAsync();
    }

    private async Task StartAsync(bool isControlPlaneThere)
    {
        using var key = ECDsa.Create(ECCurve.NamedCurves.nistP256);
        var builder = ServerBuilder.Create();
        builder.Logging.ClearProviders();
        builder.WebHost.ConfigureKestrel(kestrel => kestrel.Listen(IPAddress.Loopback, 0));
        builder.Services.AddSingleton<TimeProvider>(_clock);
        builder.Services.AddMoventoAccess(new ControlPlaneOptions { AccessTokenKeys = [key.ExportPkcs8PrivateKeyPem()] }, _clock);
        builder.Services.AddApiPipeline(new ApiServerOptions());
        builder.Services.AddSingleton(_known);
        builder.Services.AddSingleton<IApiKeyHolders, RemoteApiKeyHolders>();
        builder.Services.AddMassTransit(bus =>
        {
            if (isControlPlaneThere) bus.AddConsumer<Answering>();
            bus.UsingInMemory((context, memory) => memory.ConfigureEndpoints(context));
        });
        _app = builder.Build();
        _app.UseApiPipeline();
        foreach (var path in (string[])["/api/uploads", "/api/assets"])
            _app.MapGet(path, (HttpContext context) => $"{context.User.FindFirst("sub")?.Value} {context.User.FindFirst(Access.KeyClaim)?.Value}").RequireAuthorization(Access.EditorPolicy);
        await _app.StartAsync();
        await _app.Services.GetRequiredService<IBusControl>().WaitForHealthStatus(BusHealthStatus.Healthy, TimeSpan.FromSeconds(60));
        _http = new HttpClient { BaseAddress = new Uri(_app.Urls.Single()) };
    }

    private async Task<HttpResponseMessage> GetAsync(string path, string bearer)
    {
        using var request = new HttpRequestMessage(HttpMethod.Get, path);
        request.Headers.Authorization = new AuthenticationHeaderValue("Bearer", bearer);
        return await _http!.SendAsync(request);
    }

    private sealed class Known
    {
        public Dictionary<string, ApiKeyHolder> Holders { get; } = new(StringComparer.Ordinal);

        public int Asked;
    }

    private sealed class Answering(Known known) : IConsumer<ApiKeyQuestion>
    {
        public async Task Consume(ConsumeContext<ApiKeyQuestion> context)
        {
            Interlocked.Increment(ref known.Asked);
            await context.RespondAsync(new ApiKeyAnswer(known.Holders.GetValueOrDefault(Convert.ToHexString(context.Message.Hash))));
        }
    }

    private sealed class Clock : TimeProvider
    {
        public DateTimeOffset Now { get; set; } = new(2026, 3, 1, 10, 0, 0, TimeSpan.Zero);

        public override DateTimeOffset GetUtcNow() => Now;
    }
}
