using System.Globalization;
using System.Reflection;
using Movento.Database;
using Movento.Harness;
using Npgsql;

namespace Movento.Servers;

/// <summary>
/// The one PostgreSQL of a test process, in a temporary folder, on a socket of its own: started for the first who takes it, stopped by the last who
/// gives it back. A schema is migrated once; every database with it is a copy of that one.
/// </summary>
internal sealed class SharedPostgres
{
    private static readonly SemaphoreSlim Gate = new(1, 1);
    private static SharedPostgres? _shared;

    private readonly TemporaryFolder _folder;
    private readonly PrivatePostgres _postgres;
    private readonly Dictionary<(string Schema, Assembly Migrations), string> _templates = [];
    private int _users;
    private int _databases;

    private SharedPostgres(TemporaryFolder folder, PrivatePostgres postgres) => (_folder, _postgres) = (folder, postgres);

    public static async Task<SharedPostgres> TakeAsync()
    {
        await Gate.WaitAsync();
        try
        {
            _shared ??= await StartAsync();
            _shared._users++;
            return _shared;
        }
        finally
        {
            Gate.Release();
        }
    }

    /// <summary>A new database with nothing in it.</summary>
    public async Task<(string Name, string ConnectionString)> CreateDatabaseAsync()
    {
        var name = NewName();
        await _postgres.EnsureDatabaseAsync(name, CancellationToken.None);
        return (name, _postgres.ConnectionStringOf(name));
    }

    /// <summary>A new database with nothing but one schema in it.</summary>
    public async Task<(string Name, string ConnectionString)> CreateDatabaseAsync(string schema, Assembly migrations)
    {
        var name = NewName();
        await ExecuteAsync($"create database {name} template {await TemplateAsync(schema, migrations)}");
        return (name, _postgres.ConnectionStringOf(name));
    }

    /// <summary>Drops these databases, whoever is connected to them; the last user stops the server.</summary>
    public async Task GiveBackAsync(IReadOnlyList<string> databases)
    {
        await Gate.WaitAsync();
        try
        {
            if (--_users > 0)
            {
                foreach (var database in databases) await ExecuteAsync($"drop database {database} with (force)");
                return;
            }

            _shared = null;
            await _postgres.DisposeAsync();
            _folder.Dispose();
        }
        finally
        {
            Gate.Release();
        }
    }

    private static async Task<SharedPostgres> StartAsync()
    {
        var folder = new TemporaryFolder();
        return new SharedPostgres(folder, await PrivatePostgres.StartAsync(folder.Combine("postgresql"), durable: false, CancellationToken.None));
    }

    private async Task<string> TemplateAsync(string schema, Assembly migrations)
    {
        await Gate.WaitAsync();
        try
        {
            if (_templates.TryGetValue((schema, migrations), out var known)) return known;
            var name = NewName();
            await _postgres.EnsureDatabaseAsync(name, CancellationToken.None);
            // Not pooled: nobody may be connected to a database that is copied.
            await using (var source = NpgsqlDataSource.Create(
                new NpgsqlConnectionStringBuilder(_postgres.ConnectionStringOf(name)) { SearchPath = schema, Pooling = false }))
                await MigrationRunner.ApplyAsync(source, schema, migrations, CancellationToken.None);
            return _templates[(schema, migrations)] = name;
        }
        finally
        {
            Gate.Release();
        }
    }

    private async Task ExecuteAsync(string sql)
    {
        await using var connection = new NpgsqlConnection(new NpgsqlConnectionStringBuilder(_postgres.ConnectionStringOf("postgres")) { Pooling = false }.ConnectionString);
        await connection.OpenAsync();
        await using var command = new NpgsqlCommand(sql, connection);
        await command.ExecuteNonQueryAsync();
    }

    private string NewName() => "test_" + Interlocked.Increment(ref _databases).ToString(CultureInfo.InvariantCulture);
}
