using System.Collections.Concurrent;
using Dapper;
using Microsoft.Extensions.Logging;
using Movento.Servers;
using Movento.Servers.Stripe;

namespace Movento.ControlPlane.Tests.Billing;

/// <summary>A control plane that sells, over databases of its own, with a fake Stripe behind it on a real socket. Both live by the control plane's clock.</summary>
public sealed class BillingFixture : IAsyncLifetime
{
    public const string Key = "sk_test_fake0123456789";
    public const string WebhookSecret = "whsec_fake0123456789";

    private readonly PostgresFixture _postgres = new();
    private readonly LogRecorder _log = new();
    private ControlPlaneDatabases? _databases;
    private ControlPlaneApp? _app;
    private FakeStripeServer? _stripe;
    private AppClock? _clock;

    public ControlPlaneApp App => _app!;

    public FakeStripeServer Server => _stripe!;

    public FakeStripe Stripe => _stripe!.Stripe;

    /// <summary>Where webhooks go.</summary>
    public Uri Endpoint => new(App.Client.BaseAddress!, "/api/payments/webhook");

    /// <summary>From which level on it is logged: everything costs more than what it tells of.</summary>
    public LogLevel LogFrom { get; set; } = LogLevel.None;

    /// <summary>Everything that was logged.</summary>
    public string Log => string.Join('\n', _log.Lines);

    public async Task InitializeAsync()
    {
        await _postgres.InitializeAsync();
        _databases = await ControlPlaneFixture.CreateDatabasesAsync(_postgres);
        _clock = new AppClock(this);
        _stripe = await FakeStripeServer.StartAsync(_clock);
        _app = await ControlPlaneApp.StartAsync(
            _databases,
            options =>
            {
                options.Billing.SecretKey = Key;
                options.Billing.WebhookSecrets = ["whsec_older", WebhookSecret];
                options.Billing.ApiUrl = _stripe.Url.AbsoluteUri;
                options.Billing.ReturnUrl = "https://watch.example";
                options.Billing.RetryPause = TimeSpan.FromMilliseconds(1);
                // The sweep runs where a test asks for it.
                options.Billing.SweepInterval = TimeSpan.FromHours(1);
            },
            logging => logging.SetMinimumLevel(LogLevel.Trace).AddFilter((_, level) => level >= LogFrom).AddProvider(_log));
    }

    public async Task ResetAsync()
    {
        Server.Api.FaultOf = null;
        LogFrom = LogLevel.None;
        _log.Lines.Clear();
        Stripe.Clear();
        Server.Skip();
        App.Clock.Reset();
        await using var identity = await App.Identity.OpenConnectionAsync();
        await identity.ExecuteAsync("DELETE FROM users; DELETE FROM attempts");
        await using var catalogue = await App.Catalogue.OpenConnectionAsync();
        await catalogue.ExecuteAsync("DELETE FROM movies");
        await using var billing = await App.Billing.OpenConnectionAsync();
        await billing.ExecuteAsync("DELETE FROM customers; DELETE FROM rentals; DELETE FROM films; DELETE FROM events; DELETE FROM products; DELETE FROM progress");
        await using var playback = await App.Playback.OpenConnectionAsync();
        await playback.ExecuteAsync("DELETE FROM streams; DELETE FROM devices");
    }

    public async Task DisposeAsync()
    {
        await App.DisposeAsync();
        await Server.DisposeAsync();
        await _postgres.DisposeAsync();
    }

    // The fake is there before the control plane whose clock it shows.
    private sealed class AppClock(BillingFixture fixture) : TimeProvider
    {
        public override DateTimeOffset GetUtcNow() => fixture._app?.Clock.Now ?? new DateTimeOffset(2026, 3, 1, 10, 0, 0, TimeSpan.Zero);
    }

    private sealed class LogRecorder : ILoggerProvider, ILogger
    {
        public ConcurrentQueue<string> Lines { get; } = new();

        public ILogger CreateLogger(string categoryName) => this;

        public IDisposable? BeginScope<TState>(TState state)
            where TState : notnull => null;

        public bool IsEnabled(LogLevel logLevel) => true;

        public void Log<TState>(LogLevel logLevel, EventId eventId, TState state, Exception? exception, Func<TState, Exception?, string> formatter) =>
            Lines.Enqueue($"{formatter(state, exception)} {exception}");

        public void Dispose()
        {
        }
    }
}

/// <summary>The tests that share <see cref="BillingFixture"/>, one after the other.</summary>
[CollectionDefinition(Name)]
#pragma warning disable CA1711 // xunit's word for it
public sealed class BillingCollection : ICollectionFixture<BillingFixture>
#pragma warning restore CA1711
{
    public const string Name = "Billing";
}
