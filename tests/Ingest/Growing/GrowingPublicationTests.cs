using System.Security.Cryptography;
using Dapper;
using Microsoft.Extensions.DependencyInjection;
using Movento.Contracts;
using Movento.Harness;
using Movento.Ingest.Growing;
using Movento.Ingest.Jobs;
using Movento.Ingest.Tests.Running;
using Movento.Packager.Cmaf;
using Movento.Packager.Presentations;
using Movento.Servers;

namespace Movento.Ingest.Tests.Growing;

/// <summary>What of a film is given out while it is made, by processes that may die at any moment, and what becomes of it.</summary>
public sealed class GrowingPublicationTests(PostgresFixture postgres) : EmptyDatabaseTests(postgres)
{
    private const int Seconds = 4;
    private readonly Guid _user = Guid.NewGuid();

    [Fact]
    public async Task Film_ThatGrowsInTwoProcesses_NamesOnlyWhatIsStored_AndChangesNothingThatWas()
    {
        await using var host = await IngestHost.StartAsync(Database, Folder, worker: false);
        var job = await ClaimAsync(host);
        var film = await MakeAsync();

        // 1. Not before every rendition has a segment: a second of pictures waits for the next one, and there is no sound yet.
        var first = await PublicationsOf(host).BeginAsync(job, Plan, default);
        await AppendAsync(first, film, second: 0);
        await AppendAsync(first, film, second: 1);
        Assert.False(first.IsPlayable);
        Assert.Null(await host.Store.HeadAsync(StorageKey.Growing(job.Asset, job.Version), default));
        await AppendSoundAsync(first, film, share: 0.6);
        Assert.True(first.IsPlayable);
        var early = await ReadAsync(host, job);
        await DemandStoredAsync(host, job, early);
        await Eventually.TrueAsync(() => host.Catalogue.All<AssetPlayable>().Count(heard => heard.AssetId == job.Asset.Value && heard.Version == job.Version) == 1, "it is announced");
        var before = await HashesAsync(host, job);

        // 2. The process dies, and another goes on: with the same chunk again, which it takes for what it has, and with the rest.
        var second = await PublicationsOf(host).BeginAsync(job, Plan, default);
        Assert.True(second.IsPlayable);
        var from = (int)second.ResumeAt("v").TotalSeconds;
        Assert.InRange(from, 1, 2);
        for (var chunk = from; chunk < Seconds; chunk++) await AppendAsync(second, film, chunk);
        await AppendSoundAsync(second, film, share: 1);
        var whole = await ReadAsync(host, job);
        await DemandStoredAsync(host, job, whole);
        Assert.All(whole.Renditions, rendition => Assert.Equal(Seconds, rendition.Rendition.Duration.TotalSeconds, 0.05));
        Assert.Equal((early.TargetDuration, early.StartedAt), (whole.TargetDuration, whole.StartedAt));
        foreach (var (was, now) in early.Renditions.Zip(whole.Renditions))
            Assert.Equal(was.Rendition.Segments.AsEnumerable(), now.Rendition.Segments.Take(was.Rendition.Segments.Length));
        var after = await HashesAsync(host, job);
        Assert.All(before, known => Assert.Equal(known.Value, after[known.Key]));

        // 3. It is announced once, however many processes gave it out.
        Assert.Equal(1, await CountAsync("select count(*) from assets where playable_version = 1"));
        Assert.Single(host.Catalogue.All<AssetPlayable>());
        await first.DisposeAsync();
        await second.DisposeAsync();
    }

    [Fact]
    public async Task Chunk_ThatCannotBeGivenOut_StopsTheGrowingAndNotTheFilm()
    {
        await using var host = await IngestHost.StartAsync(Database, Folder, worker: false);
        var job = await ClaimAsync(host);
        await using var publication = await PublicationsOf(host).BeginAsync(job, Plan, default);
        using var broken = new MemoryStream([0, 0, 0, 9, .. "moov"u8, 1]);
        await publication.AppendChunkAsync("v", broken, TimeSpan.Zero, isLast: false, default);
        Assert.Equal((false, false), (publication.IsGrowing, publication.IsPlayable));
        Assert.Contains("does not grow any more", host.Catalogue.Log.ToString(), StringComparison.Ordinal);
    }

    [Fact]
    public async Task WhatWasGivenOut_OfAPublishedVersion_IsRemovedAfterAWhile_WhoeverGaveItOut()
    {
        await using var host = await IngestHost.StartAsync(Database, Folder, worker: false);
        using var client = host.Client(_user);
        var id = await IngestHost.UploadAsync(client, Repository.Media("hostile/one_frame.mp4"));
        var asset = AssetId.Parse(id);
        // As a process leaves it that is killed once the version is published, and before it says anything else.
        foreach (var key in (string[])[StorageKey.Growing(asset, 1), StorageKey.GrowingHeader(asset, 1, "v"), StorageKey.GrowingSegment(asset, 1, "v", 1)])
            await host.Store.PutAsync(key, new MemoryStream([1]), "video/mp4", default);
        await using var worker = await IngestHost.StartAsync(Database, Folder, store: host.Store, catalogue: host.Catalogue);
        Assert.Equal("published", new Outcome(worker, await IngestHost.EndAsync(client, id)).Verdict);

        var remains = host.Services.GetRequiredService<GrowingRemains>();
        Assert.Equal(0, await remains.RemoveDueAsync(default));
        Assert.NotNull(await host.Store.HeadAsync(StorageKey.GrowingSegment(asset, 1, "v", 1), default));
        await ExecuteAsync("update growing_remains set remove_after = now() - interval '1 second'");
        Assert.Equal(1, await remains.RemoveDueAsync(default));
        Assert.Null(await host.Store.HeadAsync(StorageKey.Growing(asset, 1), default));
        await foreach (var left in host.Store.ListAsync(StorageKey.GrowingPrefix(asset, 1), default)) Assert.Fail(left.Key);
        Assert.NotNull(await host.Store.HeadAsync(StorageKey.Presentation(asset, 1), default));
        Assert.Equal(0, await CountAsync("select count(*) from growing_remains"));
    }

    private static GrowingPlan Plan => new(
        [
            new CmafSettings { Id = "v", Kind = TrackKind.Video, SegmentDuration = TimeSpan.FromSeconds(1) },
            new CmafSettings { Id = "a", Kind = TrackKind.Audio, SegmentDuration = TimeSpan.FromSeconds(1), IsDefault = true },
        ],
        TimeSpan.FromSeconds(Seconds));

    // Of a worker's services, without the worker.
    private static GrowingPublications PublicationsOf(IngestHost host) =>
        ActivatorUtilities.CreateInstance<GrowingPublications>(host.Services, ActivatorUtilities.CreateInstance<PlayableAnnouncement>(host.Services));

    private async Task<IngestJob> ClaimAsync(IngestHost host)
    {
        using var client = host.Client(_user);
        await IngestHost.UploadAsync(client, Repository.Media("hostile/one_frame.mp4"));
        return (await ActivatorUtilities.CreateInstance<JobQueue>(host.Services).ClaimAsync(default))!;
    }

    // Chunks of a second each, as tasks leave them, and the fragmented file of the sound.
    private async Task<(IReadOnlyList<string> Chunks, string Sound)> MakeAsync()
    {
        var chunks = new List<string>();
        for (var second = 0; second < Seconds; second++)
        {
            chunks.Add(Folder.Combine($"chunk-{second}.mp4"));
            await FfmpegAsync(
                "-f", "lavfi", "-i", $"testsrc2=s=64x36:r=25:d={Seconds}", "-vf", $"trim={second}:{second + 1},setpts=PTS-STARTPTS,format=yuv420p",
                "-c:v", "libx264", "-preset", "ultrafast", "-bf", "2", "-g", "25", chunks[^1]);
        }

        var sound = Folder.Combine("sound.mp4");
        await FfmpegAsync(
            "-f", "lavfi", "-i", $"sine=d={Seconds}:sample_rate=48000", "-c:a", "aac", "-ac", "2",
            "-movflags", "+delay_moov+default_base_moof", "-frag_duration", "500000", sound);
        return (chunks, sound);
    }

    private static Task<string> FfmpegAsync(params string[] arguments) => Tool.OutputAsync("ffmpeg", ["-v", "error", "-nostdin", "-y", .. arguments]);

    private static async Task AppendAsync(GrowingPublication publication, (IReadOnlyList<string> Chunks, string Sound) film, int second)
    {
        await using var chunk = File.OpenRead(film.Chunks[second]);
        await publication.AppendChunkAsync("v", chunk, TimeSpan.FromSeconds(second), isLast: second + 1 == Seconds, default);
    }

    private static async Task AppendSoundAsync(GrowingPublication publication, (IReadOnlyList<string> Chunks, string Sound) film, double share)
    {
        var bytes = await File.ReadAllBytesAsync(film.Sound);
        using var sound = new MemoryStream(bytes, 0, (int)(bytes.Length * share));
        await publication.AppendSoundAsync("a", sound, isWhole: share == 1, default);
    }

    private static async Task<GrowingPresentation> ReadAsync(IngestHost host, IngestJob job)
    {
        await using var stream = await host.Store.OpenAsync(StorageKey.Growing(job.Asset, job.Version), default);
        using var copy = new MemoryStream();
        await stream!.CopyToAsync(copy);
        return GrowingPresentationJson.Read(copy.ToArray());
    }

    // Whatever growing.json names is there, as long as it says.
    private static async Task DemandStoredAsync(IngestHost host, IngestJob job, GrowingPresentation growing)
    {
        foreach (var rendition in growing.Renditions.Select(rendition => rendition.Rendition))
        {
            Assert.NotNull(await host.Store.HeadAsync(StorageKey.GrowingHeader(job.Asset, job.Version, rendition.Id), default));
            for (var number = 1; number <= rendition.Segments.Length; number++)
            {
                var stored = await host.Store.HeadAsync(StorageKey.GrowingSegment(job.Asset, job.Version, rendition.Id, number), default);
                Assert.Equal(rendition.Segments[number - 1].Size, stored?.Length);
            }
        }
    }

    private static async Task<Dictionary<string, string>> HashesAsync(IngestHost host, IngestJob job)
    {
        var hashes = new Dictionary<string, string>(StringComparer.Ordinal);
        await foreach (var found in host.Store.ListAsync(StorageKey.GrowingPrefix(job.Asset, job.Version), default))
        {
            await using var stream = await host.Store.OpenAsync(found.Key, default);
            hashes[found.Key] = Convert.ToHexStringLower(await SHA256.HashDataAsync(stream!));
        }

        return hashes;
    }

    private async Task ExecuteAsync(string sql)
    {
        await using var connection = await Database.OpenConnectionAsync();
        await connection.ExecuteAsync(sql);
    }

    private async Task<long> CountAsync(string sql)
    {
        await using var connection = await Database.OpenConnectionAsync();
        return await connection.ExecuteScalarAsync<long>(sql);
    }
}
