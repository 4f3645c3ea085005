using System.Globalization;
using System.Reflection;
using Movento.Database;
using Npgsql;
using Movento.Harness;
using Xunit;

namespace Movento.Servers;

/// <summary>A real PostgreSQL of the test's own, in a temporary folder, on a socket of its own; gone with the fixture.</summary>
public sealed class PostgresFixture : IAsyncLifetime
{
    private readonly List<NpgsqlDataSource> _sources = [];
    private TemporaryFolder? _folder;
    private PrivatePostgres? _postgres;
    private int _databases;

    /// <summary>A new, empty database with one schema brought up to date; the data source's search_path is that schema.</summary>
    public async Task<NpgsqlDataSource> CreateDatabaseAsync(string schema, Assembly migrations)
    {
        var connectionString = await CreateDatabaseAsync();
        // The server has a hundred connections for all tests of a class: those of a test that has ended go soon.
        var source = NpgsqlDataSource.Create(
            new NpgsqlConnectionStringBuilder(connectionString) { SearchPath = schema, ConnectionIdleLifetime = 2, ConnectionPruningInterval = 1 });
        lock (_sources) _sources.Add(source);
        await MigrationRunner.ApplyAsync(source, schema, migrations, CancellationToken.None);
        return source;
    }

    /// <summary>A new, empty database; how to connect to it.</summary>
    public async Task<string> CreateDatabaseAsync()
    {
        var name = "test_" + Interlocked.Increment(ref _databases).ToString(CultureInfo.InvariantCulture);
        await _postgres!.EnsureDatabaseAsync(name, CancellationToken.None);
        return _postgres.ConnectionStringOf(name);
    }

    /// <inheritdoc/>
    public async Task InitializeAsync()
    {
        _folder = new TemporaryFolder();
        _postgres = await PrivatePostgres.StartAsync(_folder.Combine("postgresql"), durable: false, CancellationToken.None);
    }

    /// <inheritdoc/>
    public async Task DisposeAsync()
    {
        foreach (var source in _sources) await source.DisposeAsync();
        if (_postgres is not null) await _postgres.DisposeAsync();
        _folder?.Dispose();
    }
}
