using Movento.Harness;
using Movento.Ingest.Tests.Running;

namespace Movento.Ingest.Tests;

public sealed class PipelineTests(PostgresFixture postgres) : IClassFixture<PostgresFixture>
{
    [Fact]
    public async Task Film_Uploaded_EndsPublishedWithEveryFrame()
    {
        using var folder = new TemporaryFolder();
        await using var database = await postgres.CreateDatabaseAsync("ingest", typeof(IngestOptions).Assembly);
        await using var host = await IngestHost.StartAsync(database, folder);
        using var client = host.Client(Guid.NewGuid());

        var id = await IngestHost.UploadAsync(client, Repository.Media("nasa_13013_multitrack.mp4"), "Moon");
        var asset = await IngestHost.EndAsync(client, id);

        Assert.True(asset.GetProperty("state").GetString() == "published", asset + "\n" + host.Catalogue.Log);
    }
}
