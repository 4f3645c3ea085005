using System.Net;
using System.Net.Http.Json;
using System.Text.Json;
using Dapper;
using Microsoft.Extensions.DependencyInjection;
using Movento.Contracts;
using Movento.Harness;
using Movento.Ingest.Assets;
using Movento.Ingest.Tests.Running;
using Movento.Servers;

namespace Movento.Ingest.Tests.Assets;

/// <summary>Cancelled or deleted at any moment, an asset leaves no process, no object and no row but those that are meant to stay.</summary>
public sealed class NothingLeftTests(PostgresFixture postgres) : EmptyDatabaseTests(postgres)
{
    private static readonly string Film = Repository.Media("hostile/one_frame.mp4");

    public static TheoryData<string> Moments => ["receiving", "queued", "fetch", "source", "encode", "rendition", "receipt", "presentation"];

    [Theory]
    [MemberData(nameof(Moments))]
    public async Task Asset_CancelledAtAMoment_LeavesItsSourceAlone(string moment)
    {
        await using var life = await Life.ReachAsync(this, moment);
        using var response = await life.Client.PostAsync($"/api/assets/{life.Id}/cancel", null);
        if (moment == "receiving")
        {
            // There is no source yet, so nothing stays.
            Assert.Equal(HttpStatusCode.NoContent, response.StatusCode);
            await life.UploadEndsAsync();
            await NothingStaysAsync(life, wasAccepted: false);
            return;
        }

        Assert.Equal("cancelled", (await response.Content.ReadFromJsonAsync<JsonElement>()).GetProperty("state").GetString());
        await NobodyWorksAsync(life);
        await Eventually.TrueAsync(() => life.Host.Catalogue.All<AssetCancelled>().Any(), "the catalogue heard of it");
        await ExecuteAsync("update assets set tidy_at = now() where tidy_at is not null");
        await life.SweepAsync();
        var keys = await KeysAsync(life.Host);
        Assert.All(keys, key => Assert.Contains(key, new[] { StorageKey.Upload(life.Asset), StorageKey.Source(life.Asset) }));
        Assert.NotEmpty(keys);

        // From what was kept, it can be done after all.
        if (moment == "encode") return;
        using var again = await life.Client.PostAsync($"/api/assets/{life.Id}/versions", null);
        Assert.Equal(HttpStatusCode.Accepted, again.StatusCode);
        await using var worker = moment == "queued" ? await IngestHost.StartAsync(Database, Folder, store: life.Host.Store, catalogue: life.Host.Catalogue) : null;
        var done = await IngestHost.EndAsync(life.Client, life.Id);
        Assert.True(done.GetProperty("state").GetString() == "published", done + "\n" + life.Host.Catalogue.Log);
    }

    [Theory]
    [MemberData(nameof(Moments))]
    public async Task Asset_DeletedAtAMoment_LeavesNothing(string moment)
    {
        await using var life = await Life.ReachAsync(this, moment);
        using var response = await life.Client.DeleteAsync($"/api/assets/{life.Id}");
        Assert.Equal(HttpStatusCode.NoContent, response.StatusCode);
        await life.UploadEndsAsync();
        await NothingStaysAsync(life, wasAccepted: moment != "receiving");
    }

    [Fact]
    public async Task Asset_CancelledWhileItsNextVersionIsMade_PlaysOn()
    {
        await using var life = await Life.ReachAsync(this, "queued");
        await using (var worker = await IngestHost.StartAsync(Database, Folder, store: life.Host.Store, catalogue: life.Host.Catalogue))
            await IngestHost.EndAsync(life.Client, life.Id);
        var before = await KeysAsync(life.Host);
        await life.Client.PostAsync($"/api/assets/{life.Id}/versions", null);
        var pausing = new PausingStore(life.Host.Store) { PausesAt = (call, key) => call == "put" && key.EndsWith("/v2/receipt.json", StringComparison.Ordinal) };
        await using (var worker = await IngestHost.StartAsync(Database, Folder, store: pausing, catalogue: life.Host.Catalogue))
        {
            await pausing.Reached.WaitAsync(Eventually.DefaultLimit);
            using var response = await life.Client.PostAsync($"/api/assets/{life.Id}/cancel", null);
            var asset = await response.Content.ReadFromJsonAsync<JsonElement>();
            Assert.Equal(("published", 1, "cancelled"),
                (asset.GetProperty("state").GetString(), asset.GetProperty("version").GetInt32(), asset.GetProperty("job").GetProperty("state").GetString()));
            await NobodyWorksAsync(life);
        }
        Assert.Equal(before, await KeysAsync(life.Host));
    }

    private async Task NothingStaysAsync(Life life, bool wasAccepted)
    {
        Assert.Equal(HttpStatusCode.NotFound, (await life.Client.GetAsync($"/api/assets/{life.Id}")).StatusCode);
        await NobodyWorksAsync(life);
        await life.SweepAsync();
        Assert.Empty(await KeysAsync(life.Host));
        await using var connection = await Database.OpenConnectionAsync();
        // What may name it still is the notice of its removal, until streams and the catalogue have heard of it.
        var tables = await connection.QueryAsync<(string Table, string Column)>(
            """
            select c.table_name, c.column_name from information_schema.columns c join information_schema.tables t using (table_schema, table_name)
            where c.table_schema = 'ingest' and t.table_type = 'BASE TABLE'
              and (c.column_name in ('asset_id', 'asset') or c.table_name = 'assets' and c.column_name = 'id')
              and c.table_name not in ('removed_assets', 'announcements')
            """);
        foreach (var (table, column) in tables)
            Assert.Equal((table, 0L), (table, await connection.ExecuteScalarAsync<long>($"select count(*) from {table} where {column} = @id", new { id = life.Asset.Value })));
        if (wasAccepted) await Eventually.TrueAsync(() => life.Host.Catalogue.All<AssetDeleted>().Any(), "the catalogue heard of it");
        await Eventually.TrueAsync(
            async () => await connection.ExecuteScalarAsync<long>("select count(*) from announcements where kind <> 'accepted'") == 0, "nothing is left to be announced");
    }

    // No tool works below this test's folder, and no job has a folder.
    private async Task NobodyWorksAsync(Life life)
    {
        await Eventually.TrueAsync(() => !Processes().Any(), "no process is left");
        await Eventually.TrueAsync(
            () => !Directory.Exists(life.Host.Options.WorkFolder) || Directory.EnumerateDirectories(life.Host.Options.WorkFolder, "worker-*").SelectMany(Directory.EnumerateDirectories).FirstOrDefault() is null,
            "no folder is left");
    }

    private IEnumerable<string> Processes() => Directory.EnumerateDirectories("/proc").Where(process =>
    {
        try
        {
            return File.ReadAllText($"{process}/comm").Trim() is "ffmpeg" or "ffprobe" or "bwrap"
                && File.ReadAllText($"{process}/cmdline").Length > 0
                && (new DirectoryInfo($"{process}/cwd").LinkTarget?.StartsWith(Folder.FullName, StringComparison.Ordinal) == true
                    || File.ReadAllText($"{process}/cmdline").Contains(Folder.FullName, StringComparison.Ordinal));
        }
        catch (Exception exception) when (exception is IOException or UnauthorizedAccessException)
        {
            return false;
        }
    });

    private static async Task<List<string>> KeysAsync(IngestHost host)
    {
        var keys = new List<string>();
        await foreach (var found in host.Store.ListAsync("", default)) keys.Add(found.Key);
        return keys;
    }

    private async Task ExecuteAsync(string sql)
    {
        await using var connection = await Database.OpenConnectionAsync();
        await connection.ExecuteAsync(sql);
    }

    /// <summary>An asset that has come to a moment of its life and stands there.</summary>
    private sealed class Life(IngestHost host, HttpClient client, string id, Task? upload, SlowContent? content) : IAsyncDisposable
    {
        public IngestHost Host { get; } = host;
        public HttpClient Client { get; } = client;
        public string Id { get; } = id;
        public AssetId Asset { get; } = AssetId.Parse(id);

        public static async Task<Life> ReachAsync(NothingLeftTests test, string moment)
        {
            var files = new Storage.Files.FileObjectStore(new Storage.FileStorageOptions { Folder = test.Folder.Combine("objects") }, TimeProvider.System);
            var store = new PausingStore(files)
            {
                PausesAt = moment switch
                {
                    "fetch" => (call, _) => call == "fetch",
                    "source" => (call, key) => call == "put" && key.EndsWith("/source", StringComparison.Ordinal),
                    "rendition" => (call, key) => call == "put" && key.EndsWith("/v1/v180.mp4", StringComparison.Ordinal),
                    "receipt" => (call, key) => call == "put" && key.EndsWith("/v1/receipt.json", StringComparison.Ordinal),
                    "presentation" => (call, key) => call == "put" && key.EndsWith("/v1/presentation.json", StringComparison.Ordinal),
                    _ => (_, _) => false,
                },
            };
            var host = await IngestHost.StartAsync(
                test.Database, test.Folder, options => { if (moment == "encode") options.X264Preset = "veryslow"; },
                worker: moment is not ("receiving" or "queued"), store: store);
            var client = host.Client(Guid.NewGuid());
            if (moment == "receiving")
            {
                var content = new SlowContent();
                var upload = client.PostAsync("/api/uploads?title=slow", content);
                string? arriving = null;
                await Eventually.TrueAsync(async () =>
                {
                    var page = await client.GetFromJsonAsync<JsonElement>("/api/assets?state=receiving");
                    arriving = page.GetProperty("items").EnumerateArray().Select(item => item.GetProperty("id").GetString()).SingleOrDefault();
                    return arriving is not null;
                }, "it is being received");
                return new Life(host, client, arriving!, upload, content);
            }

            var id = await IngestHost.UploadAsync(client, moment == "encode" ? Repository.Media("bbb_720p24_60s.mp4") : Film);
            if (moment == "encode")
            {
                await Eventually.TrueAsync(async () =>
                {
                    var asset = await client.GetFromJsonAsync<JsonElement>($"/api/assets/{id}");
                    return asset.GetProperty("stages").EnumerateArray().Any(stage =>
                        stage.GetProperty("name").GetString() == "encode" && stage.GetProperty("state").GetString() == "running") && test.Processes().Any();
                }, "it is being encoded");
            }
            else if (moment != "queued")
            {
                await store.Reached.WaitAsync(Eventually.DefaultLimit);
            }
            return new Life(host, client, id, null, null);
        }

        /// <summary>The sender lets go.</summary>
        public async Task UploadEndsAsync()
        {
            content?.End();
            if (upload is not null) await upload.ContinueWith(_ => { }, TaskScheduler.Default);
        }

        /// <summary>What a process of ingest does every now and then by itself.</summary>
        public Task SweepAsync() =>
            Host.Services.GetServices<Microsoft.Extensions.Hosting.IHostedService>().OfType<LeftoverSweep>().Single().SweepAsync(default);

        public async ValueTask DisposeAsync()
        {
            await UploadEndsAsync();
            Client.Dispose();
            await Host.DisposeAsync();
        }
    }

    /// <summary>A body that begins and does not end until it is told to.</summary>
    private sealed class SlowContent : HttpContent
    {
        private readonly TaskCompletionSource _end = new(TaskCreationOptions.RunContinuationsAsynchronously);

        public void End() => _end.TrySetResult();

        protected override async Task SerializeToStreamAsync(Stream stream, TransportContext? context)
        {
            await stream.WriteAsync(new byte[1 << 20]);
            await stream.FlushAsync();
            await _end.Task;
        }

        protected override bool TryComputeLength(out long length)
        {
            length = 0;
            return false;
        }
    }
}
