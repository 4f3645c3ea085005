using Dapper;
using Movento.Harness;
using Npgsql;

namespace Movento.ControlPlane.Tests;

/// <summary>A private PostgreSQL with the control plane's two databases. Tests take turns, and each begins with them empty.</summary>
public sealed class ControlPlaneDatabases : IAsyncLifetime
{
    private readonly PostgresFixture _postgres = new();
    private NpgsqlDataSource? _identity;
    private NpgsqlDataSource? _catalogue;

    public NpgsqlDataSource Identity => _identity!;

    public NpgsqlDataSource Catalogue => _catalogue!;

    public async Task InitializeAsync()
    {
        await _postgres.InitializeAsync();
        var migrations = typeof(ControlPlaneOptions).Assembly;
        _identity = await _postgres.CreateDatabaseAsync("identity", migrations);
        _catalogue = await _postgres.CreateDatabaseAsync("catalogue", migrations);
    }

    public async Task EmptyAsync()
    {
        await using var identity = await Identity.OpenConnectionAsync();
        await identity.ExecuteAsync("DELETE FROM users; DELETE FROM attempts");
        await using var catalogue = await Catalogue.OpenConnectionAsync();
        await catalogue.ExecuteAsync("DELETE FROM movies");
    }

    public Task DisposeAsync() => _postgres.DisposeAsync();
}

/// <summary>The tests that share <see cref="ControlPlaneDatabases"/>, one after the other.</summary>
[CollectionDefinition(Name)]
#pragma warning disable CA1711 // xunit's word for it
public sealed class ControlPlaneCollection : ICollectionFixture<ControlPlaneDatabases>
#pragma warning restore CA1711
{
    public const string Name = "Control plane";
}
