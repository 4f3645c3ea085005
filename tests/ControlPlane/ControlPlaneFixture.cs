using Dapper;
using Microsoft.Extensions.DependencyInjection;
using Movento.ControlPlane.Catalogue;
using Movento.ControlPlane.Identity.Mail;
using Movento.Servers;
using Npgsql;

namespace Movento.ControlPlane.Tests;

/// <summary>
/// A private PostgreSQL with the control plane's databases, and one control plane over them. Tests take turns, and each finds
/// everything as it was at first: empty databases, the clock at its start, the options at their defaults, nothing cached.
/// </summary>
public sealed class ControlPlaneFixture : IAsyncLifetime
{
    private readonly PostgresFixture _postgres = new();
    private NpgsqlDataSource? _identity;
    private NpgsqlDataSource? _catalogue;
    private NpgsqlDataSource? _quality;
    private NpgsqlDataSource? _billing;
    private NpgsqlDataSource? _playback;
    private ControlPlaneApp? _app;

    public NpgsqlDataSource Identity => _identity!;

    public NpgsqlDataSource Catalogue => _catalogue!;

    public NpgsqlDataSource Quality => _quality!;

    public NpgsqlDataSource Billing => _billing!;

    public NpgsqlDataSource Playback => _playback!;

    public ControlPlaneApp App => _app!;

    public async Task InitializeAsync()
    {
        await _postgres.InitializeAsync();
        var migrations = typeof(ControlPlaneOptions).Assembly;
        _identity = await _postgres.CreateDatabaseAsync("identity", migrations);
        _catalogue = await _postgres.CreateDatabaseAsync("catalogue", migrations);
        _quality = await _postgres.CreateDatabaseAsync("quality", migrations);
        _billing = await _postgres.CreateDatabaseAsync("billing", migrations);
        _playback = await _postgres.CreateDatabaseAsync("playback", migrations);
        _app = await ControlPlaneApp.StartAsync(_identity, _catalogue, _quality, _billing, _playback);
    }

    public async Task ResetAsync()
    {
        await using var identity = await Identity.OpenConnectionAsync();
        await identity.ExecuteAsync("DELETE FROM users; DELETE FROM attempts; DELETE FROM mails");
        await using var catalogue = await Catalogue.OpenConnectionAsync();
        await catalogue.ExecuteAsync("DELETE FROM movies; DELETE FROM series; DELETE FROM search_words");
        await using var quality = await Quality.OpenConnectionAsync();
        await quality.ExecuteAsync("DELETE FROM messages; DELETE FROM film_days");
        await using var playback = await Playback.OpenConnectionAsync();
        await playback.ExecuteAsync("DELETE FROM streams; DELETE FROM devices");
        await App.Services.GetRequiredService<MovieCache>().ChangedAsync();
        App.Clock.Reset();

        ((MailRecorder)App.Services.GetRequiredService<IMailer>()).Sent.Clear();

        var defaults = new ControlPlaneOptions();
        App.Options.SignInFailuresPerAccountAndAddress = defaults.SignInFailuresPerAccountAndAddress;
        App.Options.SignInFailuresPerAccount = defaults.SignInFailuresPerAccount;
        App.Options.SignInFailuresPerAddress = defaults.SignInFailuresPerAddress;
        App.Options.Mail.ConfirmationRequired = null;
        App.Options.Mail.MailsPerAddress = defaults.Mail.MailsPerAddress;
        App.Options.CountryHeader = defaults.CountryHeader;
        App.Options.RegistrationsPerAddress = defaults.RegistrationsPerAddress;
    }

    public async Task DisposeAsync()
    {
        await App.DisposeAsync();
        await _postgres.DisposeAsync();
    }
}

/// <summary>The tests that share <see cref="ControlPlaneFixture"/>, one after the other.</summary>
[CollectionDefinition(Name)]
#pragma warning disable CA1711 // xunit's word for it
public sealed class ControlPlaneCollection : ICollectionFixture<ControlPlaneFixture>
#pragma warning restore CA1711
{
    public const string Name = "Control plane";
}
