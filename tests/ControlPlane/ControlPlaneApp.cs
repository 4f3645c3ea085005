using System.Net;
using System.Net.Http.Headers;
using System.Net.Http.Json;
using System.Runtime.CompilerServices;
using System.Security.Cryptography;
using System.Text.Json;
using System.Threading.Channels;
using Dapper;
using MassTransit;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Hosting;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Logging;
using Microsoft.IdentityModel.JsonWebTokens;
using Microsoft.IdentityModel.Tokens;
using Movento.Contracts;
using Movento.ControlPlane.Identity;
using Movento.ControlPlane.Identity.AccessTokens;
using Movento.ControlPlane.Identity.Mail;
using Movento.ControlPlane.Identity.Passwords;
using Movento.Harness;
using Movento.Hosting;
using Movento.Servers;
using Movento.Storage;
using Movento.Storage.Files;
using Npgsql;

namespace Movento.ControlPlane.Tests;

/// <summary>The control plane on a real Kestrel, over a real PostgreSQL and a real in-memory bus, as a host takes it in.</summary>
public sealed class ControlPlaneApp : IAsyncDisposable
{
    public const string Password = "correct horse battery staple";

    /// <summary>The key that signs access tokens, and the one that did before it.</summary>
    public static readonly string SigningKey = NewKey();
    public static readonly string OlderKey = NewKey();

    /// <summary>Of every installation of the tests, so that one hash does for all.</summary>
    private static readonly byte[] IdentitySecret = RandomNumberGenerator.GetBytes(32);

    private static readonly Lazy<string> HashOfPassword = new(() => new Bcrypt(new IdentityKeys(IdentitySecret).Passwords, PasswordCost).Hash(Password));

    /// <summary>The least that the options take: tests sign in often.</summary>
    private const int PasswordCost = 10;

    private readonly WebApplication _app;
    private readonly Channel<AnnouncementRecorded> _recorded;
    private readonly StrongBox<int> _hungUp;

    private readonly TemporaryFolder _store;

    private ControlPlaneApp(
        WebApplication app, ControlPlaneOptions options, TestClock clock, ControlPlaneDatabases databases, PlaybackKeyRing playbackKeys,
        Channel<AnnouncementRecorded> recorded, StrongBox<int> hungUp, TemporaryFolder store)
    {
        _store = store;
        _app = app;
        _recorded = recorded;
        _hungUp = hungUp;
        Options = options;
        Clock = clock;
        Databases = databases;
        PlaybackKeys = playbackKeys;
        Client = new HttpClient(new SocketsHttpHandler { UseCookies = false, AllowAutoRedirect = false }) { BaseAddress = new Uri(app.Urls.Single()) };
    }

    public ControlPlaneOptions Options { get; }
    public TestClock Clock { get; }
    public ControlPlaneDatabases Databases { get; }
    public NpgsqlDataSource Identity => Databases.Identity;
    public NpgsqlDataSource Catalogue => Databases.Catalogue;
    public NpgsqlDataSource Quality => Databases.Quality;
    public NpgsqlDataSource Billing => Databases.Billing;
    public NpgsqlDataSource Playback => Databases.Playback;
    public NpgsqlDataSource Viewing => Databases.Viewing;
    public PlaybackKeyRing PlaybackKeys { get; }
    public HttpClient Client { get; }

    /// <summary>How many callers have gone before their answer was whole.</summary>
    public int HungUp => Volatile.Read(ref _hungUp.Value);

    public IServiceProvider Services => _app.Services;

    public static string NewKey()
    {
        using var key = ECDsa.Create(ECCurve.NamedCurves.nistP256);
        return key.ExportPkcs8PrivateKeyPem();
    }

    // Limits have tests of their own; these send as much as they like.
    private static ApiServerOptions Unlimited()
    {
        var options = new ApiServerOptions();
        foreach (var kind in new[] { options.Limits.General, options.Limits.Search, options.Limits.Heartbeats, options.Limits.Checkout })
            kind.Account.Requests = kind.Key.Requests = 0;
        return options;
    }

    public static async Task<ControlPlaneApp> StartAsync(
        ControlPlaneDatabases databases,
        Action<ControlPlaneOptions>? configure = null,
        Action<ILoggingBuilder>? configureLogging = null)
    {
        var options = new ControlPlaneOptions
        {
            AccessTokenKeys = [SigningKey, OlderKey], EdgeUrl = "https://edge.example/", IdentitySecret = IdentitySecret, PasswordCost = PasswordCost,
        };
        configure?.Invoke(options);
        Assert.Empty(options.Validate());

        var clock = new TestClock(new DateTimeOffset(2026, 3, 1, 10, 0, 0, TimeSpan.Zero));
        var playbackKeys = new PlaybackKeyRing(new Dictionary<byte, byte[]> { [7] = RandomNumberGenerator.GetBytes(32) }, 7);
        var recorded = Channel.CreateUnbounded<AnnouncementRecorded>();

        var builder = WebApplication.CreateSlimBuilder();
        builder.Logging.ClearProviders();
        configureLogging?.Invoke(builder.Logging);
        builder.WebHost.ConfigureKestrel(kestrel => kestrel.Listen(IPAddress.Loopback, 0));
        builder.Services.AddSingleton<TimeProvider>(clock);
        builder.Services.AddSingleton(new PlaybackKeys(playbackKeys));
        builder.Services.AddSingleton<IPlaybackRevocations, RevocationRecorder>();
        builder.Services.AddSingleton(recorded);
        builder.Services.AddSingleton<IMailer, MailRecorder>();
        var store = new TemporaryFolder();
        builder.Services.AddSingleton<IObjectStore>(new FileObjectStore(new FileStorageOptions { Folder = store.FullName }, clock));
        builder.Services.AddSingleton<DeletionRecorder.Heard>();
        builder.Services.AddMoventoAccess(options, clock);
        builder.Services.AddApiPipeline(Unlimited());
        builder.Services.AddMassTransit(bus =>
        {
            bus.AddMoventoAccessConsumers();
            bus.AddMoventoControlPlaneConsumers();
            bus.AddConsumer<AnnouncementRecorder>();
            bus.AddConsumer<DeletionRecorder>();
            bus.UsingInMemory((context, configurator) => configurator.ConfigureEndpoints(context));
        });
        builder.Services.AddMoventoControlPlane(options, databases);

        var app = builder.Build();
        var hungUp = new StrongBox<int>();
        app.Use((context, next) =>
        {
            context.RequestAborted.Register(() => Interlocked.Increment(ref hungUp.Value));
            return next(context);
        });
        app.UseDescribedAnswers();
        app.UseApiPipeline();
        app.UseOutputCache();
        app.MapMoventoControlPlane();
        await app.StartAsync();
        await app.Services.GetRequiredService<IBusControl>().WaitForHealthStatus(BusHealthStatus.Healthy, TimeSpan.FromSeconds(60));
        return new ControlPlaneApp(app, options, clock, databases, playbackKeys, recorded, hungUp, store);
    }

    /// <summary>Sends an announcement as ingest does, and waits until the catalogue has recorded it.</summary>
    public async Task<AnnouncementRecorded> AnnounceAsync(object announcement)
    {
        await _app.Services.GetRequiredService<IBus>().Publish(announcement);
        using var deadline = new CancellationTokenSource(TimeSpan.FromSeconds(60));
        return await _recorded.Reader.ReadAsync(deadline.Token);
    }

    /// <summary>A film that is published now.</summary>
    public async Task<AssetId> PublishAsync(string title, double durationSeconds = 60, bool hasPoster = true, SignedInUser? owner = null)
    {
        var id = AssetId.New(Clock.Now);
        var ownerId = owner is null ? Guid.NewGuid() : Guid.ParseExact(owner.Id, "N");
        await AnnounceAsync(new AssetPublished(id.Value, ownerId, title, 1, durationSeconds, 1280, 720, hasPoster, Clock.Now));
        return id;
    }

    public Task<Answer> GetAsync(string path, string? accessToken = null) => SendAsync(HttpMethod.Get, path, null, accessToken);

    public Task<Answer> PostAsync(string path, object? body = null, string? accessToken = null, string? cookie = null, string? device = null) =>
        SendAsync(HttpMethod.Post, path, body is null ? null : JsonContent.Create(body), accessToken, cookie, device is null ? [] : [("Cookie", $"__Host-movento_device={device}")]);

    /// <summary>Sends JSON that depends on <c>If-Match</c>, or where that is <c>new</c>, on <c>If-None-Match: *</c>; null sends neither.</summary>
    public Task<Answer> EditAsync(HttpMethod method, string path, object? body, string? accessToken, string? ifMatch) => SendAsync(
        method, path, body is null ? null : JsonContent.Create(body), accessToken,
        headers: ifMatch switch { null => [], "new" => [("If-None-Match", "*")], _ => [("If-Match", ifMatch)] });

    public async Task<Answer> SendAsync(
        HttpMethod method, string path, HttpContent? content = null, string? accessToken = null, string? cookie = null,
        params (string Name, string Value)[] headers)
    {
        using var request = new HttpRequestMessage(method, path) { Content = content };
        foreach (var (name, value) in headers) request.Headers.TryAddWithoutValidation(name, value);
        if (accessToken is not null) request.Headers.Authorization = new AuthenticationHeaderValue("Bearer", accessToken);
        if (cookie is not null) request.Headers.Add("Cookie", $"__Host-movento_refresh={cookie}");
        using var response = await Client.SendAsync(request);
        var text = await response.Content.ReadAsStringAsync();
        return new Answer(
            response.StatusCode,
            response.Headers,
            response.Content.Headers,
            text,
            text.Length > 0 && response.Content.Headers.ContentType?.MediaType?.EndsWith("json", StringComparison.Ordinal) == true
                ? JsonSerializer.Deserialize<JsonElement>(text)
                : default);
    }

    /// <summary>The newest mail to the address, once all that are owed are sent; its text.</summary>
    public async Task<string> MailAsync(string email) =>
        (await MailsAsync(email)).LastOrDefault() ?? throw new InvalidOperationException($"There is no mail to {email}.");

    /// <summary>The texts of all mails to the address, once all that are owed are sent.</summary>
    public async Task<string[]> MailsAsync(string email)
    {
        await using var connection = await Identity.OpenConnectionAsync();
        // The sender of the host may be at it too.
        await Eventually.TrueAsync(
            async () =>
            {
                await Services.GetRequiredService<MailSender>().SendDueAsync(CancellationToken.None);
                return await connection.QuerySingleAsync<int>("SELECT count(*) FROM mails") == 0;
            },
            "every mail is sent");
        return [.. ((MailRecorder)Services.GetRequiredService<IMailer>()).Sent.Where(mail => mail.To == email).Select(mail => mail.Text)];
    }

    /// <summary>The token of the link in the newest mail to the address.</summary>
    public async Task<string> LinkTokenAsync(string email) =>
        System.Text.RegularExpressions.Regex.Match(await MailAsync(email), "#token=([A-Za-z0-9_-]{43})").Groups[1].Value;

    /// <summary>An account whose password is <see cref="Password"/>.</summary>
    public async Task<Guid> AddUserAsync(string email, params string[] roles)
    {
        await using var connection = await Identity.OpenConnectionAsync();
        return await connection.QuerySingleAsync<Guid>(
            """
            INSERT INTO users (id, email, name, password_hash, roles, created_at, confirmed_at)
            VALUES (gen_random_uuid(), @email, 'Somebody', @hash, @roles, now(), now()) RETURNING id
            """,
            new { email, hash = HashOfPassword.Value, roles = roles.Length == 0 ? [Access.ViewerRole] : roles });
    }

    /// <summary>A new account, signed in with a one-time code, which costs no hashing.</summary>
    public async Task<SignedInUser> SignInAsync(string email, params string[] roles) =>
        await SignInAgainAsync(await AddUserAsync(email, roles));

    /// <summary>One more session of an account.</summary>
    public async Task<SignedInUser> SignInAgainAsync(Guid userId)
    {
        var code = await Services.GetRequiredService<SignInCodes>().CreateAsync(userId, TimeSpan.FromMinutes(1), CancellationToken.None);
        return SignedInUser.Of(await PostAsync("/api/auth/exchange", new { code }));
    }

    /// <summary>An access token of an editor in a team.</summary>
    public string TokenOfTeam(Guid team) => new JsonWebTokenHandler().CreateToken(new SecurityTokenDescriptor
    {
        TokenType = Access.TokenType,
        Issuer = Access.Issuer,
        Audience = Access.Audience,
        NotBefore = Clock.Now.UtcDateTime,
        IssuedAt = Clock.Now.UtcDateTime,
        Expires = Clock.Now.UtcDateTime.AddMinutes(5),
        SigningCredentials = Services.GetRequiredService<AccessTokenKeyRing>().SigningAt(Clock.Now),
        Claims = new Dictionary<string, object>
        {
            ["sub"] = Guid.NewGuid().ToString("N"),
            [Access.TeamClaim] = team.ToString(),
            [Access.RolesClaim] = new[] { Access.EditorRole },
        },
    });

    public async ValueTask DisposeAsync()
    {
        Client.Dispose();
        await _app.StopAsync();
        await _app.DisposeAsync();
        _store.Dispose();
    }
}

/// <summary>What came back, whole.</summary>
public sealed record Answer(
    HttpStatusCode Status, HttpResponseHeaders Headers, HttpContentHeaders ContentHeaders, string Text, JsonElement Json)
{
    /// <summary>The text, but for what the request is called.</summary>
    public string Said => System.Text.RegularExpressions.Regex.Replace(Text, ",\"requestId\":\"[0-9a-f]{32}\"", "");

    public string? Code => Json.GetProperty("code").GetString();

    /// <summary>Checks that this is problem details with this status and code.</summary>
    public void IsProblem(HttpStatusCode status, string code)
    {
        Assert.Equal(status, Status);
        Assert.Equal("application/problem+json", ContentHeaders.ContentType?.MediaType);
        Assert.Equal(code, Code);
        Assert.Equal((int)status, Json.GetProperty("status").GetInt32());
        Assert.False(string.IsNullOrWhiteSpace(Json.GetProperty("title").GetString()));
    }

    /// <summary>Checks that this is the 400 that names exactly these fields.</summary>
    public void NamesFields(params string[] fields)
    {
        IsProblem(HttpStatusCode.BadRequest, "invalid_request");
        Assert.Equal(fields.Order(), Json.GetProperty("errors").EnumerateObject().Select(error => error.Name).Order());
    }

    /// <summary>The ETag, as it stands in the header.</summary>
    public string ETag => Headers.GetValues("ETag").Single();

    /// <summary>The Set-Cookie line of the refresh token.</summary>
    public string SetCookie => Headers.GetValues("Set-Cookie").Single(line => line.StartsWith("__Host-movento_refresh=", StringComparison.Ordinal));

    /// <summary>The cookie that makes the browser a known device.</summary>
    public string Device => Headers.GetValues("Set-Cookie").Single(line => line.StartsWith("__Host-movento_device=", StringComparison.Ordinal))
        .Split(';')[0]["__Host-movento_device=".Length..];

    /// <summary>The refresh token in it.</summary>
    public string RefreshToken => SetCookie.Split(';')[0]["__Host-movento_refresh=".Length..];
}

/// <summary>What a sign-in gave.</summary>
public sealed record SignedInUser(string AccessToken, string RefreshToken, string Id)
{
    public static SignedInUser Of(Answer answer)
    {
        Assert.Equal(HttpStatusCode.OK, answer.Status);
        return new SignedInUser(
            answer.Json.GetProperty("accessToken").GetString()!,
            answer.RefreshToken,
            answer.Json.GetProperty("user").GetProperty("id").GetString()!);
    }
}
