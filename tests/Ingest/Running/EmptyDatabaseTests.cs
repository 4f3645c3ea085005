using Movento.Harness;
using Movento.Servers;
using Npgsql;

namespace Movento.Ingest.Tests.Running;

/// <summary>Tests that each have an empty database and an empty folder of their own.</summary>
public abstract class EmptyDatabaseTests(PostgresFixture postgres) : IClassFixture<PostgresFixture>, IAsyncLifetime
{
    /// <summary>Gone with the test.</summary>
    protected TemporaryFolder Folder { get; } = new();

    /// <summary>With the schema of ingest, brought up to date.</summary>
    protected NpgsqlDataSource Database { get; private set; } = null!;

    /// <inheritdoc/>
    public async Task InitializeAsync() => Database = await postgres.CreateDatabaseAsync("ingest", typeof(IngestOptions).Assembly);

    /// <inheritdoc/>
    public async Task DisposeAsync()
    {
        // Its connections too: the server has a hundred for all tests of the class.
        await Database.DisposeAsync();
        Folder.Dispose();
    }
}
