using Movento.Harness;
using Movento.Servers;
using Npgsql;

namespace Movento.Ingest.Tests.Running;

/// <summary>One host with one worker for tests that only want to know what becomes of a film.</summary>
public sealed class IngestFixture : IAsyncLifetime
{
    private readonly PostgresFixture _postgres = new();
    private readonly Guid _user = Guid.NewGuid();
    private NpgsqlDataSource? _database;

    public TemporaryFolder Folder { get; } = new();
    public IngestHost Host { get; private set; } = null!;

    public HttpClient Client { get; private set; } = null!;

    public async Task InitializeAsync()
    {
        await _postgres.InitializeAsync();
        _database = await _postgres.CreateDatabaseAsync("ingest", typeof(IngestOptions).Assembly);
        Host = await IngestHost.StartAsync(_database, Folder);
        Client = Host.Client(_user);
    }

    /// <summary>Uploads the file and waits for what becomes of it.</summary>
    public async Task<Outcome> EndAsync(string path) =>
        new(Host, await IngestHost.EndAsync(Client, await IngestHost.UploadAsync(Client, path)));

    public async Task DisposeAsync()
    {
        Client.Dispose();
        await Host.DisposeAsync();
        await _postgres.DisposeAsync();
        Folder.Dispose();
    }
}
