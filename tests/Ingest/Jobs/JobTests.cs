using System.Net;
using System.Net.Http.Json;
using System.Text.Json;
using Dapper;
using MassTransit;
using Microsoft.Extensions.DependencyInjection;
using Movento.Contracts;
using Movento.Harness;
using Movento.Ingest.Jobs;
using Movento.Ingest.Tests.Running;
using Movento.Servers;

namespace Movento.Ingest.Tests.Jobs;

/// <summary>What happens to a job when its worker dies, its owner deletes it, or the parts around it fail.</summary>
public sealed class JobTests(PostgresFixture postgres) : EmptyDatabaseTests(postgres)
{
    private static readonly string Film = Repository.Media("hostile/one_frame.mp4");
    private readonly Guid _user = Guid.NewGuid();

    [Theory]
    [InlineData("probe")]
    [InlineData("encode")]
    [InlineData("publish")]
    public async Task Job_OfAWorkerKilledInAStage_EndsPublishedByAnother(string stage)
    {
        await using var host = await IngestHost.StartAsync(Database, Folder, worker: false);
        using var client = host.Client(_user);
        var id = await IngestHost.UploadAsync(client, Film);
        var asset = AssetId.Parse(id);

        // As a worker leaves it that is killed: the claim stands, the lease runs out, objects lie half written, nothing is tidied.
        var abandoned = await QueueOf(host).ClaimAsync(default);
        Assert.Equal((asset, 1, 1), (abandoned!.Asset, abandoned.Version, abandoned.Attempt));
        Assert.Null(await QueueOf(host).ClaimAsync(default));
        if (stage != "probe")
        {
            await host.Store.PutFileAsync(StorageKey.Source(asset), Copy(Film), "application/octet-stream", default);
            await host.Store.DeleteAsync(StorageKey.Upload(asset), default);
        }
        if (stage == "publish")
        {
            await host.Store.PutAsync(StorageKey.Rendition(asset, 1, "v180"), new MemoryStream([1]), "video/mp4", default);
            await host.Store.PutAsync(StorageKey.Presentation(asset, 1), new MemoryStream([2]), "application/json", default);
        }
        await ExecuteAsync("update assets set lease_until = now() - interval '1 second'");

        await using var other = await IngestHost.StartAsync(Database, Folder, store: host.Store, catalogue: host.Catalogue);
        var outcome = new Outcome(other, await IngestHost.EndAsync(client, id));
        Assert.True(outcome.State == "published", outcome.Asset + "\n" + host.Catalogue.Log);
        Assert.Equal(2, outcome.Version);
        Assert.Single((await outcome.PresentationAsync()).Video);
        await Eventually.TrueAsync(async () => await host.Store.HeadAsync(StorageKey.Upload(asset), default) is null, "the quarantine is empty");
        await foreach (var left in host.Store.ListAsync(StorageKey.VersionPrefix(asset, 1), default)) Assert.Fail(left.Key);

        // The dead worker comes back, and changes nothing any more.
        Assert.False(await QueueOf(host).RejectAsync(abandoned, Rejection.Of(RejectionReason.EncodeFailed), new JobProgress(), default));
        Assert.False(await QueueOf(host).RenewAsync(abandoned, new JobProgress(), default));
        await QueueOf(host).ReleaseAsync(abandoned, TimeSpan.Zero, counts: true, default);
        Assert.Equal("published", (await client.GetFromJsonAsync<JsonElement>($"/api/assets/{id}")).GetProperty("state").GetString());
    }

    [Fact]
    public async Task Job_OfAWorkerThatStops_IsGivenBackWithoutCounting()
    {
        await using var host = await IngestHost.StartAsync(Database, Folder, worker: false);
        using var client = host.Client(_user);
        var id = await IngestHost.UploadAsync(client, Repository.Media("bbb_720p24_60s.mp4"));
        // A slow preset, so that it is certainly not done when it is stopped.
        await using (var stopped = await IngestHost.StartAsync(Database, Folder, options => options.X264Preset = "veryslow", store: host.Store, catalogue: host.Catalogue))
            await Eventually.TrueAsync(async () => await StageAsync(client, id) == "encode", "it is being encoded");

        var row = await QueryAsync<(string State, int Attempts)>("select state, attempts from assets");
        Assert.Equal(("queued", 0), row);
        Assert.Empty(Directory.EnumerateDirectories(host.Options.WorkFolder, "worker-*"));
        using var deleted = await client.DeleteAsync($"/api/assets/{id}");
        Assert.Equal(HttpStatusCode.NoContent, deleted.StatusCode);
    }

    [Fact]
    public async Task Job_ThatEndsWithItsWorkerEachTime_IsRejected()
    {
        await using var host = await IngestHost.StartAsync(Database, Folder, worker: false);
        using var client = host.Client(_user);
        var id = await IngestHost.UploadAsync(client, Film);
        for (var attempt = 1; attempt <= host.Options.MaxAttempts; attempt++)
        {
            Assert.Equal(attempt, (await QueueOf(host).ClaimAsync(default))!.Attempt);
            await ExecuteAsync("update assets set lease_until = now() - interval '1 second'");
        }
        await using var other = await IngestHost.StartAsync(Database, Folder, store: host.Store, catalogue: host.Catalogue);
        Assert.Equal("encode_failed", new Outcome(other, await IngestHost.EndAsync(client, id)).Verdict);
        await Eventually.TrueAsync(() => host.Catalogue.All<AssetRejected>().Any(heard => heard.Code == "encode_failed"), "the catalogue heard of it");
    }

    [Fact]
    public async Task Job_WhileTheStoreFails_WaitsAndIsPublished()
    {
        await using var host = await IngestHost.StartAsync(Database, Folder, worker: false);
        using var client = host.Client(_user);
        var id = await IngestHost.UploadAsync(client, Film);
        var failing = new FailingStore(host.Store, failures: 12);
        await using var other = await IngestHost.StartAsync(Database, Folder, options => options.RetryDelay = TimeSpan.Zero, store: failing, catalogue: host.Catalogue);
        Assert.Equal("published", new Outcome(other, await IngestHost.EndAsync(client, id)).Verdict);
        Assert.True(failing.Failed > host.Options.MaxAttempts);
    }

    [Fact]
    public async Task Asset_DeletedWhileItIsEncoded_IsGoneWithItsProcessAndItsObjects()
    {
        await using var host = await IngestHost.StartAsync(Database, Folder, options => options.X264Preset = "veryslow");
        using var client = host.Client(_user);
        var id = await IngestHost.UploadAsync(client, Repository.Media("bbb_720p24_60s.mp4"));
        await Eventually.TrueAsync(async () => await StageAsync(client, id) == "encode" && Encoders().Count == 1, "ffmpeg runs");

        using var stranger = host.Client(Guid.NewGuid());
        Assert.Equal(HttpStatusCode.NotFound, (await stranger.DeleteAsync($"/api/assets/{id}")).StatusCode);
        Assert.Equal(HttpStatusCode.NoContent, (await client.DeleteAsync($"/api/assets/{id}")).StatusCode);
        Assert.Equal(HttpStatusCode.NotFound, (await client.GetAsync($"/api/assets/{id}")).StatusCode);
        await Eventually.TrueAsync(() => Encoders().Count == 0, "ffmpeg is gone");
        await Eventually.TrueAsync(() => host.Catalogue.All<AssetDeleted>().Any(heard => heard.AssetId == AssetId.Parse(id).Value), "the catalogue heard of it");
        await foreach (var left in host.Store.ListAsync("", default)) Assert.Fail(left.Key);
        Assert.Equal(0, await QueryAsync<long>("select count(*) from assets"));
        Assert.Equal(HttpStatusCode.NotFound, (await client.DeleteAsync($"/api/assets/{id}")).StatusCode);
    }

    [Fact]
    public async Task Announcement_NotAcknowledged_IsSentAgainUntilItIs()
    {
        var catalogue = new Catalogue { Acknowledges = false };
        await using var host = await IngestHost.StartAsync(Database, Folder, catalogue: catalogue);
        using var client = host.Client(_user);
        var id = await IngestHost.UploadAsync(client, Film, "Once");
        await IngestHost.EndAsync(client, id);
        await Eventually.TrueAsync(() => catalogue.All<AssetPublished>().Count() >= 2, "it is sent again");
        Assert.Equal(2, await QueryAsync<long>("select count(*) from announcements"));

        catalogue.Acknowledges = true;
        await Eventually.TrueAsync(async () => await QueryAsync<long>("select count(*) from announcements") == 0, "it is acknowledged");
        var published = catalogue.All<AssetPublished>().First();
        Assert.Equal((AssetId.Parse(id).Value, _user, "Once", 1, 320, 180, true),
            (published.AssetId, published.OwnerId, published.Title, published.Version, published.Width, published.Height, published.HasPoster));
    }

    [Fact]
    public async Task Announcement_ThatTheBrokerDoesNotTake_IsNotCountedAsSent_AndIsHeardSoonAfterItIsBack()
    {
        var catalogue = new Catalogue();
        await using var host = await IngestHost.StartAsync(Database, Folder, worker: false, catalogue: catalogue);
        using var client = host.Client(_user);
        var broker = new AbsentBroker(typeof(AssetAccepted), new ConnectionException("The broker is away."));
        using (host.Services.GetRequiredService<IBus>().ConnectPublishObserver(broker))
        {
            await IngestHost.UploadAsync(client, Film, "Once");
            await Eventually.TrueAsync(() => broker.Refused >= 2, "it is refused, and refused again");
            await Eventually.TrueAsync(async () => await QueryAsync<int>("select sent from announcements") == 0, "it counts as never sent");
        }

        await Eventually.TrueAsync(async () => await QueryAsync<long>("select count(*) from announcements") == 0, "it is acknowledged");
        Assert.Equal("Once", Assert.Single(catalogue.All<AssetAccepted>()).Title);
    }

    [Fact]
    public async Task Assets_ListedByPages_AreTheCallersNewestFirst()
    {
        await using var host = await IngestHost.StartAsync(Database, Folder, worker: false);
        using var client = host.Client(_user);
        using var stranger = host.Client(Guid.NewGuid());
        var uploaded = new List<string>();
        for (var i = 0; i < 5; i++) uploaded.Add(await IngestHost.UploadAsync(client, Film));
        await IngestHost.UploadAsync(stranger, Film);
        uploaded.Sort(StringComparer.Ordinal);
        uploaded.Reverse();

        var listed = new List<string>();
        string? after = null;
        do
        {
            var page = await client.GetFromJsonAsync<JsonElement>($"/api/assets?limit=2{(after is null ? "" : "&after=" + after)}");
            listed.AddRange(page.GetProperty("items").EnumerateArray().Select(item => item.GetProperty("id").GetString()!));
            after = page.GetProperty("next").GetString();
        }
        while (after is not null);
        Assert.Equal(uploaded, listed);
        Assert.Equal(HttpStatusCode.NotFound, (await stranger.GetAsync($"/api/assets/{uploaded[0]}")).StatusCode);
        Assert.Equal(HttpStatusCode.BadRequest, (await client.GetAsync("/api/assets?limit=0")).StatusCode);
    }

    [Fact]
    public async Task Events_OfAnAsset_FollowItToItsEnd()
    {
        await using var api = await IngestHost.StartAsync(Database, Folder, worker: false);
        using var client = api.Client(_user);
        var id = await IngestHost.UploadAsync(client, Film);
        using var response = await client.GetAsync($"/api/assets/{id}/events", HttpCompletionOption.ResponseHeadersRead);
        Assert.Equal("text/event-stream", response.Content.Headers.ContentType!.MediaType);
        using var reader = new StreamReader(await response.Content.ReadAsStreamAsync());
        Assert.StartsWith("id: ", await reader.ReadLineAsync(), StringComparison.Ordinal);

        // Another process does the work; this one hears of it from the database.
        await using var worker = await IngestHost.StartAsync(Database, Folder, store: api.Store, catalogue: api.Catalogue);
        var rest = await reader.ReadToEndAsync().WaitAsync(TimeSpan.FromSeconds(120));
        var states = rest.Split('\n').Where(line => line.StartsWith("data: ", StringComparison.Ordinal))
            .Select(line => JsonDocument.Parse(line[6..]).RootElement.GetProperty("state").GetString()).ToList();
        Assert.Equal("queued", states[0]);
        Assert.Contains("processing", states);
        Assert.Equal("published", states[^1]);

        using var stranger = api.Client(Guid.NewGuid());
        Assert.Equal(HttpStatusCode.NotFound, (await stranger.GetAsync($"/api/assets/{id}/events")).StatusCode);
    }

    private static JobQueue QueueOf(IngestHost host) => ActivatorUtilities.CreateInstance<JobQueue>(host.Services);

    private string Copy(string path)
    {
        var copy = Folder.Combine(Guid.NewGuid().ToString("N"));
        File.Copy(path, copy);
        return copy;
    }

    private static async Task<string?> StageAsync(HttpClient client, string id)
    {
        var asset = await client.GetFromJsonAsync<JsonElement>($"/api/assets/{id}");
        return asset.GetProperty("stages").EnumerateArray()
            .Where(stage => stage.GetProperty("state").GetString() == "running").Select(stage => stage.GetProperty("name").GetString()).SingleOrDefault();
    }

    // Every ffmpeg that works below this test's own folder.
    private List<string> Encoders() =>
    [
        .. Directory.EnumerateDirectories("/proc").Where(process =>
        {
            try
            {
                return File.ReadAllText($"{process}/comm").Trim() == "ffmpeg"
                    && new DirectoryInfo($"{process}/cwd").LinkTarget?.StartsWith(Folder.FullName, StringComparison.Ordinal) == true;
            }
            catch (Exception exception) when (exception is IOException or UnauthorizedAccessException)
            {
                return false;
            }
        }),
    ];

    private async Task ExecuteAsync(string sql)
    {
        await using var connection = await Database.OpenConnectionAsync();
        await connection.ExecuteAsync(sql);
    }

    private async Task<T> QueryAsync<T>(string sql)
    {
        await using var connection = await Database.OpenConnectionAsync();
        return await connection.QuerySingleAsync<T>(sql);
    }
}
