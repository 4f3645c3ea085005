using System.Reflection;
using Npgsql;
using Xunit;

namespace Movento.Servers;

/// <summary>Databases of a test's own in a real PostgreSQL; gone with the fixture.</summary>
public sealed class PostgresFixture : IAsyncLifetime
{
    private readonly List<NpgsqlDataSource> _sources = [];
    private readonly List<string> _databases = [];
    private SharedPostgres? _server;

    /// <summary>A new, empty database with one schema brought up to date; the data source's search_path is that schema.</summary>
    public async Task<NpgsqlDataSource> CreateDatabaseAsync(string schema, Assembly migrations)
    {
        var connectionString = Keep(await _server!.CreateDatabaseAsync(schema, migrations));
        // The server has a hundred connections for all tests: those that a test does not need go soon, but not at once, since each new one costs 35 ms.
        var source = NpgsqlDataSource.Create(
            new NpgsqlConnectionStringBuilder(connectionString) { SearchPath = schema, ConnectionIdleLifetime = 8, ConnectionPruningInterval = 4 });
        lock (_sources) _sources.Add(source);
        return source;
    }

    /// <summary>A new, empty database; how to connect to it.</summary>
    public async Task<string> CreateDatabaseAsync() => Keep(await _server!.CreateDatabaseAsync());

    /// <inheritdoc/>
    public async Task InitializeAsync() => _server = await SharedPostgres.TakeAsync();

    /// <inheritdoc/>
    public async Task DisposeAsync()
    {
        foreach (var source in _sources) await source.DisposeAsync();
        if (_server is not null) await _server.GiveBackAsync(_databases);
    }

    private string Keep((string Name, string ConnectionString) database)
    {
        lock (_databases) _databases.Add(database.Name);
        return database.ConnectionString;
    }
}
