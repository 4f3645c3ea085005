using Dapper;
using Microsoft.Extensions.DependencyInjection;
using Movento.Harness;
using Movento.Ingest.Encode.Tasks;
using Movento.Ingest.Tests.Running;
using Movento.Servers;

namespace Movento.Ingest.Tests.Encode;

/// <summary>What becomes of a film whose encoders or whose coordinator die.</summary>
public sealed class DeadEncoderTests(PostgresFixture postgres) : EmptyDatabaseTests(postgres)
{
    private readonly Guid _user = Guid.NewGuid();

    [Fact]
    public async Task Task_OfADeadEncoder_IsTakenByAnother_AndNothingElseIsLost()
    {
        // No encoder of this process: it coordinates, and this test takes the tasks.
        await using var host = await IngestHost.StartAsync(Database, Folder, Small, encoders: false);
        using var client = host.Client(_user);
        var id = await IngestHost.UploadAsync(client, Repository.Media("nasa_13013_multitrack.mp4"));
        var dead = host.Services.GetRequiredService<EncodeTaskQueue>();
        EncodeTask? held = null;
        await Eventually.TrueAsync(async () => (held = await dead.ClaimAsync(places: 1, default)) is not null, "a task waits");

        // Another process with a lease's time of its own; the claim above is never renewed.
        await using var other = await IngestHost.StartAsync(Database, Folder, Small, store: host.Store, catalogue: host.Catalogue);
        var outcome = new Outcome(other, await IngestHost.EndAsync(client, id));
        Assert.True(outcome.State == "published", outcome.Asset + "\n" + host.Catalogue.Log);

        // The dead one comes back, and changes nothing any more.
        Assert.False(await dead.RenewAsync(held!, new EncodeTaskProgress { Fraction = 0.5 }, default));
        Assert.False(await dead.CompleteAsync(held!, new EncodeTaskResult([], 1, 1), 0, default));
        var receipt = await outcome.ReceiptAsync();
        Assert.All(receipt.GetProperty("tasks").EnumerateArray(), task =>
            Assert.Equal(task.GetProperty("name").GetString() == held!.Spec.Name ? 2 : 1, task.GetProperty("attempt").GetInt32()));
        await AssertNothingIsLeftAsync(host);
    }

    [Fact]
    public async Task Film_OfADeadCoordinator_GoesOnWithTheChunksThatAreDone()
    {
        await using var host = await IngestHost.StartAsync(Database, Folder, Small, worker: false);
        using var client = host.Client(_user);
        var id = await IngestHost.UploadAsync(client, Repository.Media("nasa_13013_multitrack.mp4"));

        // One that is stopped with some tasks done; gracefully, but what it knew of them is gone all the same.
        await using (var first = await IngestHost.StartAsync(Database, Folder, Small, store: host.Store, catalogue: host.Catalogue))
        {
            await Eventually.TrueAsync(
                async () => await CountAsync("select count(*) from encode_tasks where state = 'done'") > 0, "a task is done");
        }
        var done = await CountAsync("select count(*) from encode_tasks where state = 'done'");
        Assert.True(done > 0);

        await using var other = await IngestHost.StartAsync(Database, Folder, Small, store: host.Store, catalogue: host.Catalogue);
        var outcome = new Outcome(other, await IngestHost.EndAsync(client, id));
        Assert.True(outcome.State == "published", outcome.Asset + "\n" + host.Catalogue.Log);
        // The same version, and no finished task was run again.
        Assert.Equal(1, outcome.Version);
        var attempts = (await outcome.ReceiptAsync()).GetProperty("tasks").EnumerateArray().Count(task => task.GetProperty("attempt").GetInt32() == 1);
        Assert.True(attempts >= done, $"{attempts} of {done}");
        await AssertNothingIsLeftAsync(host);
    }

    private static void Small(IngestOptions options)
    {
        (options.KeyframeInterval, options.SegmentDuration) = (TimeSpan.FromSeconds(1), TimeSpan.FromSeconds(1));
        // Long enough that the living renew them on a busy machine too.
        options.TaskLease = TimeSpan.FromSeconds(6);
        options.Lease = TimeSpan.FromSeconds(6);
        options.Concurrency = 1;
    }

    private async Task AssertNothingIsLeftAsync(IngestHost host)
    {
        // Tidied once the film is published, not before.
        await Eventually.TrueAsync(async () =>
        {
            await foreach (var _ in host.Store.ListAsync("work/", default)) return false;
            return await CountAsync("select count(*) from encode_tasks") == 0;
        }, "no task and no object of one is left");
    }

    private async Task<long> CountAsync(string sql)
    {
        await using var connection = await Database.OpenConnectionAsync();
        return await connection.ExecuteScalarAsync<long>(sql);
    }
}
