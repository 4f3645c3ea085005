using Movento.Contracts;
using Movento.Harness;
using Movento.Ingest.Tests.Running;
using Movento.Packager.Presentations;
using Movento.Servers;
using Movento.Storage;

namespace Movento.Ingest.Tests.Growing;

/// <summary>A film that is encrypted is given out while it is made as any other: under the keys that it keeps.</summary>
public sealed class EncryptedGrowthTests(PostgresFixture postgres) : EmptyDatabaseTests(postgres)
{
    [Theory]
    [InlineData("cenc")]
    [InlineData("aes-128")]
    public async Task Film_WhoseKeysTakeTurns_IsGivenOutEarly_WithTheBytesThatItKeeps(string encryption)
    {
        await using var host = await IngestHost.StartAsync(Database, Folder, options =>
        {
            (options.Encryption, options.KeyPeriod) = (encryption, TimeSpan.FromSeconds(2));
            (options.KeyframeInterval, options.SegmentDuration, options.FirstRungAhead) = (TimeSpan.FromSeconds(1), TimeSpan.FromSeconds(1), TimeSpan.FromSeconds(2));
            options.X264Preset = "ultrafast";
        });
        using var client = host.Client(Guid.NewGuid());
        var film = Folder.Combine("film.mp4");
        await Tool.OutputAsync(
            "ffmpeg", "-v", "error", "-nostdin", "-f", "lavfi", "-i", "testsrc2=size=1280x720:rate=5:duration=5", "-f", "lavfi", "-i", "sine=duration=5",
            "-pix_fmt", "yuv420p", "-c:v", "libx264", "-preset", "ultrafast", "-c:a", "aac", film);

        var outcome = new Outcome(host, await IngestHost.EndAsync(client, await IngestHost.UploadAsync(client, film)));
        Assert.Equal("published", outcome.Verdict);

        // What was given out stays a while after the film is whole.
        var asset = AssetId.Parse(outcome.Id);
        var growing = GrowingPresentationJson.Read(await ReadAsync(host.Store, StorageKey.Growing(asset, outcome.Version)));
        var whole = await outcome.PresentationAsync();
        Assert.Equal([TrackKind.Video, TrackKind.Audio], growing.Renditions.Select(grown => grown.Rendition.Kind));
        foreach (var grown in growing.Renditions.Select(grown => grown.Rendition))
        {
            var kept = whole.Renditions.Single(rendition => rendition.Id == grown.Id);
            Assert.Equal(3, kept.Encryption!.Periods.DistinctBy(period => period.KeyId).Count());
            Assert.Equal(kept.Encryption.Periods.AsEnumerable(), grown.Encryption!.Periods);
            var file = await File.ReadAllBytesAsync(await outcome.FetchAsync(grown.Id, Folder.FullName));
            Assert.Equal(file[..(int)kept.Initialization.Size], await ReadAsync(host.Store, StorageKey.GrowingHeader(asset, outcome.Version, grown.Id)));
            for (var number = 1; number <= kept.Segments.Length; number++)
            {
                var segment = kept.Segments[number - 1];
                Assert.Equal(
                    file.AsSpan((int)segment.Offset, (int)segment.Size).ToArray(),
                    await ReadAsync(host.Store, StorageKey.GrowingSegment(asset, outcome.Version, grown.Id, number)));
            }
        }

        // One key for all renditions, and no two of them with vectors in common.
        var encryptions = whole.Renditions.Where(rendition => rendition.Encryption is not null).Select(rendition => rendition.Encryption!).ToList();
        Assert.Single(encryptions.Select(described => described.Periods[0].KeyId).Distinct());
        if (encryption == "aes-128") Assert.Equal(encryptions.Count, encryptions.Select(described => described.Periods[0].InitializationVector).Distinct().Count());
    }

    private static async Task<byte[]> ReadAsync(IObjectStore store, string key)
    {
        await using var stream = await store.OpenAsync(key, default);
        using var copy = new MemoryStream();
        await (stream ?? throw new InvalidOperationException($"{key} is not there.")).CopyToAsync(copy);
        return copy.ToArray();
    }
}
