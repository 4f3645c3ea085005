using System.Reflection;
using Microsoft.Extensions.Diagnostics.HealthChecks;
using Movento.ControlPlane;
using Movento.Database;
using Movento.Ingest;
using Npgsql;

namespace Movento.Hosting;

/// <summary>One data source a schema: each service has its own, and may be moved to a server of its own.</summary>
public sealed class Databases : IAsyncDisposable
{
    private readonly Dictionary<string, NpgsqlDataSource> _sources;

    private Databases(Dictionary<string, NpgsqlDataSource> sources) => _sources = sources;

    /// <summary>Every schema, in the order in which they are migrated.</summary>
    public static IReadOnlyList<string> Schemas { get; } = [.. ControlPlaneDatabases.Schemas, "ingest"];

    /// <summary>The data source of a schema; its search_path is that schema.</summary>
    public NpgsqlDataSource this[string schema] => _sources[schema];

    /// <summary>Opens the data sources and brings every schema up to date.</summary>
    /// <exception cref="StartException">A database cannot be reached or migrated.</exception>
    public static async Task<Databases> OpenAsync(
        DatabaseOptions options, string connectionString, CancellationToken cancellationToken)
    {
        var databases = new Databases(Schemas.ToDictionary(
            schema => schema,
            schema => NpgsqlDataSource.Create(
                new NpgsqlConnectionStringBuilder(options.Schemas.GetValueOrDefault(schema, connectionString))
                {
                    SearchPath = schema,
                    ApplicationName = "movento-" + schema,
                    // Nothing of ours outlives its use of a connection (no SET, no temporary table; LISTEN and advisory locks end where they began), and a
                    // DISCARD ALL before each use was half of all statements of a system at rest.
                    NoResetOnClose = true,
                })));
        try
        {
            foreach (var schema in Schemas)
                await MigrationRunner.ApplyAsync(databases[schema], schema, AssemblyOf(schema), cancellationToken);
            return databases;
        }
        catch (Exception error) when (error is NpgsqlException or MigrationException)
        {
            await databases.DisposeAsync();
            throw new StartException([$"The database cannot be used: {error.Message}"]);
        }
    }

    /// <summary>Whether every schema is as this program wants it.</summary>
    public IEnumerable<HealthCheckRegistration> StartupChecks() => Schemas.Select(schema => MigrationHealth.Of(this[schema], schema, AssemblyOf(schema)));

    /// <summary>Whether Npgsql understands the text; an empty one counts.</summary>
    public static bool IsConnectionString(string text)
    {
        try
        {
            _ = new NpgsqlConnectionStringBuilder(text);
            return true;
        }
        catch (ArgumentException)
        {
            return false;
        }
    }

    /// <inheritdoc/>
    public async ValueTask DisposeAsync()
    {
        foreach (var source in _sources.Values) await source.DisposeAsync();
    }

    private static Assembly AssemblyOf(string schema) =>
        schema == "ingest" ? typeof(IngestOptions).Assembly : typeof(ControlPlaneOptions).Assembly;
}
