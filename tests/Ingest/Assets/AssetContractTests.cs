using System.Net;
using System.Net.Http.Json;
using System.Text.Json;
using Dapper;
using Microsoft.Extensions.DependencyInjection;
using Movento.Contracts;
using Movento.Harness;
using Movento.Ingest.Assets;
using Movento.Ingest.Jobs;
using Movento.Ingest.Tests.Running;
using Movento.Servers;

namespace Movento.Ingest.Tests.Assets;

/// <summary>What a team may do with its assets, and see of them.</summary>
public sealed class AssetContractTests(PostgresFixture postgres) : EmptyDatabaseTests(postgres)
{
    private static readonly string Film = Repository.Media("hostile/one_frame.mp4");
    private readonly Guid _team = Guid.NewGuid();

    [Fact]
    public async Task Film_EncodedAgain_PlaysOnUntilTheNewVersionTakesItsPlace()
    {
        await using var api = await IngestHost.StartAsync(Database, Folder, options => options.RetiredVersionGrace = TimeSpan.Zero, worker: false);
        using var client = api.Client(Guid.NewGuid(), team: _team);
        var id = await IngestHost.UploadAsync(client, Film);
        var asset = AssetId.Parse(id);
        await using (var worker = await IngestHost.StartAsync(Database, Folder, store: api.Store, catalogue: api.Catalogue)) await IngestHost.EndAsync(client, id);

        // 1. Asked for: it is published all the time, and the job stands beside it.
        var queued = await EncodeAgainAsync(client, id, new { priority = 1 }, HttpStatusCode.Accepted);
        Assert.Equal(("published", 1, 1, "queued"),
            (State(queued), queued.GetProperty("version").GetInt32(), queued.GetProperty("priority").GetInt32(), JobState(queued)));
        await EncodeAgainAsync(client, id, null, HttpStatusCode.Conflict);

        // 2. At work, up to the last moment: the old version is whole.
        var pausing = new PausingStore(api.Store) { PausesAt = (call, key) => call == "put" && key == StorageKey.Presentation(asset, 2) };
        await using (var worker = await IngestHost.StartAsync(Database, Folder, store: pausing, catalogue: api.Catalogue))
        {
            await pausing.Reached.WaitAsync(Eventually.DefaultLimit);
            var atWork = await client.GetFromJsonAsync<JsonElement>($"/api/assets/{id}");
            Assert.Equal(("published", 1, "processing"), (State(atWork), atWork.GetProperty("version").GetInt32(), JobState(atWork)));
            Assert.True(atWork.GetProperty("durationSeconds").GetDouble() > 0);
            Assert.NotNull(await api.Store.HeadAsync(StorageKey.Presentation(asset, 1), default));
        }

        // 3. Done by another worker, since that one stopped: both versions are there, the new one plays, and the catalogue heard of it.
        JsonElement done = default;
        await using (var worker = await IngestHost.StartAsync(Database, Folder, store: api.Store, catalogue: api.Catalogue))
        {
            done = await IngestHost.EndAsync(client, id);
            Assert.True(State(done) == "published" && JobState(done) is null, done + "\n" + api.Catalogue.Log);
            Assert.Equal(2, done.GetProperty("version").GetInt32());
            await Eventually.TrueAsync(() => api.Catalogue.All<AssetPublished>().Any(heard => heard.Version == 2), "the catalogue heard of it");
            Assert.NotNull(await api.Store.HeadAsync(StorageKey.Presentation(asset, 1), default));
            var versions = (await client.GetFromJsonAsync<JsonElement>($"/api/assets/{id}/versions")).GetProperty("items").EnumerateArray().ToList();
            Assert.Equal([(2, false), (1, true)], versions.Select(version =>
                (version.GetProperty("version").GetInt32(), version.GetProperty("retiredAt").ValueKind == JsonValueKind.String)));
        }

        // 4. Each has its receipt, for its team alone.
        foreach (var version in (int[])[1, 2])
            Assert.Equal(version, (await client.GetFromJsonAsync<JsonElement>($"/api/assets/{id}/versions/{version}/receipt")).GetProperty("version").GetInt32());
        using var stranger = api.Client(Guid.NewGuid());
        Assert.Equal(HttpStatusCode.NotFound, (await stranger.GetAsync($"/api/assets/{id}/versions/2/receipt")).StatusCode);

        // 5. When nobody can hold a token that names it, the old one goes.
        await Sweep(api).SweepAsync(default);
        Assert.Equal(HttpStatusCode.NotFound, (await client.GetAsync($"/api/assets/{id}/versions/1/receipt")).StatusCode);
        Assert.DoesNotContain(await KeysAsync(api), key => key.Contains("/v1/", StringComparison.Ordinal));
        Assert.NotNull(await api.Store.HeadAsync(StorageKey.Presentation(asset, 2), default));
        Assert.Single((await client.GetFromJsonAsync<JsonElement>($"/api/assets/{id}/versions")).GetProperty("items").EnumerateArray());
    }

    [Fact]
    public async Task Versions_WhileOneIsMadeWithoutAnEncode_AreThoseThatWerePublished()
    {
        await using var api = await IngestHost.StartAsync(Database, Folder, worker: false);
        using var client = api.Client(Guid.NewGuid(), team: _team);
        var id = await IngestHost.UploadAsync(client, Film);
        var pausing = new PausingStore(api.Store) { PausesAt = (call, key) => call == "put" && key == StorageKey.Presentation(AssetId.Parse(id), 2) };
        await using (var worker = await IngestHost.StartAsync(Database, Folder, store: pausing, catalogue: api.Catalogue))
        {
            await IngestHost.EndAsync(client, id);
            using var text = new StringContent("WEBVTT\n\n00:00.000 --> 00:10.000\nHello\n");
            using var added = await client.PostAsync($"/api/assets/{id}/subtitles?language=en", text);
            Assert.Equal(HttpStatusCode.Created, added.StatusCode);

            // 1. Its number is reserved, and all but its last object is there.
            await pausing.Reached.WaitAsync(Eventually.DefaultLimit);
            Assert.Equal([1], await VersionsAsync(client, id));
            Assert.Equal(HttpStatusCode.NotFound, (await client.GetAsync($"/api/assets/{id}/versions/2/receipt")).StatusCode);
        }

        // 2. That worker is gone; another one takes the next number.
        await using var other = await IngestHost.StartAsync(Database, Folder, store: api.Store, catalogue: api.Catalogue);
        await Eventually.TrueAsync(async () => (await VersionsAsync(client, id)).SequenceEqual([3, 1]), "the version with the subtitles is there");
    }

    [Fact]
    public async Task Film_WhoseNextVersionIsRejected_StaysPublished()
    {
        await using var api = await IngestHost.StartAsync(Database, Folder, worker: false);
        using var client = api.Client(Guid.NewGuid(), team: _team);
        var id = await IngestHost.UploadAsync(client, Film);
        await using (var worker = await IngestHost.StartAsync(Database, Folder, store: api.Store, catalogue: api.Catalogue)) await IngestHost.EndAsync(client, id);
        await EncodeAgainAsync(client, id, null, HttpStatusCode.Accepted);
        await using (var worker = await IngestHost.StartAsync(Database, Folder, options => options.MaxPixels = 320 * 180 - 1, store: api.Store, catalogue: api.Catalogue))
        {
            var asset = await IngestHost.EndAsync(client, id);
            Assert.Equal(("published", 1, "rejected"), (State(asset), asset.GetProperty("version").GetInt32(), JobState(asset)));
            Assert.Equal(JsonValueKind.Null, asset.GetProperty("rejection").ValueKind);
            Assert.Equal("too_many_pixels", asset.GetProperty("job").GetProperty("rejection").GetProperty("code").GetString());
            await Eventually.TrueAsync(() => api.Catalogue.All<AssetRejected>().Any(heard => heard.Version == 2), "the catalogue heard of it");
        }
        Assert.NotNull(await api.Store.HeadAsync(StorageKey.Presentation(AssetId.Parse(id), 1), default));
        Assert.DoesNotContain(await KeysAsync(api), key => key.Contains("/v2/", StringComparison.Ordinal) || key.StartsWith("work/", StringComparison.Ordinal));

        // Another try with a worker that takes it ends well.
        await EncodeAgainAsync(client, id, null, HttpStatusCode.Accepted);
        await using var other = await IngestHost.StartAsync(Database, Folder, store: api.Store, catalogue: api.Catalogue);
        var again = await IngestHost.EndAsync(client, id);
        Assert.Equal((3, null), (again.GetProperty("version").GetInt32(), JobState(again)));
    }

    [Fact]
    public async Task Film_ThatWasNoFilm_CannotBeEncodedAgain()
    {
        await using var host = await IngestHost.StartAsync(Database, Folder);
        using var client = host.Client(Guid.NewGuid(), team: _team);
        var id = await IngestHost.UploadAsync(client, Repository.Media("hostile/text.mp4"));
        Assert.Equal("rejected", State(await IngestHost.EndAsync(client, id)));
        var problem = await EncodeAgainAsync(client, id, null, HttpStatusCode.Conflict);
        Assert.Equal("no_source", problem.GetProperty("code").GetString());
        using var cancelled = await client.PostAsync($"/api/assets/{id}/cancel", null);
        Assert.Equal("not_running", (await cancelled.Content.ReadFromJsonAsync<JsonElement>()).GetProperty("code").GetString());
    }

    [Fact]
    public async Task Jobs_OfSeveralTeams_AreClaimedByPriorityThenInTurn()
    {
        await using var host = await IngestHost.StartAsync(Database, Folder, worker: false);
        using var many = host.Client(Guid.NewGuid(), team: _team);
        using var few = host.Client(Guid.NewGuid());
        var first = await IngestHost.UploadAsync(many, Film);
        var second = await IngestHost.UploadAsync(many, Film);
        var third = await IngestHost.UploadAsync(many, Film);
        var late = await IngestHost.UploadAsync(few, Film);
        var low = await IngestHost.UploadAsync(few, Film);
        using var patched = await many.PatchAsJsonAsync($"/api/assets/{third}", new { priority = 1 });
        Assert.Equal(1, (await patched.Content.ReadFromJsonAsync<JsonElement>()).GetProperty("priority").GetInt32());
        await few.PatchAsJsonAsync($"/api/assets/{low}", new { priority = -1 });
        using var wrong = await few.PatchAsJsonAsync($"/api/assets/{low}", new { priority = 2 });
        Assert.Equal(HttpStatusCode.BadRequest, wrong.StatusCode);

        var queue = ActivatorUtilities.CreateInstance<JobQueue>(host.Services);
        var claimed = new List<string>();
        for (var i = 0; i < 5; i++) claimed.Add((await queue.ClaimAsync(default))!.Asset.ToString());
        Assert.Equal([third, late, first, second, low], claimed);
    }

    [Fact]
    public async Task Film_RenamedWhileItIsMade_IsPublishedUnderItsNewTitle()
    {
        await using var host = await IngestHost.StartAsync(Database, Folder, worker: false);
        using var client = host.Client(Guid.NewGuid(), team: _team);
        var id = await IngestHost.UploadAsync(client, Film, "Before");
        var queue = ActivatorUtilities.CreateInstance<JobQueue>(host.Services);
        var job = (await queue.ClaimAsync(default))!;

        using var renamed = await client.PatchAsJsonAsync($"/api/assets/{id}", new { title = "  After  " });
        Assert.Equal("After", (await renamed.Content.ReadFromJsonAsync<JsonElement>()).GetProperty("title").GetString());
        foreach (var (body, code) in new (object, string)[] { (new { title = " " }, "invalid_title"), (new { title = "a\nb" }, "invalid_title"), (new { }, "nothing_to_change") })
        {
            using var refused = await client.PatchAsJsonAsync($"/api/assets/{id}", body);
            Assert.Equal((HttpStatusCode.BadRequest, code), (refused.StatusCode, (await refused.Content.ReadFromJsonAsync<JsonElement>()).GetProperty("code").GetString()));
        }

        using var stranger = host.Client(Guid.NewGuid());
        using var unseen = await stranger.PatchAsJsonAsync($"/api/assets/{id}", new { title = "Mine" });
        Assert.Equal(HttpStatusCode.NotFound, unseen.StatusCode);

        await queue.PublishAsync(
            job, new AssetPublished(job.Asset.Value, job.Owner, job.Title, job.Version, 1, 320, 180, false, TimeProvider.System.GetUtcNow()), new JobProgress(), default);
        await Eventually.TrueAsync(() => host.Catalogue.All<AssetPublished>().Any(), "it is announced");
        Assert.Equal("After", Assert.Single(host.Catalogue.All<AssetPublished>()).Title);
    }

    [Fact]
    public async Task Assets_Filtered_AreThoseThatWereAskedFor()
    {
        await using var host = await IngestHost.StartAsync(Database, Folder, worker: false);
        using var client = host.Client(Guid.NewGuid(), team: _team);
        using var colleague = host.Client(Guid.NewGuid(), team: _team);
        var percent = await IngestHost.UploadAsync(client, Film, "100% Wolf_Pack");
        var other = await IngestHost.UploadAsync(colleague, Film, "1000 wolves");
        await IngestHost.UploadAsync(client, Film, "Émile <script>alert(1)</script>");
        await ExecuteAsync("update assets set state = 'published', version = 1, created_at = '2020-05-01T00:00:00Z' where id = @id", new { id = AssetId.Parse(percent).Value });
        await ExecuteAsync("update assets set state = 'processing', version = 1 where id = @id", new { id = AssetId.Parse(other).Value });

        Assert.Equal([percent], await ListAsync(client, "title=" + Uri.EscapeDataString("0% WOLF_")));
        Assert.Equal([other, percent], await ListAsync(client, "title=wol"));
        Assert.Equal([other, percent], await ListAsync(client, "state=published"));
        Assert.Equal([other], await ListAsync(client, "state=processing"));
        Assert.Single(await ListAsync(client, "state=queued,rejected"));
        Assert.Equal([percent], await ListAsync(client, "createdTo=2020-05-02T00:00:00Z&createdFrom=2020-05-01T00:00:00Z"));
        Assert.Empty(await ListAsync(client, "createdFrom=2100-01-01"));
        foreach (var wrong in new[] { "state=eaten", "createdFrom=soon", "limit=101", "after=1", "title=" + new string('a', 201) })
            Assert.Equal(HttpStatusCode.BadRequest, (await client.GetAsync($"/api/assets?{wrong}")).StatusCode);
    }

    [Fact]
    public async Task Events_OfATeam_GoOnWhereTheListOrTheReaderLeftOff()
    {
        await using var host = await IngestHost.StartAsync(Database, Folder, worker: false);
        using var client = host.Client(Guid.NewGuid(), team: _team);
        using var stranger = host.Client(Guid.NewGuid());
        var kept = await IngestHost.UploadAsync(client, Film);
        var deleted = await IngestHost.UploadAsync(client, Film);
        var cursor = (await client.GetFromJsonAsync<JsonElement>("/api/assets")).GetProperty("events").GetString();

        // 1. What happened between the list and the stream.
        var fresh = await IngestHost.UploadAsync(client, Film);
        await IngestHost.UploadAsync(stranger, Film);
        await client.DeleteAsync($"/api/assets/{deleted}");
        await using var reader = await EventReader.OpenAsync(client, $"/api/assets/events?lastEventId={cursor}");
        Assert.Equal([("asset", fresh), ("deleted", deleted)], await reader.TakeAsync(2));

        // 2. What happens now, from whatever process.
        await ExecuteAsync("update assets set state = 'processing', stage = 'encode', stage_progress = 0.25 where id = @id", new { id = AssetId.Parse(kept).Value });
        Assert.Equal([("asset", kept)], await reader.TakeAsync(1));

        // 3. What happened while the reader was away: nothing is missed, even what a transaction did that began before it went.
        await using var slow = await Database.OpenConnectionAsync();
        await using (var transaction = await slow.BeginTransactionAsync())
        {
            await slow.ExecuteAsync("update assets set title = 'slow' where id = @id", new { id = AssetId.Parse(fresh).Value }, transaction);
            await ExecuteAsync("update assets set stage_progress = 0.5 where id = @id", new { id = AssetId.Parse(kept).Value });
            Assert.Equal([("asset", kept)], await reader.TakeAsync(1));
            await reader.MarkedAsync();
            await transaction.CommitAsync();
        }
        var lastId = reader.LastId!;
        await reader.DisposeAsync();
        await using var resumed = await EventReader.OpenAsync(client, "/api/assets/events", lastId);
        var again = await resumed.TakeAsync(1);
        if (again[0].Id == kept) again = await resumed.TakeAsync(1);
        Assert.Equal([("asset", fresh)], again);

        // 4. A place that nobody remembers.
        await using var lost = await EventReader.OpenAsync(client, "/api/assets/events", "5-1000000000");
        Assert.Equal([("reset", null)], await lost.TakeAsync(1));
    }

    [Fact]
    public async Task Events_OfAnAsset_SkipWhatTheReaderHas()
    {
        await using var host = await IngestHost.StartAsync(Database, Folder, worker: false);
        using var client = host.Client(Guid.NewGuid(), team: _team);
        var id = await IngestHost.UploadAsync(client, Film);
        await using var reader = await EventReader.OpenAsync(client, $"/api/assets/{id}/events");
        await reader.TakeAsync(1);
        await using var resumed = await EventReader.OpenAsync(client, $"/api/assets/{id}/events", reader.LastId);
        await client.PatchAsJsonAsync($"/api/assets/{id}", new { priority = -1 });
        await resumed.TakeAsync(1);
        Assert.Equal(long.Parse(reader.LastId!, System.Globalization.CultureInfo.InvariantCulture) + 1, long.Parse(resumed.LastId!, System.Globalization.CultureInfo.InvariantCulture));
        await client.DeleteAsync($"/api/assets/{id}");
        Assert.Equal([("deleted", id)], await resumed.TakeAsync(1));
    }

    private static LeftoverSweep Sweep(IngestHost host) => host.Services.GetServices<Microsoft.Extensions.Hosting.IHostedService>().OfType<LeftoverSweep>().Single();

    private static string? State(JsonElement asset) => asset.GetProperty("state").GetString();

    private static string? JobState(JsonElement asset) =>
        asset.GetProperty("job") is { ValueKind: JsonValueKind.Object } job ? job.GetProperty("state").GetString() : null;

    private static async Task<IReadOnlyList<int>> VersionsAsync(HttpClient client, string id) =>
        [.. (await client.GetFromJsonAsync<JsonElement>($"/api/assets/{id}/versions")).GetProperty("items").EnumerateArray().Select(version => version.GetProperty("version").GetInt32())];

    private static async Task<JsonElement> EncodeAgainAsync(HttpClient client, string id, object? body, HttpStatusCode status)
    {
        using var response = await client.PostAsync($"/api/assets/{id}/versions", body is null ? null : JsonContent.Create(body));
        var text = await response.Content.ReadAsStringAsync();
        Assert.True(response.StatusCode == status, text);
        return JsonDocument.Parse(text).RootElement;
    }

    private static async Task<List<string?>> ListAsync(HttpClient client, string query) =>
    [
        .. (await client.GetFromJsonAsync<JsonElement>($"/api/assets?{query}")).GetProperty("items").EnumerateArray()
            .Select(item => item.GetProperty("id").GetString()),
    ];

    private static async Task<List<string>> KeysAsync(IngestHost host)
    {
        var keys = new List<string>();
        await foreach (var found in host.Store.ListAsync("", default)) keys.Add(found.Key);
        return keys;
    }

    private async Task ExecuteAsync(string sql, object parameters)
    {
        await using var connection = await Database.OpenConnectionAsync();
        await connection.ExecuteAsync(sql, parameters);
    }
}
