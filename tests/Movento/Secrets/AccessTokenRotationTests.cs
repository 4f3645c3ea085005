using System.Net;
using System.Net.Http.Headers;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Hosting;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Logging;
using Microsoft.Extensions.Logging.Abstractions;
using Microsoft.IdentityModel.JsonWebTokens;
using Microsoft.IdentityModel.Tokens;
using Movento.Contracts;
using Movento.ControlPlane;
using Movento.ControlPlane.Identity.AccessTokens;
using Movento.Harness;
using Movento.Hosting;
using Movento.Secrets;

namespace Movento.Tests.Secrets;

/// <summary>Two processes over one secrets file, each with its Kestrel and its watch, while the keys of access tokens are rotated.</summary>
public sealed class AccessTokenRotationTests : IAsyncDisposable
{
    private static readonly TimeSpan Lifetime = TimeSpan.FromMinutes(15);
    private static readonly TimeSpan Overlap = TimeSpan.FromMinutes(10);

    private readonly TemporaryFolder _folder = new();
    private readonly Clock _clock = new();
    private readonly List<Node> _nodes = [];

    private string Path => _folder.Combine("secrets.json");

    [Fact]
    public async Task Rotation_InTheFile_IsFollowedByEveryProcess_AndOldTokensLiveOutTheirTime()
    {
        var (here, there) = (await StartAsync(), await StartAsync());
        var first = here.Ring.SigningAt(_clock.Now).Key.KeyId;
        var old = here.Issue(_clock.Now);
        Assert.Equal(HttpStatusCode.OK, await there.UseAsync(old));

        // 1. Known everywhere, within seconds, and signing nowhere.
        SecretsFile.Change(Path, file => file.WithNewAccessTokenKey(_clock.Now, Overlap, Lifetime));
        await Eventually.TrueAsync(() => _nodes.TrueForAll(node => node.Ring.IdsAt(_clock.Now).Count == 2), "both know the new key", TimeSpan.FromSeconds(30));
        Assert.All(_nodes, node => Assert.Equal(first, node.Ring.SigningAt(_clock.Now).Key.KeyId));

        // 2. At the same moment it signs everywhere; tokens of both are taken everywhere.
        _clock.Now += Overlap;
        var second = here.Ring.SigningAt(_clock.Now).Key.KeyId;
        Assert.NotEqual(first, second);
        Assert.Equal(second, there.Ring.SigningAt(_clock.Now).Key.KeyId);
        var lastOfOld = old;
        var fresh = there.Issue(_clock.Now);
        Assert.Equal(second, new JsonWebToken(fresh).Kid);
        foreach (var node in _nodes)
            foreach (var token in new[] { lastOfOld, fresh })
                Assert.Equal(HttpStatusCode.OK, await node.UseAsync(token));

        // 3. The old key is over once its last token is.
        _clock.Now += Lifetime + 2 * AccessTokenValidation.ClockSkew;
        Assert.All(_nodes, node => Assert.Equal([second], node.Ring.IdsAt(_clock.Now)));
        Assert.Equal(HttpStatusCode.Unauthorized, await here.UseAsync(old));
        Assert.Equal(HttpStatusCode.OK, await here.UseAsync(there.Issue(_clock.Now)));
        // The next rotation clears it away.
        Assert.Equal(2, SecretsFile.Change(Path, file => file.WithNewAccessTokenKey(_clock.Now, Overlap, Lifetime)).AccessTokenKeys.Count);
    }

    [Fact]
    public async Task Key_ThatIsDropped_IsRefusedEverywhereWithinSeconds()
    {
        var (here, there) = (await StartAsync(), await StartAsync());
        var stolen = here.Ring.SigningAt(_clock.Now).Key.KeyId;
        var token = here.Issue(_clock.Now);
        SecretsFile.Change(Path, file => file.WithNewAccessTokenKey(_clock.Now, TimeSpan.Zero, Lifetime).WithoutAccessTokenKey(stolen));

        foreach (var node in _nodes)
            await Eventually.TrueAsync(async () => await node.UseAsync(token) == HttpStatusCode.Unauthorized, "the stolen key is refused", TimeSpan.FromSeconds(30));
        Assert.Equal(HttpStatusCode.OK, await there.UseAsync(here.Issue(_clock.Now)));
        Assert.Throws<StartException>(() => SecretsFile.Change(Path, file => file.WithoutAccessTokenKey(file.AccessTokenKeys[0] is var only ? AccessTokenKeyRing.IdOf(only.Pem) : "")));
    }

    [Fact]
    public void Schedule_OfSeveralProcesses_RotatesOnceWhenItIsTime()
    {
        SecretsFile.ReadOrCreate(Path);
        SecretsFile.Change(Path, file => file with { AccessTokenKeys = [file.AccessTokenKeys[0] with { SignsFrom = _clock.Now }] });
        var options = new ControlPlaneOptions { AccessTokenKeyRotation = TimeSpan.FromDays(90) };
        AccessTokenKeyRotation[] processes =
            [.. Enumerable.Range(0, 3).Select(_ => new AccessTokenKeyRotation(Path, options, _clock, NullLogger<AccessTokenKeyRotation>.Instance))];

        Assert.DoesNotContain(processes, process => process.RotateIfDue());
        _clock.Now += TimeSpan.FromDays(90);
        Assert.Single(processes, process => process.RotateIfDue());
        Assert.DoesNotContain(processes, process => process.RotateIfDue());
        Assert.Equal(2, SecretsFile.Read(Path).AccessTokenKeys.Count);
        Assert.Equal(_clock.Now + options.AccessTokenKeyOverlap, SecretsFile.Read(Path).AccessTokenKeys[0].SignsFrom);
        options.AccessTokenKeyRotation = TimeSpan.Zero;
        _clock.Now += TimeSpan.FromDays(3000);
        Assert.DoesNotContain(processes, process => process.RotateIfDue());
    }

    [Fact]
    public void File_FromBeforeRotations_IsReadAndIsDue()
    {
        SecretsFile.ReadOrCreate(Path);
        SecretsFile.Change(Path, file => file with { AccessTokenKeys = [file.AccessTokenKeys[0] with { SignsFrom = null }] });
        Assert.Contains("\"accessTokenKeys\": [\n    \"-----BEGIN", File.ReadAllText(Path), StringComparison.Ordinal);
        var rotation = new AccessTokenKeyRotation(Path, new ControlPlaneOptions(), _clock, NullLogger<AccessTokenKeyRotation>.Instance);

        Assert.True(rotation.RotateIfDue());

        Assert.Equal([false, true], SecretsFile.Read(Path).AccessTokenKeys.Select(key => key.SignsFrom is null));
    }

    public async ValueTask DisposeAsync()
    {
        foreach (var node in _nodes) await node.DisposeAsync();
        _folder.Dispose();
    }

    private async Task<Node> StartAsync()
    {
        var secrets = SecretsFile.ReadOrCreate(Path);
        if (secrets.AccessTokenKeys[0].SignsFrom > _clock.Now)
            secrets = SecretsFile.Change(Path, file => file with { AccessTokenKeys = [file.AccessTokenKeys[0] with { SignsFrom = _clock.Now }] });
        var builder = ServerBuilder.Create();
        builder.Logging.ClearProviders();
        builder.WebHost.ConfigureKestrel(kestrel => kestrel.Listen(IPAddress.Loopback, 0));
        builder.Services.AddSingleton<TimeProvider>(_clock);
        builder.Services.AddMoventoAccess(new ControlPlaneOptions { AccessTokenKeys = secrets.AccessTokenKeys, AccessTokenLifetime = Lifetime }, _clock);
        builder.Services.AddApiPipeline(new ApiServerOptions());
        var app = builder.Build();
        app.UseApiPipeline();
        app.MapGet("/api/mine", () => "").RequireAuthorization(Access.SignedInPolicy);
        await app.StartAsync();
        var ring = app.Services.GetRequiredService<AccessTokenKeyRing>();
        var node = new Node(
            app, ring, new SecretsWatch(Path, new PlaybackKeys(secrets.KeyRing()), TimeProvider.System, NullLogger.Instance, ring),
            new HttpClient { BaseAddress = new Uri(app.Urls.Single()) });
        _nodes.Add(node);
        return node;
    }

    private sealed record Node(WebApplication App, AccessTokenKeyRing Ring, SecretsWatch Watch, HttpClient Http) : IAsyncDisposable
    {
        public string Issue(DateTimeOffset now) => new JsonWebTokenHandler { SetDefaultTimesOnTokenCreation = false }.CreateToken(new SecurityTokenDescriptor
        {
            TokenType = Access.TokenType,
            Issuer = Access.Issuer,
            Audience = Access.Audience,
            IssuedAt = now.UtcDateTime,
            NotBefore = now.UtcDateTime,
            Expires = (now + Lifetime).UtcDateTime,
            SigningCredentials = Ring.SigningAt(now),
            Claims = new Dictionary<string, object> { ["sub"] = Guid.NewGuid().ToString("N") },
        });

        public async Task<HttpStatusCode> UseAsync(string token)
        {
            using var request = new HttpRequestMessage(HttpMethod.Get, "/api/mine");
            request.Headers.Authorization = new AuthenticationHeaderValue("Bearer", token);
            using var answer = await Http.SendAsync(request);
            return answer.StatusCode;
        }

        public async ValueTask DisposeAsync()
        {
            Http.Dispose();
            await Watch.DisposeAsync();
            await App.DisposeAsync();
        }
    }

    private sealed class Clock : TimeProvider
    {
        public DateTimeOffset Now { get; set; } = new(2026, 3, 1, 10, 0, 0, TimeSpan.Zero);

        public override DateTimeOffset GetUtcNow() => Now;
    }
}
