using Dapper;
using Microsoft.Extensions.DependencyInjection;
using Movento.ControlPlane.Catalogue;
using Movento.ControlPlane.Catalogue.Search;
using Movento.ControlPlane.Identity.Mail;
using Movento.ControlPlane.Recommendations;
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
    private ControlPlaneDatabases? _databases;
    private ControlPlaneApp? _app;

    public ControlPlaneDatabases Databases => _databases!;

    public NpgsqlDataSource Identity => Databases.Identity;

    public NpgsqlDataSource Catalogue => Databases.Catalogue;

    public NpgsqlDataSource Quality => Databases.Quality;

    public NpgsqlDataSource Billing => Databases.Billing;

    public NpgsqlDataSource Playback => Databases.Playback;

    public NpgsqlDataSource Recommendations => Databases.Recommendations;

    public ControlPlaneApp App => _app!;

    /// <summary>Every database of a control plane, with its schema as it is today.</summary>
    internal static async Task<ControlPlaneDatabases> CreateDatabasesAsync(PostgresFixture postgres)
    {
        var sources = new Dictionary<string, NpgsqlDataSource>();
        foreach (var schema in ControlPlaneDatabases.Schemas) sources[schema] = await postgres.CreateDatabaseAsync(schema, typeof(ControlPlaneOptions).Assembly);
        return ControlPlaneDatabases.Of(schema => sources[schema]);
    }

    public async Task InitializeAsync()
    {
        await _postgres.InitializeAsync();
        _databases = await CreateDatabasesAsync(_postgres);
        _app = await ControlPlaneApp.StartAsync(_databases);
    }

    public async Task ResetAsync()
    {
        await using var identity = await Identity.OpenConnectionAsync();
        await identity.ExecuteAsync("DELETE FROM users; DELETE FROM attempts; DELETE FROM mails; DELETE FROM sessions; DELETE FROM deleted_accounts; DELETE FROM audit_entries");
        await using var catalogue = await Catalogue.OpenConnectionAsync();
        await catalogue.ExecuteAsync("DELETE FROM movies; DELETE FROM series; DELETE FROM search_words");
        await using var quality = await Quality.OpenConnectionAsync();
        await quality.ExecuteAsync("DELETE FROM messages; DELETE FROM film_days");
        await using var playback = await Playback.OpenConnectionAsync();
        await playback.ExecuteAsync("DELETE FROM streams; DELETE FROM devices");
        await using var viewing = await App.Viewing.OpenConnectionAsync();
        await viewing.ExecuteAsync("DELETE FROM watched; DELETE FROM erasures; DELETE FROM announced_erasures");
        await using var recommendations = await Recommendations.OpenConnectionAsync();
        await recommendations.ExecuteAsync("DELETE FROM views; DELETE FROM models; DELETE FROM shown");
        App.Services.GetRequiredService<CurrentModel>().Value = null;
        App.Services.GetRequiredService<KnownWords>().Forget();
        await App.Services.GetRequiredService<MovieCache>().ChangedAsync();
        App.Clock.Reset();

        ((MailRecorder)App.Services.GetRequiredService<IMailer>()).Sent.Clear();

        var defaults = new ControlPlaneOptions();
        App.Options.SignInFailuresPerAccountAndAddress = defaults.SignInFailuresPerAccountAndAddress;
        App.Options.SignInFailuresPerAccount = defaults.SignInFailuresPerAccount;
        App.Options.SignInFailuresPerAddress = defaults.SignInFailuresPerAddress;
        App.Options.SecondFactorRequiredFor = [];
        App.Options.Mail.ConfirmationRequired = null;
        App.Options.Mail.MailsPerAddress = defaults.Mail.MailsPerAddress;
        App.Options.CountryHeader = defaults.CountryHeader;
        App.Options.Recommendations = defaults.Recommendations;
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
