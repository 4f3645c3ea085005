using Movento.Harness;
using Movento.Ingest.Tests.Running;
using Movento.Servers;

namespace Movento.Ingest.Tests;

/// <summary>Films above the operator's limits.</summary>
public sealed class LimitTests(PostgresFixture postgres) : IClassFixture<PostgresFixture>
{
    public static TheoryData<string, Action<IngestOptions>> Limits => new()
    {
        { "too_many_pixels", options => options.MaxPixels = 320 * 180 - 1 },
        { "too_long", options => options.MaxDuration = TimeSpan.FromMilliseconds(39) },
        { "timed_out", options => options.ProbeTimeLimit = TimeSpan.FromTicks(1) },
        { "timed_out", options => (options.EncodeTimeFloor, options.EncodeTimePerMediaTime) = (TimeSpan.FromTicks(1), 0) },
        { "too_large", options => options.MaxUploadBytes = 4000 },
    };

    [Theory]
    [MemberData(nameof(Limits))]
    public async Task Film_AboveALimit_IsRejectedByItsName(string code, Action<IngestOptions> limit)
    {
        using var folder = new TemporaryFolder();
        await using var database = await postgres.CreateDatabaseAsync("ingest", typeof(IngestOptions).Assembly);
        // Accepted under the old limits, worked on under the new ones.
        await using var api = await IngestHost.StartAsync(database, folder, worker: false);
        using var client = api.Client(Guid.NewGuid());
        var id = await IngestHost.UploadAsync(client, Repository.Media("hostile/one_frame.mp4"));
        await using var worker = await IngestHost.StartAsync(database, folder, limit, store: api.Store, catalogue: api.Catalogue);
        var outcome = new Outcome(worker, await IngestHost.EndAsync(client, id));
        Assert.True(outcome.Verdict == code, outcome.Asset + "\n" + api.Catalogue.Log);
    }

    [Fact]
    public void Options_Wrong_AreAllNamedTogether()
    {
        var errors = new IngestOptions { MaxUploadBytes = 0, WorkFolder = "here", X264Preset = "placebo; rm", SegmentDuration = TimeSpan.FromSeconds(3) }.Validate().ToList();
        Assert.Equal(4, errors.Count);
        Assert.All(errors, error => Assert.StartsWith("Ingest:", error, StringComparison.Ordinal));
        Assert.Empty(new IngestOptions().Validate());
    }
}
