using Movento.Harness;
using Movento.Servers;

namespace Movento.Journey.Tests;

/// <summary>The roles in processes of their own, over PostgreSQL, RabbitMQ and S3: how it runs past one machine.</summary>
public sealed class ManyProcessesTests(PostgresFixture postgres, RabbitMqFixture rabbitMq, S3ServerFixture s3)
    : IClassFixture<PostgresFixture>, IClassFixture<RabbitMqFixture>, IClassFixture<S3ServerFixture>, IAsyncLifetime
{
    private readonly TemporaryFolder _shared = new();
    private readonly List<RunningMovento> _processes = [];
    private string _database = "";

    [Fact]
    public async Task Film_ThroughProcessesOfTheirOwn_IsPublishedAndPlays_ThoughAWorkerIsKilled()
    {
        var edge = await StartAsync("edge");
        var control = await StartAsync("control,ingest", "EdgeServer:PublicUrl=" + edge.Edge.AbsoluteUri.TrimEnd('/'));
        await control.SignInAsync();
        var worker = await StartAsync("worker");

        var source = Repository.Media("nasa_13013_multitrack.mp4");
        var publishing = control.PublishAsync(source);
        await worker.KillAsync();
        await StartAsync("worker");
        var film = await publishing;

        Assert.Equal(edge.Edge.Port, film.Hls.Port);
        var expected = await FrameCount.OfAsync(source, "v:1");
        Assert.Equal(expected, await FrameCount.OfAsync(film.Hls.AbsoluteUri));
        Assert.Equal(expected, await FrameCount.OfAsync(film.Dash.AbsoluteUri));
    }

    public async Task InitializeAsync() => _database = await postgres.CreateDatabaseAsync();

    public async Task DisposeAsync()
    {
        foreach (var process in _processes) await process.DisposeAsync();
        _shared.Dispose();
    }

    private async Task<RunningMovento> StartAsync(string roles, params string[] settings)
    {
        var process = new RunningMovento { Roles = roles };
        _processes.Add(process);
        string[] all =
        [
            "SecretsFile=" + _shared.Combine("secrets.json"),
            "Database:ConnectionString=" + _database,
            "Messaging:RabbitMq=" + rabbitMq.Address,
            "Storage:Kind=s3",
            "Storage:S3:Endpoint=" + s3.Options.Endpoint,
            "Storage:S3:Bucket=" + s3.Options.Bucket,
            "Storage:S3:AccessKey=" + s3.Options.AccessKey,
            "Storage:S3:SecretKey=" + s3.Options.SecretKey,
            // A killed worker's job is taken over after its lease: seconds here, so that the test need not wait half a minute.
            "Ingest:Lease=00:00:05",
            .. settings,
        ];
        foreach (var setting in all) process.With(setting);
        await process.StartAsync();
        return process;
    }
}
